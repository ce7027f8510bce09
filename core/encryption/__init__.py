"""Encryption: the keys of personal data at rest, and what they make of a text; knows no database."""
