"""The trunk as a process: its journal, its service, and their deaths."""
