"""Rounds, check-ins and cases as JSON documents: the same on the command line, in the API and in a rehearsal."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from campaigns import round_tally
from campaigns.looking import cluster_words
from campaigns.looking.cluster_words import ClusterLine
from campaigns.models import CheckIn, Outcome, Round
from campaigns.queries import contacts_made, lateness
from contacts import queries as contacts
from contacts.models import Community, Responder
from contacts.places import spelled_place
from core import settings
from escalation import queries as escalation
from escalation.models import Case, CaseKind, PageState
from ivr.network_reasons import why


def round_document(session: Session, round_id: UUID) -> dict[str, Any]:
    """``enrolled`` = the sum of ``counts`` + ``open``; raises ``NotFoundError``."""
    report = round_tally.report(session, round_id)
    return {
        "id": str(round_id),
        "kind": report.kind,
        "enrolled": report.enrolled,
        "open": report.open,
        "complete": report.complete,
        "counts": report.counts,
        "due_at": session.get_one(Round, round_id).occurrence.isoformat(),
        "started_at": session.get_one(Round, round_id).started_at.isoformat(),
    } | _stop(session.get_one(Round, round_id))


def check_in_documents(session: Session, round_id: UUID) -> list[dict[str, Any]]:
    """Every check-in of a round with its case; those who were not asked share one.

    ``lost_calls`` were no ``attempts``: through our own fault nobody heard what was said in them.
    """
    check_ins = campaigns.check_ins(session, round_id)
    found = escalation.cases_of_check_ins(session, [each.id for each in check_ins])
    kept = escalation.kept(session, found)
    own = {case.check_in_id: kept[case.id] for case in found}
    shared = escalation.case_of_round(session, round_id)
    known = case_documents(session, [*own.values(), *([shared] if shared else [])])
    documents = {case["id"]: case for case in known}
    asked_in, lost = lateness.asked_in(session, round_id), contacts_made.lost_calls(session, round_id)
    return [
        _check_in(each, documents.get(_case_id(each, own, shared)), asked_in.get(each.id), lost.get(each.id, 0))
        for each in check_ins
    ]


def case_documents(session: Session, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases with whoever accepted them and how often somebody was asked."""
    asked = {page.responder_id for case in cases for page in case.pages}
    accepted = {each for case in cases for each in (case.accepted_by_id, case.handing_to_id) if each}
    responders = contacts.responders(session, list(asked | accepted))
    residents = contacts.resident_profiles(session, list({case.resident_id for case in cases if case.resident_id}))
    written = escalation.texts_of_cases(session, [case.id for case in cases])
    not_asked = lateness.not_asked(session, [case.round_id for case in cases if case.round_id])
    clusters = cluster_words.of_cases(session, [case.id for case in cases if case.kind == CaseKind.SILENCE_CLUSTER])
    unreached = _unreached(session, [case.check_in_id for case in cases if case.check_in_id])
    spoken = escalation.recording_states(session, [case.recording_id for case in cases if case.recording_id])
    return [
        _case(case, residents[case.resident_id] if case.resident_id else None, responders)
        | {"texts": [text.body for _, text in written.get(case.id, ())]}
        | {"recording": spoken.get(case.recording_id) if case.recording_id else None}
        | {"residents": not_asked.get(case.round_id, []) if case.round_id else None}
        | _in_common(clusters.get(case.id), _region(session, case))
        | {"unreached": unreached.get(case.check_in_id, []) if case.check_in_id else []}
        for case in cases
    ]


def _region(session: Session, case: Case) -> str:
    return session.get_one(Community, case.community_id).region


def _in_common(cluster: ClusterLine | None, region: str) -> dict[str, Any]:
    """What silent residents have in common, in words and numbers, and their names."""
    if cluster is None:
        return {"cluster": None}
    said = {"common": cluster.common, "name": cluster.name, "silent": cluster.silent, "rung": cluster.rung,
            "others_silent": cluster.others_silent, "others_rung": cluster.others_rung,
            "said": cluster.said(settings.current().language, region)}  # fmt: skip
    return {"residents": list(cluster.names), "cluster": said}


def _unreached(session: Session, check_in_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """By check-in, the calls that nobody answered; ``recording`` is the id of what the network said."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for each in contacts_made.unreached(session, check_in_ids) if check_in_ids else ():
        if (words := why(each.code)) is not None:
            recording = str(each.recording_id) if each.recording_id else None
            told = {"at": each.ended_at.isoformat(), "number": each.number, "code": each.code, "recording": recording}
            found.setdefault(each.check_in_id, []).append(told | {"why": words.said, "doubt": words.doubt})
    return found


def time_line_document(session: Session, case_id: UUID) -> list[dict[str, Any]]:
    """What happened to a case, oldest first: ``who`` and ``what`` are in words, ``actor`` and ``event`` as kept."""
    from escalation.cases import time_line  # only whoever shows one case needs it

    language = settings.current().language
    return [
        {"at": each.at.isoformat(), "event": each.event, "actor": each.actor.facts, "who": each.who(language),
         "what": each.what(language), "note": each.note, "of_other": each.of_other}
        for each in time_line.of_case(session, case_id)
    ]  # fmt: skip


def _case_id(check_in: CheckIn, own: Mapping[UUID | None, Case], shared: Case | None) -> str:
    case = shared if check_in.outcome == Outcome.NOT_ASKED else own.get(check_in.id)
    return str(case.id) if case else ""


def _stop(round_: Round) -> dict[str, Any]:
    stopped_at = round_.stopped_at.isoformat() if round_.stopped_at else None
    return {"stopped_at": stopped_at, "stopped_because": round_.stopped_because, "stop_note": round_.stop_note}


def _check_in(
    check_in: CheckIn, case: dict[str, Any] | None, asked_in: lateness.AskedIn | None, lost_calls: int
) -> dict[str, Any]:
    return {
        "id": str(check_in.id),
        "resident": check_in.resident.name,
        "resident_id": str(check_in.resident_id),
        "phone": check_in.numbers[0] if check_in.numbers else "",
        "outcome": check_in.outcome,
        "reason": check_in.reason,
        "reason_note": check_in.reason_note,
        "asked_in": asked_in.document() if asked_in else None,
        "attempts": check_in.attempts,
        "lost_calls": lost_calls,
        "answered_at": check_in.answered_at.isoformat() if check_in.answered_at else None,
        "case": case,
    }


def _place(resident: contacts.ResidentProfile) -> str:
    """Where somebody lives, in the language of whoever reads it."""
    return spelled_place(settings.current().language, resident.building, resident.unit, resident.room)


def _case(case: Case, resident: contacts.ResidentProfile | None, responders: dict[UUID, Responder]) -> dict[str, Any]:
    return {
        "id": str(case.id),
        "kind": case.kind,
        "state": case.state,
        "resident": resident.name if resident else None,
        "place": _place(resident) if resident else "",
        "caller": case.caller,
        "needs": case.needs,
        "people": case.people,
        "opened_at": case.opened_at.isoformat(),
        "accepted_by": responders[case.accepted_by_id].name if case.accepted_by_id else None,
        "accepted_at": case.accepted_at.isoformat() if case.accepted_at else None,
        "handing_to": responders[case.handing_to_id].name if case.handing_to_id else None,
        "merged_into": str(case.merged_into_id) if case.merged_into_id else None,
        "pages": case.past_pages + sum(page.state != PageState.NOT_RUNG for page in case.pages),
        "note": case.note,
        "finding": case.finding,
    }
