"""Calls and texts that come in."""
