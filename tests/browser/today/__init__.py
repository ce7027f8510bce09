"""Today, while it goes on."""
