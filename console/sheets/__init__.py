"""Sheets: pages to be printed or kept, whole in one file, without a script or anything to load; and their charts."""
