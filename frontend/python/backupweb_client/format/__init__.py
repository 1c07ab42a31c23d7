"""The sealed format, one module per structure: picture, write, read, sizes. No network, no files, no clock."""
