"""Rounds: when they start, whom they ask, how often, and how they end."""
