"""Engines: what turns words into sound, and the files that they need."""
