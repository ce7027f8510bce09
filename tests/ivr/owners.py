"""Owners of a test's own, beside those whom the entrance names."""

from dataclasses import replace

from ivr.ports import owners


def and_also(calls=None, texts=None):
    """Those named now, and these."""
    named = owners.current()
    return replace(named, calls={**named.calls, **(calls or {})}, texts={**named.texts, **(texts or {})})


def also(calls=None, texts=None):
    """For the time being there are these, too."""
    return owners.using(and_also(calls, texts))
