"""Twilio's REST API, and the control API of rehearsals and tests."""
