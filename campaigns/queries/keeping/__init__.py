"""Every SELECT of what is kept about people and calls, for how long, and of what is over."""
