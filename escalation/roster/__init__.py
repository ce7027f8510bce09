"""The roster: who is on duty for a home, when nobody is, and what changes that."""
