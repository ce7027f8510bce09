"""Histories: who changed what of a file, and when."""
