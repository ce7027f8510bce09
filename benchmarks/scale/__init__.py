"""Figures of many: rounds, lists, audiences and storage of a city."""
