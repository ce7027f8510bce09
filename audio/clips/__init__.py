"""Clips: what is to be said, and the finished sound files on disk and over HTTP."""
