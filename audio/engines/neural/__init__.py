"""The neural voice: its files, phonemes, model and pace, and the engine that speaks with them."""
