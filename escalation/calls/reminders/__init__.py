"""Reminders: whoever has taken a case and does not go on with it is rung once."""
