"""Use cases for people and the community: changes, pauses, consent, removal."""
