"""Audiences: whom a campaign is for, as a rule that is stored, read aloud, written and evaluated."""
