"""Residents who were ticked on the list, and what is done with all of them: chosen, confirmed, done, told."""
