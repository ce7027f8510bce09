"""Prompts for callers of whom nothing can be looked up: the database is slow, or cannot be reached."""

from ivr.dialogue.engine import Prompt

MOMENT, APOLOGY = Prompt(key="call.moment"), Prompt(key="call.apology")
LATER, RING_AGAIN = Prompt(key="call.later"), Prompt(key="call.ring_again")
ALL = (MOMENT, APOLOGY, LATER, RING_AGAIN)
"""They are made at start, so that their sound is there when nothing else is."""
