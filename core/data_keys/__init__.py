"""Data keys of a database: which it knows, what is encrypted with each, and how rows come to a new one."""
