"""What residents hear."""
