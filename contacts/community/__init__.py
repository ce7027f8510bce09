"""The community: its record, its tree of areas, its hours, and what the office may change about them."""
