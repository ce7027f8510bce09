"""Figures of calls: dispatched, answered, queued, escalated, and over SIP."""
