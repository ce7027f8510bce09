"""Quiet hours in tests: there are none, whatever the time of day at which tests are run, unless a test says so."""

from functools import cache

from escalation import policy_lookup
from escalation.policies import EVERY
from escalation.policy_lookup import Shipped
from escalation.policy_terms import tables

_AS_SHIPPED = policy_lookup.shipped


@cache
def _awake():
    laid = _AS_SHIPPED().laid
    always = {**laid, EVERY: {**laid[EVERY], "quiet_from": "23:59:59.999999", "quiet_until": "00:00"}}
    return Shipped(always, tables(always))


def none(patching):
    """Responders may be rung at any hour."""
    patching.setattr(policy_lookup, "shipped", _awake)


def as_shipped(patching):
    """Responders sleep from ten in the evening, and are rung about nobody but whoever is unwell."""
    patching.setattr(policy_lookup, "shipped", _AS_SHIPPED)
