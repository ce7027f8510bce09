"""Dispatch: due calls are claimed, placed, looked up and ended."""
