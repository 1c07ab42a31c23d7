"""A post office between two devices of one account: small letters, two minutes, never opened here."""
