"""The second implementation of the sealed format, and a command line over it: written from `docs/format.md` alone."""

__version__ = "0.1.0"
