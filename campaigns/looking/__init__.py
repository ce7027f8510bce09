"""Looking further than one call: what many silences have in common, and what is unusual for one person."""
