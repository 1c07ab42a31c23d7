"""What a person wants done: unlock, add, list, restore, verify."""
