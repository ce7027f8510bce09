"""Commands about rounds: what they report, their documents, and the next ones."""
