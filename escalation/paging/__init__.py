"""Pages: which responder is asked next, and what may be said of the help."""
