"""The server as this client sees it: sign-in, and typed calls."""
