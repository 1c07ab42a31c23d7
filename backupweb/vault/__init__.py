"""How a password opens a key the server never sees: OPAQUE, counted guesses, records that can be destroyed."""
