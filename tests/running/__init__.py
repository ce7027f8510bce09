"""How the tests themselves are run: in which order, forked, never skipped."""
