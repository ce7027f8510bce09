"""What every page has in common: frame, rendering, stream."""
