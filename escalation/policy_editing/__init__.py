"""Escalation policies as people change them: what is written, whom it reaches, and how it would go."""
