"""Every SELECT of what is kept about one person, in whatever table."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.models import CheckIn, CheckInCall, Trial
from campaigns.queries import batches
from contacts.models import Household, Phone, Relative, Resident, Responder
from core.running import events
from core.running.events import Event
from core.storage.literals import literal_state
from escalation.models import Case, CaseText, Page, Report, TruthCall
from ivr.models import Call, CallState, Direction, Line, RecordedPrompt, Recording, Text, TextIn, TextState

FOUND_BY_LINKS = ("check_in", "notice", "trial", "page", "reminder", "talk", "truth", "ring_again")
"""Owners of calls to which a check-in, a trial or a case leads."""


def rows(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> list[Any]:
    """The rows of a table whose ``column`` is one of these values, in the order of their keys."""
    table = column.class_
    found = select(table).order_by(*table.__mapper__.primary_key)
    return [row for some in batches(sorted(values)) for row in session.scalars(found.where(column.in_(some)))]


def merged_into(session: Session, resident_id: UUID) -> list[UUID]:
    """The resident, and everybody who is one person with them."""
    ids, level = [resident_id], [resident_id]
    while level:
        theirs = select(Resident.id).where(Resident.merged_into_id.in_(level)).order_by(Resident.id)
        level = [each for each in session.scalars(theirs) if each not in ids]
        ids += level
    return ids


def held(session: Session, ids: Sequence[UUID]) -> list[Resident]:
    """These residents, held until the transaction ends."""
    theirs = select(Resident).where(Resident.id.in_(ids)).order_by(Resident.id).with_for_update()
    return list(session.scalars(theirs.execution_options(populate_existing=True)))


def cases_told_from(session: Session, numbers: Collection[str]) -> list[Case]:
    """Cases about no resident that was known, which came from these telephones (E.164)."""
    return list(session.scalars(select(Case).where(Case.resident_id.is_(None), Case.caller.in_(numbers))))


def numbers_of_others(session: Session, numbers: Collection[str], ids: Sequence[UUID]) -> frozenset[str]:
    """Those of these telephones that somebody else has, too: another resident or relative, a responder, or we."""
    wanted = sorted(numbers)
    residents = select(Phone.number).where(Phone.number.in_(wanted), Phone.resident_id.not_in(ids))
    relatives = select(Relative.number).where(Relative.number.in_(wanted), Relative.resident_id.not_in(ids))
    found: set[str | None] = {*session.scalars(residents), *session.scalars(relatives)}
    for own in (Responder.number, Responder.second_number, Line.number):
        found.update(session.scalars(select(own).where(own.in_(wanted))))
    return frozenset(each for each in found if each)


def names_of_others(session: Session, names: Collection[str], ids: Sequence[UUID]) -> frozenset[str]:
    """Those of these names and forms of address that another resident has, too."""
    wanted = sorted(names)
    found = union(
        select(Resident.name).where(Resident.name.in_(wanted), Resident.id.not_in(ids)),
        select(Resident.called).where(Resident.called.in_(wanted), Resident.id.not_in(ids)),
    )
    return frozenset(session.scalars(found))


def numbers_told(session: Session, ids: Sequence[UUID]) -> frozenset[str]:
    """The telephones (E.164) to which texts about these residents went, also of relatives of whom we know no more."""
    told = select(Text.number).join(Report, Report.text_id == Text.id).where(Report.resident_id.in_(ids))
    return frozenset(session.scalars(told))


def call_ids(session: Session, ids: Sequence[UUID], case_ids: Sequence[UUID], numbers: Collection[str]) -> set[UUID]:
    """The calls about these residents and cases, and those with these telephones, with their legs and parents."""
    found: set[UUID] = set(session.scalars(union(
        select(CheckInCall.call_id).join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        .where(CheckIn.resident_id.in_(ids)),
        select(Trial.call_id).where(Trial.resident_id.in_(ids), Trial.call_id.is_not(None)),
        select(Call.id).where(Call.number.in_(sorted(numbers)), Call.answered_at.is_not(None)),
    )))  # fmt: skip
    for some in batches(list(case_ids)):
        found.update(session.scalars(union(
            select(Page.call_id).where(Page.case_id.in_(some)),
            select(TruthCall.call_id).where(TruthCall.case_id.in_(some), TruthCall.call_id.is_not(None)),
            select(Case.ring_call_id).where(Case.id.in_(some), Case.ring_call_id.is_not(None)),
            select(Recording.call_id).join(Case, Case.recording_id == Recording.id).where(Case.id.in_(some)),
        )))  # fmt: skip
    for some in batches(sorted(found)):
        legs = select(Call.id).where(Call.parent_id.is_not(None), Call.parent_id.in_(some))
        parents = select(Call.parent_id).where(Call.id.in_(some), Call.parent_id.is_not(None))
        found.update(session.scalars(union(legs, parents)))
    return found


def said_in_other_calls(session: Session) -> Iterator[tuple[UUID, str]]:
    """What is particular in calls to us that no link leads to: of responders on duty, and of callers nobody knows.

    There are few of them; each is its id, and a JSON list of words.
    """
    incoming = Call.direction == literal_state(Direction.IN)
    found = select(Call.id, Call.particulars).where(incoming, Call.owner.not_in(FOUND_BY_LINKS))
    return ((call_id, said) for call_id, said in session.execute(found.execution_options(yield_per=1000)))


def is_unsettled() -> ColumnElement[bool]:
    """Whether a call is not over yet, or the telephone company is still to be asked about it."""
    return or_(Call.state != CallState.ENDED, Call.look_back_at.is_not(None), Call.hang_up_wanted.is_(True))


def unsettled_calls(session: Session, ids: Collection[UUID]) -> bool:
    """Whether one of these calls is not settled."""
    found = (select(Call.id).where(Call.id.in_(some), is_unsettled()).limit(1) for some in batches(sorted(ids)))
    return any(session.scalar(each) is not None for each in found)


def recordings(session: Session, case_ids: Collection[UUID], own_calls: Collection[UUID]) -> list[Recording]:
    """What was said on these cases and in these calls; not what belongs to somebody else's case."""
    of_cases = [row.recording_id for row in rows(session, Case.id, case_ids) if row.recording_id]
    found = {each.id: each for each in [*rows(session, Recording.id, of_cases),
                                        *rows(session, Recording.call_id, own_calls)]}  # fmt: skip
    others = select(Case.recording_id).where(Case.recording_id.in_(list(found)), Case.id.not_in(list(case_ids)))
    kept = set(session.scalars(others))
    return [found[each] for each in sorted(found) if each not in kept]


def texts_in(session: Session, case_ids: Collection[UUID], numbers: Collection[str]) -> list[TextIn]:
    """What was written to us on these cases and from these telephones; not what belongs to somebody else's case."""
    tied = [row.text_id for row in rows(session, CaseText.case_id, case_ids)]
    found = {each.id: each for each in [*rows(session, TextIn.id, tied), *rows(session, TextIn.number, numbers)]}
    others = select(CaseText.text_id).where(CaseText.text_id.in_(list(found)), CaseText.case_id.not_in(list(case_ids)))
    kept = set(session.scalars(others))
    return [found[each] for each in sorted(found) if each not in kept]


def texts(session: Session, ids: Sequence[UUID], numbers: Collection[str]) -> list[Text]:
    """What was written about these residents to their families, and to these telephones."""
    told = [row.text_id for row in rows(session, Report.resident_id, ids)]
    found = {each.id: each for each in [*rows(session, Text.id, told), *rows(session, Text.number, numbers)]}
    return [found[each] for each in sorted(found)]


def own_voices(session: Session, ids: Sequence[UUID], names: Collection[str]) -> list[RecordedPrompt]:
    """What was recorded for these residents, and recordings of these names."""
    found = {each.id: each for each in [*rows(session, RecordedPrompt.resident_id, ids),
                                        *rows(session, RecordedPrompt.words, names)]}  # fmt: skip
    return [found[each] for each in sorted(found)]


def history(session: Session, ids: Sequence[UUID]) -> list[Event]:
    """What the log tells of these files."""
    return list(events.of_files(session, ids))


def lives_with_others(session: Session, household_id: UUID, ids: Sequence[UUID]) -> bool:
    """Whether the file of somebody else has this home."""
    others = (Resident.household_id == household_id, Resident.id.not_in(ids))
    return session.scalar(select(exists().where(*others))) or False


def home_at(session: Session, area_id: UUID, room: str) -> Household | None:
    """The home with this room in this area."""
    return session.scalars(select(Household).where(Household.area_id == area_id, Household.room == room)).one_or_none()


def under_way(texts_: Sequence[Text], recordings_: Sequence[Recording]) -> bool:
    """Whether one of these is just being sent, or fetched from the telephone company."""
    return any(each.state == TextState.SENDING for each in texts_) or any(each.next_try_at for each in recordings_)


def calls_with(
    session: Session, ids: Sequence[UUID], numbers: Collection[str], of: Collection[UUID]
) -> frozenset[UUID]:
    """Those of these calls that were with these residents or their families themselves."""
    asked = select(CheckInCall.call_id).join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
    theirs = {*session.scalars(asked.where(CheckIn.resident_id.in_(ids))),
              *session.scalars(select(Trial.call_id).where(Trial.resident_id.in_(ids)))}  # fmt: skip
    theirs |= {call.id for call in rows(session, Call.id, of) if call.number in numbers or call.owner == "truth"}
    return frozenset(each for each in theirs if each in of)


def calls_shared(session: Session, ids: Sequence[UUID], of: Collection[UUID]) -> frozenset[UUID]:
    """Those of these calls in which somebody else was asked as well."""
    found = select(CheckInCall.call_id).join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
    others = CheckIn.resident_id.not_in(ids)
    return frozenset(call_id for some in batches(sorted(of))
                     for call_id in session.scalars(found.where(CheckInCall.call_id.in_(some), others)))  # fmt: skip
