"""Rehearsals: a whole morning with people who behave by a script, judged by what the exchange saw on the wire."""
