"""Decided check-ins, as systems outside are told of them: in the transaction that decides, each with its outcome."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.models import CheckIn, Round
from contacts.community.community import is_told_outside
from core.subscriptions import outbox
from core.subscriptions.models import Kind


def tell(session: Session, check_ins: Sequence[CheckIn]) -> None:
    """These have an outcome, or another one than before."""
    told: dict[UUID, list[Mapping[str, object]]] = {}
    for check_in in check_ins:
        told.setdefault(check_in.round_id, []).append(
            {"check_in": check_in.id, "resident": check_in.resident_id, "outcome": check_in.outcome,
             "reason": check_in.reason, "answered_at": check_in.answered_at}
        )  # fmt: skip
    for round_id, of_round in told.items():
        _tell(session, session.get_one(Round, round_id), of_round)


def tell_rows(session: Session, round_: Round, rows: Sequence[Mapping[str, Any]]) -> None:
    """Those of the rows of a new round that are decided from the beginning."""
    told = [{"check_in": row["id"], "resident": row["resident_id"], "outcome": row["outcome"],
             "reason": row["reason"], "answered_at": row["answered_at"]} for row in rows if row["outcome"]]  # fmt: skip
    if told:
        _tell(session, round_, told)


def _tell(session: Session, round_: Round, told: Sequence[Mapping[str, object]]) -> None:
    campaign = round_.campaign
    if not is_told_outside(session, campaign.community_id):
        return
    of_round = {"round": round_.id, "campaign": campaign.id, "kind": campaign.kind}
    outbox.tell_all(session, campaign.community_id, Kind.CHECK_IN_DECIDED, [{**each, **of_round} for each in told])
