"""Checks of the provider, the trunk, the numbers that several people share, and a call to oneself."""
