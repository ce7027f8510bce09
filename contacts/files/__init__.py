"""Spreadsheet files of every kind as sheets of text."""
