"""Clips: kept, joined, measured."""
