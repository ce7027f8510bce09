"""Changes of a campaign: its schedule, its terms, and the checks before it may run."""
