"""Every table in which something about one person may stand, how it is found there, and what erasing does to it.

What is exported and what is erased is this one list; ``WITHOUT`` are the tables in which nobody of them stands.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.models import CheckIn, EarlyAnswer, Trial
from campaigns.noticed import Remark
from campaigns.privacy.blanks import blank
from campaigns.privacy.persons import Person
from campaigns.queries.keeping import personal
from contacts.community.community import root_area
from contacts.models import (
    NOBODY,
    NOWHERE,
    Community,
    Consent,
    Household,
    OptOut,
    Pause,
    Phone,
    RefusedNumber,
    Relative,
    Resident,
    ResidentFlag,
    ResidentHealth,
    ResidentListMember,
)
from core.ids import new_id
from core.running.events import Event
from core.storage.database import Base
from core.timbre import Timbre
from escalation.models import Case, CaseNote, CaseText, Digest, Page, Report, TruthCall
from ivr.models import Call, CallTurn, RecordedPrompt, Recording, Text, TextIn, TextRefusal

Erasing = Callable[[Session, Person, Sequence[Any]], None]


@dataclass(frozen=True)
class Holding:
    """One table: ``find`` gives the rows about a person, ``erase`` leaves nothing of the person in them.

    ``name`` is the part of an export, ``hides`` are the columns that are not shown there: they are about us, or about
    somebody else.
    """

    name: str
    table: type[Base]
    find: Callable[[Session, Person], Sequence[Any]]
    erase: Erasing
    hides: frozenset[str] = frozenset()


def _delete(session: Session, _person: Person, rows: Sequence[Base]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()


def keep(_session: Session, _person: Person, _rows: Sequence[Base]) -> None:
    """Nothing but kinds, instants and ids stands there."""


def _blank(puts: Mapping[str, Any], session: Session, _person: Person, rows: Sequence[Base]) -> None:
    for row in rows:
        blank(row, puts=puts)
    session.flush()


def _of_files(column: Any) -> Callable[[Session, Person], Sequence[Any]]:
    return lambda session, person: personal.rows(session, column, person.ids)


def _of_cases(column: Any) -> Callable[[Session, Person], Sequence[Any]]:
    return lambda session, person: personal.rows(session, column, person.cases)


def _of_calls(column: Any) -> Callable[[Session, Person], Sequence[Any]]:
    return lambda session, person: personal.rows(session, column, person.calls)


def _of_numbers(column: Any) -> Callable[[Session, Person], Sequence[Any]]:
    return lambda session, person: personal.rows(session, column, person.numbers)


def _homes(session: Session, person: Person) -> Sequence[Household]:
    return personal.rows(session, Household.id, {each.household_id for each in person.residents})


def _erase_homes(session: Session, person: Person, homes: Sequence[Household]) -> None:
    """The way into a home in which nobody else lives, or has lived."""
    for home in homes:
        if not personal.lives_with_others(session, home.id, person.ids):
            blank(home, keeps=("room",))


def _erase_files(session: Session, person: Person, residents: Sequence[Resident]) -> None:
    """The rows belong to nobody and live nowhere from now on; when and why they left is kept."""
    nowhere = _nowhere(session, person.file.community_id)
    language = session.get_one(Community, person.file.community_id).language
    for each in residents:
        blank(each, puts={"name": NOBODY, "called": NOBODY, "birth_year": None, "pace": None, "timbre": Timbre.USUAL,
                          "call_time": None, "language": language, "household_id": nowhere})  # fmt: skip
    session.flush()


def _nowhere(session: Session, community_id: UUID) -> UUID:
    """The home of those who live nowhere, so that reports count them; made where it is missing."""
    area = root_area(session, session.get_one(Community, community_id)).id
    known = personal.home_at(session, area, NOWHERE)
    if known is None:
        known = Household(id=new_id(), community_id=community_id, area_id=area, room=NOWHERE)
        session.add(known)
        session.flush()
    return known.id


def _erase_calls(session: Session, person: Person, calls: Sequence[Call]) -> None:
    """When they were, and how they ended, is kept; each telephone of theirs gets a name that tells nothing."""
    nameless = {number: f"erased-{token_hex(6)}" for number in sorted(person.numbers)}
    for call in calls:
        call.number = nameless.get(call.number, call.number)
        call.particulars = json.dumps([_unsaid(each) for each in json.loads(call.particulars)])
        call.overlay = None
    session.flush()


def _unsaid(particular: str) -> str:
    """Ids are kept: by them the steps of a call are told apart."""
    try:
        return str(UUID(particular))
    except ValueError:
        return NOBODY


def _erase_cases(session: Session, _person: Person, cases: Sequence[Case]) -> None:
    for case in cases:
        blank(case, puts={"recording_id": None})
    session.flush()


_OURS_OF_CALLS = frozenset({"particulars", "overlay", "dialogue_digest", "worker", "provider_id", "line_id", "urgency",
                            "requested_at", "request_deadline", "refusals", "overdue_at", "cancel_at",
                            "hang_up_wanted", "look_back_at", "machine_detection", "not_after"})  # fmt: skip

HOLDINGS: Sequence[Holding] = (
    Holding("remarks", Remark, _of_files(Remark.resident_id), _delete),
    Holding("health", ResidentHealth, _of_files(ResidentHealth.resident_id), _delete),
    Holding("flags", ResidentFlag, _of_files(ResidentFlag.resident_id), _delete),
    Holding("lists", ResidentListMember, _of_files(ResidentListMember.resident_id), _delete),
    Holding("absences", Pause, _of_files(Pause.resident_id), _delete),
    Holding("consents", Consent, _of_files(Consent.resident_id), _delete, frozenset({"recorded_by"})),
    Holding("opt_outs", OptOut, _of_files(OptOut.resident_id), _delete, frozenset({"recorded_by"})),
    Holding("history", Event, lambda session, person: personal.history(session, person.ids), _delete,
            frozenset({"actor_id", "actor_name"})),
    Holding("own_voices", RecordedPrompt,
            lambda session, person: personal.own_voices(session, person.ids, person.names), _delete,
            frozenset({"digest", "sound"})),
    Holding("digests", Digest, _of_files(Digest.resident_id), _delete),
    Holding("texts_about", Report, _of_files(Report.resident_id), _delete),
    Holding("texts", Text, lambda session, person: personal.texts(session, person.ids, person.numbers), _delete,
            frozenset({"provider_id", "request_deadline", "look_up_at", "next_try_at", "urgency", "tries"})),
    Holding("case_texts", CaseText, _of_cases(CaseText.case_id), _delete, frozenset({"name"})),
    Holding("case_notes", CaseNote, _of_cases(CaseNote.case_id), _delete),
    Holding("texts_in", TextIn, lambda session, person: personal.texts_in(session, person.cases, person.numbers),
            _delete, frozenset({"number", "provider_id", "next_try_at"})),
    Holding("cases", Case, _of_cases(Case.id), _erase_cases, frozenset(
        {"look_at", "accepted_by_id", "caller", "moved_at", "reminded_at", "handing_to_id", "climbs_from"})),
    Holding("pages", Page, _of_cases(Page.case_id), keep, frozenset({"responder_id", "call_id"})),
    Holding("callbacks", TruthCall, _of_cases(TruthCall.case_id), keep),
    Holding("recordings", Recording, lambda session, person: personal.recordings(
        session, person.cases, own_calls(session, person)), _delete,
            frozenset({"sound", "provider_id", "tries", "next_try_at"})),
    Holding("turns", CallTurn, _of_calls(CallTurn.call_id), _delete, frozenset({"reply"})),
    Holding("calls", Call, _of_calls(Call.id), _erase_calls, _OURS_OF_CALLS),
    Holding("trials", Trial, _of_files(Trial.resident_id), partial(_blank, {"numbers": [], "refused": []})),
    Holding("early_answers", EarlyAnswer, _of_files(EarlyAnswer.resident_id), keep),
    Holding("check_ins", CheckIn, _of_files(CheckIn.resident_id), partial(_blank, {"numbers": [], "refused": []})),
    Holding("relatives", Relative, _of_files(Relative.resident_id), _delete),
    Holding("telephones", Phone, _of_files(Phone.resident_id), _delete),
    Holding("refused_numbers", RefusedNumber, _of_numbers(RefusedNumber.number), _delete),
    Holding("refused_texts", TextRefusal, _of_numbers(TextRefusal.number), _delete),
    Holding("home", Household, _homes, _erase_homes),
    Holding("file", Resident, _of_files(Resident.id), _erase_files),
)  # fmt: skip
"""In the order in which they are erased: what refers to others goes before them."""


def own_calls(session: Session, person: Person) -> list[UUID]:
    """The calls with telephones that are theirs alone."""
    return [each.id for each in personal.rows(session, Call.id, person.calls) if each.number in person.numbers]


WITHOUT: Mapping[str, str] = {
    "api_answers": "answers of the API, which the API forgets itself (core.running.mentions)",
    "api_tokens": "programs",
    "areas": "places",
    "bulk_changes": "what is done with many, which goes with everybody who is erased (core.running.mentions)",
    "audit_log": "users and ids; the database lets nobody change it",
    "call_totals": "figures",
    "campaigns": "plans, and words for everybody",
    "check_in_calls": "ids",
    "communities": "the community",
    "data_keys": "fingerprints of keys",
    "dialogues": "what calls have in common; the rest stands in the calls",
    "import_columns": "what columns of lists tell",
    "import_drafts": "lists under way, which go with everybody who is erased (core.running.mentions)",
    "installation": "the installation",
    "invitations": "users",
    "lines": "our own numbers",
    "link_uses": "ids",
    "links": "ids and digests",
    "lookup_key": "a key",
    "page_texts": "ids",
    "passkey_challenges": "users",
    "passkeys": "users",
    "policy_overrides": "plans",
    "resident_choices": "ids, which go with everybody who is erased (core.running.mentions)",
    "resident_lists": "names of lists",
    "residents_told_apart": "ids",
    "responder_absences": "who helps",
    "responder_areas": "ids",
    "responders": "who helps",
    "roster_feeds": "digests of links",
    "rounds": "plans, and what staff wrote about a round",
    "shift_swaps": "ids",
    "shifts": "ids",
    "sign_in_attempts": "digests",
    "silence_clusters": "ids, and what many have in common",
    "ticks": "the service itself",
    "troubles": "the service itself",
    "user_sessions": "users",
    "users": "users",
    "webhook_deliveries": "ids, kinds and instants",
    "webhook_subscriptions": "systems outside",
}
"""Tables in which nothing of a resident stands, and what does."""
