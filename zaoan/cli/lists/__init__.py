"""Commands about lists of people: the import, the list as a spreadsheet, and the one on paper."""
