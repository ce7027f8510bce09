"""``zaoan roster``: who is on duty, when, and who is not there."""
