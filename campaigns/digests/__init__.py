"""Digests: all that a relative is told of a day or a week, in one text."""
