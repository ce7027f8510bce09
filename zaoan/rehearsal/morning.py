"""A morning of its own: a temporary installation, a community from spreadsheets, one campaign, one round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries, round_tally
from campaigns.changes import campaign_lookup, new_campaigns
from campaigns.models import CheckIn, Outcome
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.importing.importing import Kind, run_import
from contacts.models import Responder
from core import actors, clock
from core.i18n import Language
from core.running import installation
from core.running.installation import Purpose
from core.settings import FirstVoice, Settings, Telephony
from core.storage.database import reading, unit_of_work
from escalation import queries as escalation
from escalation.cases import cases
from escalation.models import Case
from ivr import queries as telephone
from zaoan.process import wiring
from zaoan.process.ports import any_free_port
from zaoan.rehearsal.judge import Asked, Made, Rules, anchors
from zaoan.rehearsal.running import RunningService
from zaoan.rehearsal.town import Expected, Person, Town
from zaoan.rehearsal.wire import speed_changes

STARTS_AT = time(8, 0)
LATE_UNTIL = time(20, 0)
NOTICE = timedelta(minutes=3)
"""How long before its first round a campaign is made (clock time)."""
LONGEST_START = timedelta(hours=1)
"""How long after its time a round has begun at the latest (clock time)."""
LOOK_SECONDS = 0.3
RING_SECONDS = 60
CLOSES_BEFORE = timedelta(minutes=15)
"""How long before the end of their time helpers have closed a case (clock time)."""
DEADLINE_MINUTES = 11 * 60
"""On a clock that runs so fast the usual two hours would judge the machine, not the service."""
LONGEST_MORNING = timedelta(hours=11)
CAMPAIGN = "每日早安"
NO_FAULTS: Mapping[str, object] = {}


class ImportFailedError(Exception):
    """The spreadsheets of a morning have mistakes; the message names them."""


@dataclass(frozen=True)
class Morning:
    """A morning under way."""

    service: RunningService
    town: Town
    round_id: UUID
    speed: float
    began: clock.Anchor

    def is_over(self) -> bool:
        """See ``is_over``."""
        with reading() as session:
            return is_over(session, self.round_id)

    def wait(self) -> bool:
        """Waits until the morning is over; False when it has taken longer than any morning may."""
        until = monotonic() + LONGEST_MORNING.total_seconds() / self.speed + 30
        while monotonic() < until:
            if self.is_over():
                return True
            close_in_time()
            sleep(LOOK_SECONDS)
        return False


def is_over(session: Session, round_id: UUID) -> bool:
    """Whether the round is complete, every case accepted, and nobody on the telephone who could still press a key."""
    if not round_tally.report(session, round_id).complete or telephone.are_calls_under_way(session):
        return False
    return escalation.count_open(session) == 0


def close_in_time() -> None:
    """Whoever accepted a case has dealt with it before it would return to its ladder, as people do."""
    with reading() as session:
        installation.follow_clock(session)
        are_any_due = bool(_due(session))
    if are_any_due:
        with unit_of_work() as session:
            for case in _due(session):  # asked again: meanwhile one may have returned to its ladder, and is nobody's
                cases.close(session, actors.user("rehearsal"), case.id, "rehearsal")


def _due(session: Session) -> Sequence[Case]:
    return escalation.accepted_until(session, clock.now() + CLOSES_BEFORE)


@contextmanager
def morning(
    town: Town,
    files: tuple[Path, Path],
    overrides: Mapping[str, Any],
    purpose: Purpose,
    speed: float,
    faults: Mapping[str, object] = NO_FAULTS,
    before_round: Callable[[RunningService], None] = lambda _: None,
    notice: timedelta = NOTICE,
    late_until: time | None = LATE_UNTIL,
    running: Callable[[Settings, Purpose, Path], RunningService] = RunningService,
    ring_seconds: int = RING_SECONDS,
) -> Iterator[Morning]:
    """The morning of ``town``, whose people are imported from ``files`` (residents, responders).

    ``faults`` is what the exchange is told of the faults that shall strike; ``before_round`` happens when the campaign
    has been made and its round has not begun, which is ``notice`` (clock time) before it. ``late_until`` is the
    campaign's own limit (None: the usual one), ``ring_seconds`` how long it lets a telephone ring. ``running`` is the
    service, and with what telephones.
    """
    with TemporaryDirectory(prefix="zaoan-") as temporary:
        directory = Path(temporary)
        chosen = morning_settings(directory, speed, overrides)
        opened = wiring.open_house(chosen, None)
        try:
            import_people(chosen, files)
            with running(chosen, purpose, directory) as service:
                service.script(town.subscribers())
                service.suffer(faults)
                with reading() as session:
                    began = installation.follow_clock(session)
                _make_campaign(notice, late_until, ring_seconds)
                before_round(service)
                yield Morning(service, town, _begun(), speed, began)
        finally:
            opened.close()


def morning_settings(directory: Path, speed: float, overrides: Mapping[str, Any]) -> Settings:
    """The embedded defaults on free ports, with a clock that starts just before the morning's round."""
    exchange_port = any_free_port()
    port = overrides.get("port") or any_free_port()
    zone = ZoneInfo("Asia/Shanghai")
    eight = datetime.combine(datetime.now(UTC).astimezone(zone).date(), STARTS_AT, zone)
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{directory / 'zaoan.db'}",
        "telephony": Telephony.EXCHANGE,
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "exchange_url": f"http://127.0.0.1:{exchange_port}",
        "clock_speed": speed,
        "clock_start": eight,
        "timezone": "Asia/Shanghai",
        "community": "槐东社区",
        "area_code": "0311",
        "region": "CN",
        "voice": FirstVoice.PYTTSX3,  # a minute of its clock is too short for the better one
    }
    return Settings(**(given | dict(overrides) | {"port": port}))


def what_was_made(morning: Morning) -> list[Made]:
    """What the service made of everybody in the round."""
    expected = morning.town.expected()
    with reading() as session:
        check_ins = queries.check_ins(session, morning.round_id)
        found = [*escalation.cases_of_check_ins(session, [each.id for each in check_ins])]
        kept = escalation.kept(session, found)
        case_of = {case.check_in_id: kept[case.id] for case in found}
        shared = escalation.case_of_round(session, morning.round_id)
        responders = _helpers(session, [*kept.values(), *([shared] if shared else [])])
        return [
            _made(each, shared if each.outcome == Outcome.NOT_ASKED else case_of.get(each.id), responders, expected)
            for each in check_ins
        ]


def _helpers(session: Session, those: Sequence[Case]) -> dict[UUID, Responder]:
    """Whoever was asked about these cases, or has one."""
    asked = {page.responder_id for case in those for page in case.pages}
    return contacts.responders(session, list(asked | {case.accepted_by_id for case in those if case.accepted_by_id}))


def rules_of(morning: Morning) -> Rules:
    """The plan and the hours of this morning."""
    with reading() as session:
        community = the_community(session)
        campaign = campaign_lookup.find(session, CAMPAIGN)
    kept = morning.service.anchors  # where they were waited for; the exchange's log knows only when it told the service
    return Rules(
        attempts=campaign.attempts,
        opens=community.call_from,
        closes=community.call_until,
        zone=ZoneInfo(community.timezone),
        anchors=[morning.began, *kept] if kept else anchors(morning.began, speed_changes(morning.service.exchange_log)),
    )


def _make_campaign(notice: timedelta, late_until: time | None, ring_seconds: int) -> None:
    """A campaign that rings everybody so much later.

    Where no machine sleeps it is never too late for a call (``LATE_UNTIL``), or a slow machine would be judged, and not
    the service.
    """
    with unit_of_work() as session:
        zone = ZoneInfo(the_community(session).timezone)
        at = (clock.now() + notice).astimezone(zone).time().replace(second=0, microsecond=0)
        campaign = new_campaigns.create_campaign(
            session, actors.user("rehearsal"), CAMPAIGN, flags=None, at=at, ring_seconds=ring_seconds
        )
        campaign.deadline_minutes = DEADLINE_MINUTES
        campaign.late_until = late_until


def _begun() -> UUID:
    """The round that the campaign starts by itself at its time."""
    until = clock.now() + NOTICE + LONGEST_START
    while clock.now() < until:
        with reading() as session:
            installation.follow_clock(session)
            if started := queries.rounds(session, limit=1):
                return started[0].id
        sleep(0.05)
    raise TimeoutError("the campaign did not start its round")


def import_people(chosen: Settings, files: tuple[Path, Path]) -> None:
    """Imports residents and responders as the clock begins: by the real one, which may show the afternoon, they would
    have come from the future, and the service would tell staff that its clock was set back.

    Raises ``ImportFailedError``.
    """
    real = clock.real_now()
    clock.set_anchor(clock.Anchor(real, chosen.clock_start or real))
    for kind, file in zip((Kind.RESIDENTS, Kind.RESPONDERS), files, strict=True):
        report = run_import(kind, file, consent=None, dry_run=False)
        if report.problems:
            raise ImportFailedError("\n".join(problem.describe(Language.ENGLISH) for problem in report.problems))


def _made(
    check_in: CheckIn, case: Case | None, responders: Mapping[UUID, Responder], expected: Mapping[Person, Expected]
) -> Made:
    to_be = expected[check_in.resident.name, check_in.numbers[0]]
    return Made(
        resident=check_in.resident.name,
        phones=to_be.phones,
        behaviour=to_be.behaviour,
        attempts=check_in.attempts,
        outcome=check_in.outcome,
        expected=to_be.outcome,
        case_kind=case.kind if case else None,
        case_state=case.state if case else None,
        accepted_by=responders[case.accepted_by_id].name if case and case.accepted_by_id else None,
        case_id=str(case.id) if case else None,
        asked=[Asked(responders[page.responder_id].number, str(page.call_id)) for page in case.pages] if case else [],
    )
