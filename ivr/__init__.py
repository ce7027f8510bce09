"""The telephone: calls, dialogues, the provider port, webhooks and the pace of the line."""
