"""Pages for those who help: their list, a new one, and the page of each."""
