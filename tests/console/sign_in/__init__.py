"""Signing in, and the page of users."""
