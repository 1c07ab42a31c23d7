"""The server: it keeps what it cannot read."""
