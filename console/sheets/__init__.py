"""Sheets: pages to be printed or kept, whole in one file, without a script and without anything to load."""
