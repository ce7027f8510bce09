"""Subscribers: what they do, hear and press."""
