"""Ticks, events and what runs beside the requests."""
