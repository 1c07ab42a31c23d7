"""What keeps it running: health, checks, collection, security events."""
