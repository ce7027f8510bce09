"""Twilio, and whatever speaks its API: what is asked of it, and what it tells."""
