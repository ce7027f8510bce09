"""Keys and tones in what is heard."""
