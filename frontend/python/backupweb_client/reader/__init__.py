"""The second reader of chat exports: from one text to people and records. It imports nothing but the standard library."""
