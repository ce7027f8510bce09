"""The two seams of the telephone: downward to a provider, upward to the owners of calls and texts."""
