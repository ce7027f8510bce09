"""Processes: the service and its parts, wired and started."""
