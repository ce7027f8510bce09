"""Today, and what it shows of each house."""
