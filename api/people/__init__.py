"""Residents, households, relatives and responders."""
