"""What only a vault on its own host has: its own `setup`. Sites do not install this."""
