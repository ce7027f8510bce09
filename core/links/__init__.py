"""Signed links: a short address in a text by which one person may do one thing, for a while."""
