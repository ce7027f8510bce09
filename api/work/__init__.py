"""Campaigns, rounds, check-ins, cases, pages and calls."""
