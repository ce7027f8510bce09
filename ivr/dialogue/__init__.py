"""Dialogues: scripts, the engine that carries them out, the prompt catalogue, validation."""
