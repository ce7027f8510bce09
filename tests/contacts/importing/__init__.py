"""Lists: read, checked and written."""
