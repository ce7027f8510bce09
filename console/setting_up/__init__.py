"""Setting up: the way to the first morning, and what holds for the whole community and its line."""
