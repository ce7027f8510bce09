"""Owners of calls: check-ins and trial calls."""
