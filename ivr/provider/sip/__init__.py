"""Telephone lines over SIP, by the trunk: what a service asks of it, and what it tells."""
