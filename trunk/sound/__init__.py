"""Sound: prompts at a steady pace, keys in whatever way they come, and recordings. 16-bit PCM, 8 kHz, mono."""
