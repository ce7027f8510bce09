"""Commands about what callers hear."""
