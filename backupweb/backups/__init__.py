"""Sealed objects, the snapshots that refer to them, and the head that lists those."""
