"""Calls: what was ordered and came of it, kept on disk, and the conversations under way."""
