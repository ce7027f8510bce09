"""The import as a page: a list is chosen, looked at, mended, and done."""
