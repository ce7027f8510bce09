"""Which policy a case goes by: that of its campaign, else of its community, else the shipped one.

All of them are read once in a unit of work, or once in a tick and handed down to its units of work.
"""

import logging
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import UserError
from escalation import queries
from escalation.models import Case, PolicyOverride
from escalation.policies import Policies, Policy, Scope, Table
from escalation.policy_terms import Laid, tables

log = logging.getLogger(__name__)
FILE = Path(__file__).with_name("policies.toml")
_KEY = "escalation_policies"


@dataclass(frozen=True)
class Shipped:
    """The shipped policies: the ``laid`` terms, and the ``table`` that they make."""

    laid: Laid
    table: Table


@cache
def shipped() -> Shipped:
    """What ``policies.toml`` says; raises ``UserError`` where it cannot be."""
    return read(FILE)


def check_shipped() -> None:
    """Nothing is started with shipped policies that cannot be: raises as ``shipped``."""
    shipped()


def read(file: Path) -> Shipped:
    """Shipped policies as a file says them; raises ``UserError`` for terms, ``tomllib.TOMLDecodeError`` for no TOML."""
    laid = tomllib.loads(file.read_text("utf-8"))
    return Shipped(laid, tables(laid))


def policies_of(session: Session) -> Policies:
    """Every policy of the installation, in one statement the first time that this unit of work asks."""
    known: Policies | None = session.info.get(_KEY)
    if known is None:
        known = assembled(queries.policy_overrides(session))
        hand_down(session, known)
    return known


def hand_down(session: Session, known: Policies | None) -> None:
    """This unit of work goes by what was read at the beginning of its tick; None: by what it reads itself."""
    session.info[_KEY] = known


def policy_for(session: Session, community_id: UUID, campaign_id: UUID | None, kind: str) -> Policy:
    """The policy for one kind of case of a campaign; None for what comes of no campaign."""
    return policies_of(session).of(community_id, campaign_id, kind)


def policy_of(session: Session, case: Case) -> Policy:
    """The policy that a case goes by now."""
    return policy_for(session, case.community_id, case.campaign_id, case.kind)


def assembled(overrides: Sequence[PolicyOverride]) -> Policies:
    """The shipped policies, and those that the overrides make of them.

    One that cannot be is told to the log and left out: whoever it is about is looked after by the policy beneath it.
    """
    base, laid = shipped(), laid_over(overrides)
    return Policies(base.table, {scope: tables(*layers(laid, scope)) for scope in laid})


def laid_over(overrides: Sequence[PolicyOverride]) -> Mapping[Scope, Laid]:
    """The terms that each community and campaign lays over those beneath; what cannot be is left out, as above."""
    laid: defaultdict[Scope, dict[str, dict[str, object]]] = defaultdict(dict)
    for each in sorted(overrides, key=lambda override: override.campaign_id is not None):
        scope = (each.community_id, each.campaign_id)
        if _can_be(each, layers(laid, scope)[:-1], laid[scope]):
            laid[scope][each.kind] = dict(each.terms)
    return {scope: own for scope, own in laid.items() if own}


def layers(laid: Mapping[Scope, Laid], scope: Scope) -> Sequence[Laid]:
    """What holds in a scope, the shipped terms first and its own last."""
    community_id, campaign_id = scope
    of_community = laid.get((community_id, None), {})
    own = [laid.get(scope, {})] if campaign_id else []
    return [shipped().laid, of_community, *own]


def _can_be(override: PolicyOverride, under: Sequence[Laid], beside: Laid) -> bool:
    try:
        tables(*under, {**beside, override.kind: override.terms})
    except UserError as mistake:
        log.error("the escalation policy %s is left out: %s", override.id, mistake)
        return False
    return True
