"""Changing the key: the one call that keyring and backups answer together, whole or not at all."""
