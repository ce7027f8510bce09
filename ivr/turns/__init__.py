"""Turns of a call: what was heard, and what is said next; calls that broke off."""
