"""Reconciliation: what the provider is asked about calls of which it has told nothing."""
