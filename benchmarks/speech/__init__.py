"""Figures of the voice, and of the first call that needs it."""
