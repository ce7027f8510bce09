"""Pages of what months have come to."""
