"""Tools without a table and without a context."""
