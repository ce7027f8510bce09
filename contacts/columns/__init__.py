"""Columns: which header means what, and the words that people write below it."""
