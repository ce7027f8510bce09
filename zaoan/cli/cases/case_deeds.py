"""``zaoan case accept``, ``on-the-way``, ``note``, ``hand-over``, ``close`` …: what staff do with one case.

What is printed names the case and nobody in it: ``zaoan case show`` reads files, and is noted.
"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from contacts.people.person_lookup import find_responder
from core.errors import ConflictError, UserError
from core.short_ids import resolve, short
from core.storage.database import unit_of_work
from escalation.findings import Finding
from escalation.models import Case, CaseState
from zaoan.cli.cases.case import CASE, CaseId
from zaoan.cli.people.responder import Who
from zaoan.terminal.common import Json, acting, installation_open, print_json, say, word
from zaoan.terminal.words import Word

FINDING = Word(Finding, prefix="finding:")
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What you have to say; it stays in the office.")]
Deed = Callable[[Session, UUID], Case]


def accept(case_id: CaseId, responder: Who, as_json: Json = False) -> None:
    """A responder takes a case; other telephones stop ringing."""
    from escalation.cases import cases

    def take(session: Session, found: UUID) -> Case:
        if not cases.accept(session, acting(), found, find_responder(session, responder).id):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="Look at it again.",
                                field="case")  # fmt: skip
        return cases.find(session, found)

    _do(case_id, take, as_json=as_json)


def on_the_way(case_id: CaseId, as_json: Json = False) -> None:
    """Whoever has a case is on the way."""
    _move(case_id, CaseState.ON_THE_WAY, as_json=as_json)


def at_the_door(case_id: CaseId, as_json: Json = False) -> None:
    """Whoever has a case is at the door."""
    _move(case_id, CaseState.ON_SITE, as_json=as_json)


def on_the_phone(case_id: CaseId, as_json: Json = False) -> None:
    """Whoever has a case is talking with the resident by telephone."""
    _move(case_id, CaseState.ON_PHONE, as_json=as_json)


def note(case_id: CaseId, text: Text, as_json: Json = False) -> None:
    """Writes a note on a case, which goes on as it was."""
    from escalation.deeds import notes

    _do(case_id, lambda session, found: notes.note(session, acting(), found, text), as_json=as_json)


def hand_over(
    case_id: CaseId,
    responder: Who,
    agreed: Annotated[bool, typer.Option("--agreed", help="They have said that they take it.")] = False,
    as_json: Json = False,
) -> None:
    """Another responder is asked to take a case over; until they accept, whoever has it has it."""
    from escalation.deeds import handing_over

    hands = handing_over.give if agreed else handing_over.ask_to_take_over
    _do(case_id, lambda session, found: hands(session, acting(), found, find_responder(session, responder).id),
        as_json=as_json)  # fmt: skip


def give_back(case_id: CaseId, as_json: Json = False) -> None:
    """Whoever has a case cannot look after it: others are asked."""
    from escalation.deeds import giving_back

    _do(case_id, lambda session, found: giving_back.give_back(session, acting(), found), as_json=as_json)


def connect(case_id: CaseId, as_json: Json = False) -> None:
    """Rings whoever has a case, and connects them with the resident."""
    from escalation.calls.talking import talk_requests

    _do(case_id, lambda session, found: talk_requests.ring_holder(session, acting(), found), as_json=as_json)


def ring_again(case_id: CaseId, as_json: Json = False) -> None:
    """Rings the resident of a case now, in the permitted hours."""
    from campaigns.people import ring_again as ringing
    from escalation.cases import cases

    def ring(session: Session, found: UUID) -> Case:
        ringing.ring_again(session, acting(), found)
        return cases.find(session, found)

    _do(case_id, ring, as_json=as_json)


def merge(
    case_id: CaseId,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Another open case about the same resident.")],
    as_json: Json = False,
) -> None:
    """Two cases about one resident become one, the more urgent."""
    from escalation.deeds import merging

    _do(case_id, lambda session, found: merging.merge(session, acting(), found, resolve(session, CASE, other)),
        as_json=as_json)  # fmt: skip


def reopen(
    case_id: CaseId,
    because: Annotated[str, typer.Option(help="Why; it stays in the office.")],
    as_json: Json = False,
) -> None:
    """A closed case is open again, and helpers are rung about it."""
    from escalation.deeds import reopening

    _do(case_id, lambda session, found: reopening.reopen(session, acting(), found, because), as_json=as_json)


def close(
    case_id: CaseId,
    finding: Annotated[Finding, typer.Option(parser=FINDING, help="What was found.")],
    note: Annotated[str, typer.Option(help="How it went; it stays in the office.")] = "",
    as_json: Json = False,
) -> None:
    """Closes a case with what was found."""
    from escalation.cases import cases

    def end(session: Session, found: UUID) -> Case:
        if finding is Finding.OTHER and not note.strip():
            raise UserError("A case is closed with a word about how it went.",
                            way_out="Choose what was found, or write a short note.", field="note")  # fmt: skip
        return cases.close(session, acting(), found, note.strip(), finding)

    _do(case_id, end, as_json=as_json)


def _move(case_id: str, state: CaseState, *, as_json: bool) -> None:
    from escalation.cases import cases

    _do(case_id, lambda session, found: cases.move(session, acting(), found, state), as_json=as_json)


def _do(case_id: str, deed: Deed, *, as_json: bool) -> None:
    """Does it, and says how the case stands then."""
    from escalation.deeds.offers import offers

    with installation_open(), unit_of_work() as session:
        case = deed(session, resolve(session, CASE, case_id))
        session.flush()
        suggested = offers(session, case)
        if as_json:
            print_json({"id": str(case.id), "state": case.state, "finding": case.finding,
                        "offers": [each.value for each in suggested]})  # fmt: skip
            return
        say("Case {case}: {state}.", case=short(case.id), state=word(case.state))
        for each in suggested:
            say(f"offered:{each}")
