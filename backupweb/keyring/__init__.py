"""Sealed copies of the root key: recovery code, passkeys; bytes the server cannot open."""
