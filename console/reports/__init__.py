"""Pages of what months have come to, and pictures of numbers."""
