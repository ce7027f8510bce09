"""The page of a relative, reached by the link that is theirs alone."""
