"""Calls and texts from their request to their end."""
