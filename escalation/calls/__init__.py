"""Calls of the escalation: to responders, to the duty telephones, callbacks, and responders who ring in."""
