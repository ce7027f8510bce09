"""Commands about prompts and dialogues."""
