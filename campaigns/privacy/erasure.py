"""Erasing a person: what told of them is gone for good, and what rounds are counted by stays, as nobody's.

Backups that were made before still have it until they are replaced; the telephone company keeps what its own rules say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.privacy.holdings import HOLDINGS
from campaigns.privacy.persons import SHORTEST_NAME, Person, person
from campaigns.queries.keeping import personal
from contacts.models import Resident
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.running import events, mentions
from core.short_ids import short
from core.storage.database import after_commit, leave_no_traces
from escalation.models import Case, CaseState
from ivr.models import Recording, Text

SHORTEST_DIGITS = 6
"""So many of the last digits of a telephone tell whose it is."""


@dataclass(frozen=True)
class Erased:
    """Since when nothing of the person is kept; ``rows`` is how many were deleted or emptied, 0 the second time."""

    resident_id: UUID
    at: datetime
    rows: int


def erase(session: Session, actor: Actor, resident_id: UUID, reason: str) -> Erased:
    """Erases a resident who has left, with all files that are one with theirs; all of it or nothing.

    1. No round begins, and their files are held.
    2. It is refused while anything about them goes on: a case, a call, a text, a recording that is fetched.
    3. Whatever is theirs is looked up in every table (``holdings``), and only then deleted or emptied.
    4. That it was done, by whom and why, is all that their history tells from then on.

    Erasing twice changes nothing. Raises ``NotFoundError``; ``ConflictError`` where it is refused; ``UserError`` for a
    ``reason`` that is empty or names the person.
    """
    queries.hold_rounds_back(session)
    known = session.get(Resident, resident_id)
    if known is None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    if known.erased_at is not None:
        return Erased(resident_id, known.erased_at, 0)
    _refuse_in_service(known)
    who = person(session, resident_id)
    _refuse_under_way(session, who)
    return Erased(resident_id, *_erase(session, actor, who, _checked(reason, who)))


def _refuse_in_service(known: Resident) -> None:
    if known.merged_into_id is not None:
        raise ConflictError("{value} is one file with another one.", way_out="Look at that one: {known}.",
                            field="resident", value=known.name, known=short(known.merged_into_id))  # fmt: skip
    if known.removed_at is None:
        raise ConflictError("{value} is still looked after, and cannot be erased.",
                            way_out="First: zaoan resident remove {value} --because …", field="resident",
                            value=known.name)  # fmt: skip


def _refuse_under_way(session: Session, who: Person) -> None:
    """Whoever looks after a case needs to know about whom it is; and what goes on would be written down anew."""
    cases = personal.rows(session, Case.id, who.cases)
    if still_open := [each for each in cases if each.state != CaseState.CLOSED]:
        raise ConflictError("{value} has cases that nobody has closed: {known}.", way_out="Close them first.",
                            field="resident", value=who.file.name,
                            known=[short(each.id) for each in still_open])  # fmt: skip
    open_ids = [each for one in who.ids for each in queries.open_ids_of_resident(session, one)]
    if open_ids or personal.unsettled_calls(session, who.calls) or _is_on_its_way(session, who):
        raise ConflictError("A call, a text or a recording about {value} is still under way.",
                            way_out="Try again in some minutes.", field="resident", value=who.file.name)  # fmt: skip


def _is_on_its_way(session: Session, who: Person) -> bool:
    found = {each.table: each.find for each in HOLDINGS if each.table in (Text, Recording)}
    return personal.under_way(found[Text](session, who), found[Recording](session, who))


def _checked(reason: str, who: Person) -> str:
    """The reason stays, so that it must not say who it was."""
    written = reason.strip()
    if not written:
        raise UserError("It is not said why {value} is erased.", way_out="Write why, without their name.",
                        field="reason", value=who.file.name)  # fmt: skip
    digits = "".join(filter(str.isdigit, written))
    names = {each for file in who.residents for each in (file.name, file.called) if len(each) >= SHORTEST_NAME}
    if any(each in written for each in names) or any(each[-SHORTEST_DIGITS:] in digits for each in who.numbers):
        raise UserError("The reason is kept, and says who it was.", way_out="Write why, without their name.",
                        field="reason", value=written)  # fmt: skip
    return written


def _erase(session: Session, actor: Actor, who: Person, reason: str) -> tuple[datetime, int]:
    found = [(each, each.find(session, who)) for each in HOLDINGS]
    for holding, rows in found:
        holding.erase(session, who, rows)
    forgotten = mentions.forget(session, who.words)
    at = clock.now()
    for file in who.residents:
        file.erased_at, file.erasure_reason = at, reason
    session.flush()
    _expire(session, who.residents)
    events.append(session, actor, "resident.erased", who.file.id)
    after_commit(session, leave_no_traces)
    return at, forgotten + sum(len(rows) for _, rows in found)


def _expire(session: Session, residents: Iterable[Resident]) -> None:
    """What was loaded of them before is not so any more."""
    for each in residents:
        session.expire(each)


def erase_unless_refused(session: Session, actor: Actor, resident_id: UUID, reason: str) -> bool:
    """Erases a resident of whom nothing is under way; whether it was done, and not refused or done before."""
    try:
        return erase(session, actor, resident_id, reason).rows > 0
    except ConflictError:
        return False
