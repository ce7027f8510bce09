"""What a listener hears of the shipped prompts: each is spoken as in a call, and written down by a recogniser."""
