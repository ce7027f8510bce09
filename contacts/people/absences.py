"""Absences: days on which a resident is not rung, written down and ended by staff."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries
from contacts.models import Community, Pause, Resident
from contacts.people.residents import enrolled
from core import clock
from core.actors import Actor
from core.errors import ConflictError, UserError
from core.ids import new_id
from core.running import events


@dataclass(frozen=True)
class Days:
    """Days of community time, both ends included; without a ``last`` they go on until somebody ends them."""

    first: date
    last: date | None
    reason: str = ""

    def cover(self, day: date) -> bool:
        """Whether the resident is not rung on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class AbsenceChange:
    """What was changed: the absences that it touched, and what has become of them."""

    before: tuple[Days, ...]
    after: tuple[Days, ...]


def local_today(session: Session, resident: Resident) -> date:
    """The day that it is now in the resident's community."""
    return local_day(session, resident, clock.now())


def local_day(session: Session, resident: Resident, instant: datetime) -> date:
    """The day of an instant in the resident's community."""
    return instant.astimezone(ZoneInfo(session.get_one(Community, resident.community_id).timezone)).date()


def absences(session: Session, resident_id: UUID) -> list[Days]:
    """The absences of a resident that are not over, the earliest first."""
    resident = queries.resident(session, resident_id)
    found = queries.pauses_from(session, resident_id, local_today(session, resident))
    return [_days(each) for each in found]


def pause(
    session: Session, actor: Actor, resident_id: UUID, first_day: date, last_day: date | None, reason: str = ""
) -> AbsenceChange:
    """The resident is not rung on these days; one that overlaps absences written down before makes one of them all.

    Raises ``NotFoundError``; ``UserError`` for days that are over or end before they begin; ``ConflictError`` for
    somebody who has been removed.
    """
    resident = enrolled(session, resident_id)
    check_days(first_day, last_day, local_today(session, resident))
    touched = [each for each in queries.pauses_from(session, resident_id, first_day)
               if last_day is None or each.first_day <= last_day]  # fmt: skip
    before = tuple(_days(each) for each in touched)
    whole = _joined(Days(first_day, last_day, reason.strip()), before)
    if before == (whole,):
        return AbsenceChange(before, before)
    for each in touched:
        session.delete(each)
    session.add(Pause(id=new_id(), resident_id=resident.id, first_day=whole.first, last_day=whole.last,
                      reason=whole.reason))  # fmt: skip
    session.flush()
    events.append(session, actor, "resident.paused", resident.id, first_day=whole.first.isoformat(),
                  last_day=whole.last and whole.last.isoformat())  # fmt: skip
    return AbsenceChange(before, (whole,))


def resume(session: Session, actor: Actor, resident_id: UUID, *, planned_too: bool = False) -> AbsenceChange:
    """The resident is rung again from today on; absences that lie ahead stay unless they are to go as well.

    Raises ``NotFoundError``; ``ConflictError`` where nothing is to be ended.
    """
    resident = enrolled(session, resident_id)
    today = local_today(session, resident)
    ahead = queries.pauses_from(session, resident_id, today)
    ended = [each for each in ahead if planned_too or each.first_day <= today]
    if not ended:
        raise _nothing_to_end(resident, [_days(each) for each in ahead])
    before, kept = tuple(_days(each) for each in ended), [each for each in ended if each.first_day < today]
    for each in ended:
        if each in kept:
            each.last_day = today - timedelta(days=1)
        else:
            session.delete(each)
    session.flush()
    events.append(session, actor, "resident.resumed", resident.id)
    return AbsenceChange(before, tuple(_days(each) for each in kept))


def check_days(first_day: date, last_day: date | None, today: date) -> None:
    """Raises ``UserError`` for days that are over or end before they begin."""
    if last_day is None:
        return
    if last_day < first_day:
        raise UserError("The pause ends on {value}, before it begins.", way_out="Choose a later last day.",
                        field="until", value=last_day)  # fmt: skip
    if last_day < today:
        raise UserError("{value} is over.", way_out="Choose today or a later day.", field="until", value=last_day)


def _joined(new: Days, before: tuple[Days, ...]) -> Days:
    """One absence from the first day of all to the last; the reason is the new one's, if it has one."""
    together = (new, *before)
    lasts = [each.last for each in together if each.last is not None]
    last = max(lasts) if len(lasts) == len(together) else None
    reasons = (each.reason for each in together if each.reason)
    return Days(min(each.first for each in together), last, next(reasons, ""))


def _nothing_to_end(resident: Resident, ahead: list[Days]) -> ConflictError:
    if ahead:
        return ConflictError(
            "{value} is away from {first} on, and not today.", way_out="Write --all to end that as well.",
            field="resident", value=resident.name, first=ahead[0].first,
        )  # fmt: skip
    return ConflictError("{value} is not paused.", way_out="There is nothing to resume.", field="resident",
                         value=resident.name)  # fmt: skip


def _days(pause: Pause) -> Days:
    return Days(pause.first_day, pause.last_day, pause.reason)
