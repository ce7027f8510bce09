"""The file of one resident, as its page tells it: everything but their health, which is a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.looking import remark_words
from campaigns.looking.remark_words import RemarkLine
from campaigns.models import Trial
from campaigns.people.resident_file import Status
from campaigns.queries import trials
from console.people.answer_calendar import AnswerMonth, answer_month
from console.people.file_forms import FileForms, file_forms
from console.people.standing_words import StandingLine, standing_line
from console.view.house_fronts import Spot
from contacts import ages, relative_links
from contacts import queries as contacts
from contacts.history import histories
from contacts.history.moments import Moment
from contacts.models import Community, Resident
from contacts.people import consent as consenting
from contacts.people.absences import local_today
from contacts.phones import PhoneKind, kind_of
from contacts.profiles import address_of, grid_of
from contacts.queries import campaign_audience, dwellings, files
from core.errors import NotFoundError
from core.i18n import Language
from core.short_ids import short
from escalation import queries as escalation
from escalation.models import Case

MOST_MOMENTS = 60
"""So many changes, the latest, stand on the page."""


@dataclass(frozen=True)
class PhoneLine:
    """A telephone (E.164), what kind it is, and since when it is not good."""

    number: str
    kind: PhoneKind
    state: str
    since: datetime | None


@dataclass(frozen=True)
class ResidentFile:
    """Everything that is written down about one resident, in the language of whoever reads it."""

    who: Resident
    spot: Spot
    grid: str
    age: int | None
    standing: StandingLine
    phones: Sequence[PhoneLine]
    flags: Sequence[str]
    neighbours: Sequence[Resident]
    """Who lives with them."""
    has_agreed: bool
    remarks: Sequence[RemarkLine]
    month: AnswerMonth
    cases: Sequence[Case]
    trial: Trial | None
    moments: Sequence[Moment]
    more_moments: int
    forms: FileForms
    linked: frozenset[UUID]
    """The relatives who have a link to their page."""
    today: date

    @property
    def is_gone(self) -> bool:
        """Whether they are looked after no more, so that nothing of the file can be changed."""
        return self.standing.status in {Status.LEFT, Status.DECEASED}

    @property
    def is_paused(self) -> bool:
        """Whether a pause is on today or lies ahead."""
        return self.standing.status is Status.PAUSED or bool(self.standing.ahead)


def find(session: Session, community: Community, resident_id: UUID) -> Resident:
    """The resident in full; raises ``NotFoundError``, also for one of another community or who has been erased."""
    session.flush()
    found = files.resident_in_full(session, resident_id, community.id)
    if found is None or found.erased_at is not None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    return found


def resident_file(session: Session, who: Resident, language: Language, month: str = "") -> ResidentFile:
    """The whole file; ``month`` is which one of the answers (2026-11), this one where nothing is written."""
    community = session.get_one(Community, who.community_id)
    zone, tree = ZoneInfo(community.timezone), contacts.areas(session, community.id)
    today, address = local_today(session, who), address_of(who.household, tree)
    happened = histories.of_resident(session, who)
    own = campaign_audience.usual_flags(session, community.id)
    return ResidentFile(
        who=who,
        spot=Spot(address.building, address.unit, address.room),
        grid=grid_of(who.household, tree),
        age=ages.age(who.birth_year, today.year),
        standing=standing_line(session, who, language, zone),
        phones=[PhoneLine(each.number, kind_of(each.number), each.state, each.state_since) for each in who.phones],
        flags=sorted(each.flag for each in who.flags),
        neighbours=[each for each in dwellings.people_at(session, who.household_id) if each.id != who.id],
        has_agreed=bool(consenting.consents_in_force(who)),
        remarks=remark_words.of_resident(session, who.id),
        month=answer_month(session, who.id, zone, today, month),
        cases=escalation.unclosed_cases(session, [who.id]),
        trial=trials.latest_trial_of(session, who.id),
        moments=happened[:MOST_MOMENTS],
        more_moments=max(0, len(happened) - MOST_MOMENTS),
        forms=file_forms(who, own),
        linked=frozenset(each.id for each in who.relatives if relative_links.has_link(session, each)),
        today=today,
    )
