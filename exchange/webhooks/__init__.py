"""Signed requests to the service."""
