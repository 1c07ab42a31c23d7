"""The second reader of chat exports: from one text to people and records. It needs the standard library only."""
