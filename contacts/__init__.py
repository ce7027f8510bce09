"""People: households, residents, relatives, responders, areas, consent and pauses."""
