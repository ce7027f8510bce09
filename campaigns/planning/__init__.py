"""Planning: how often and how evenly a round rings, under which terms, and whether the line has time for it."""
