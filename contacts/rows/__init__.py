"""Rows and cells: what one row of a list says, and what is wrong with it."""
