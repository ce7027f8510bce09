"""The outbox: what is to be told is written in the transaction in which it happened, or not at all."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.running.wakeups import wake
from core.subscriptions import queries
from core.subscriptions.models import Delivery, DeliveryState, Kind

DELIVERING = "core.subscriptions.deliver"
_KNOWN = "subscriptions"
Facts = Mapping[str, object]
"""Ids, kinds and instants: nobody's name or number leaves by this way."""


def tell(session: Session, community_id: UUID, kind: Kind, facts: Facts) -> None:
    """It has happened in this community: whoever has subscribed is told once this unit of work has committed."""
    tell_all(session, community_id, kind, [facts])


def tell_all(session: Session, community_id: UUID, kind: Kind, happened: Sequence[Facts]) -> None:
    """The same that happened to many."""
    wanting = _wanting(session, community_id, kind)
    if rows := [row(each, kind, facts) for each in wanting for facts in happened]:
        session.execute(insert(Delivery), rows)
        wake(session, DELIVERING)


def forget_known(session: Session) -> None:
    """Subscriptions were changed in this unit of work."""
    session.info.pop(_KNOWN, None)


def row(subscription_id: UUID, kind: str, facts: Facts) -> dict[str, Any]:
    """A delivery that is due at once."""
    now = clock.real_now()
    return {"id": new_id(), "subscription_id": subscription_id, "kind": kind, "body": body(kind, facts), "made_at": now,
            "state": DeliveryState.WAITING, "tries": 0, "next_try_at": now, "reason": ""}  # fmt: skip


def body(kind: str, facts: Facts) -> str:
    """What is sent, byte for byte; ``timestamp`` is when it happened."""
    document = {
        "type": kind,
        "timestamp": clock.now().isoformat(),
        "data": {name: _told(facts[name]) for name in facts},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def _wanting(session: Session, community_id: UUID, kind: Kind) -> Sequence[UUID]:
    """Who is told of such; looked up once in a unit of work, however much happens in it."""
    known: dict[UUID, Sequence[tuple[UUID, list[str]]]] = session.info.setdefault(_KNOWN, {})
    if community_id not in known:
        known[community_id] = [(each.id, each.kinds) for each in queries.living(session, community_id)]
    return [subscription_id for subscription_id, kinds in known[community_id] if kind in kinds]
