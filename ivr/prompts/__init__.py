"""Prompts as sound: the voice, recordings by people, and what is measured."""
