"""What the page of today shows: the sentence that matters, the houses, the open cases, the last happenings."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import audience
from campaigns import queries as campaigns
from campaigns.looking import cluster_words, remark_words
from campaigns.looking.cluster_words import ClusterLine
from campaigns.midnight import midnight as midnight_of
from campaigns.models import Round
from campaigns.queries import lateness, todays
from campaigns.queries.todays import CheckInState
from campaigns.upcoming import upcoming
from console.view import headline as sentences
from console.view.cases import CaseLine, case_lines
from console.view.feed import Happening, happenings
from console.view.headline import Counted, Headline, Next, Phrase, Tally
from console.view.house_blocks import Block, blocks, counted
from console.view.house_fronts import Front
from console.view.mornings import CheckInLine, Home, fronts_of, mornings_of
from console.view.refused_numbers import NumberLine, number_lines
from console.view.remarks import RemarkedPerson, remarked_people
from console.view.roster import Helper, Roster, Rosters
from console.view.signs import IN_NO_ROUND, Sign
from console.view.times import local
from console.view.unreached import UnreachedLine, unreached_of
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Community, LeftOut
from contacts.queries import numbers as queries_numbers
from core import clock
from core.running import events, troubles
from core.running.troubles import Noted
from escalation import queries as escalation
from escalation.models import ABOUT_MANY, Case, CaseKind, CaseState
from escalation.paging.reach import Gap
from ivr import queries as telephone

FOLDED_ABOVE = 300
"""So many residents are shown window by window; of more, each house is one line until somebody opens it."""
rosters = Rosters()


@dataclass(frozen=True)
class Told:
    """A happening with the names of whom it is about."""

    happening: Happening
    at: str
    called: str
    responder: str
    gaps: Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """A text about a case; ``name`` is empty where nobody knows the ``number`` it came from."""

    name: str
    number: str
    body: str
    at: str


@dataclass(frozen=True)
class Today:
    """The whole page; times are community time.

    Somebody who is in several of today's rounds is seen in the latest; ``campaign`` and ``started`` are of the first.
    ``reported`` is that round, where there is none today the last one there was: the page leads to its report.
    ``reached`` are the check-ins that have an outcome; ``tally`` counts nobody without a check-in. By case,
    ``written`` are the texts about it; ``untold`` are those of which no text to the family has arrived. ``numbers``
    are those that the provider refuses to ring; ``dangers`` whom no helper could be rung about, ``troubles`` what the
    service itself suffers from. Where more than
    ``FOLDED_ABOVE`` live the houses are ``blocks``, otherwise ``fronts``.
    """

    community: str
    zone: str
    now: str
    day: date
    campaign: str
    started: str
    reported: UUID | None
    reached: int
    tally: Tally
    headline: Headline
    check_ins: Sequence[CheckInLine]
    fronts: Sequence[Front[Home]]
    blocks: Sequence[Block]
    cases: Sequence[CaseLine]
    closed: Sequence[CaseLine]
    helpers: Sequence[Helper]
    happenings: Sequence[Told]
    written: Mapping[UUID, Sequence[Written]]
    untold: Set[UUID]
    not_called: Mapping[UUID, Sequence[str]]
    """By case about a round, the names of those whom nobody has rung."""
    clusters: Mapping[UUID, ClusterLine]
    """By case about a silence cluster, what is common, and the names."""
    unreached: Mapping[UUID, Sequence[UnreachedLine]]
    """By case, the calls that nobody answered."""
    numbers: Sequence[NumberLine]
    remarks: Sequence[RemarkedPerson]
    """What is unusual for somebody, as their own rounds of yesterday and today show."""
    dangers: Sequence[Gap]
    troubles: Sequence[Noted]

    @property
    def is_large(self) -> bool:
        """Whether the houses are folded."""
        return bool(self.blocks)

    @cached_property
    def legend(self) -> Sequence[tuple[Sign, int]]:
        """Which signs are to be seen on how many residents, the best first."""
        return counted(self.check_ins)

    @property
    def guide(self) -> CheckInLine | None:
        """Whose telephone a newcomer may open: somebody who still waits, otherwise somebody who can ring in."""
        by_sign = {line.sign: line for line in reversed(self.check_ins)}
        return next(
            (by_sign[sign] for sign in (Sign.WAITING, Sign.CALLING, Sign.RESTING, Sign.WELL) if sign in by_sign), None
        )


def today(session: Session, *, anew: bool = True) -> Today:
    """Today as it stands now; as many statements for ten residents as for a thousand.

    Unless ``anew`` names, homes and helpers may be those of some seconds ago.
    """
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    midnight = midnight_of(zone, clock.now())
    rounds = todays.rounds_since(session, midnight)
    round_ = next(iter(rounds), None)
    asked = _asked(session, rounds, midnight)
    found = escalation.cases_since(session, min(midnight, round_.started_at) if round_ else midnight)
    merged = [case for case in found if case.merged_into_id]
    cases = [case for case in found if case not in merged] if merged else found
    told = happenings(session)
    refused = queries_numbers.numbers_to_correct(session, community.id)
    everybody = [each.resident_id for each in asked] or contacts.resident_ids(session, community.id)
    remarked = remark_words.lately(session, community, clock.now())
    theirs = {each.resident_id for about in (cases, told, refused) for each in about if each.resident_id}
    roster = rosters.of(session, community.id, [*theirs, *remarked, *everybody], anew=anew)
    lines = case_lines(cases, roster, zone)
    left_out = {} if asked else audience.left_out(session, community, clock.now())
    mornings = mornings_of(everybody, asked, todays.ringing(session), cases, roster, zone, left_out, merged)
    count = _tally(mornings if asked else [], lines, complete=all(each.completed_at for each in rounds))
    is_large = len(mornings) > FOLDED_ABOVE
    return Today(
        community=community.name,
        zone=community.timezone,
        now=local(clock.now(), zone),
        day=clock.now().astimezone(zone).date(),
        campaign=round_.campaign.name if round_ else "",
        started=local(round_.started_at, zone) if round_ else "",
        reported=round_.id if round_ else todays.last_round_id(session, community.id),
        reached=sum(bool(line.outcome) for line in mornings),
        tally=count,
        headline=_during(session, round_, count) if round_ else _before(session, community, len(everybody), count),
        check_ins=mornings,
        fronts=[] if is_large else fronts_of(mornings),
        blocks=blocks(mornings) if is_large else [],
        cases=[line for line in lines if line.state != CaseState.CLOSED],
        closed=[line for line in lines if line.state == CaseState.CLOSED],
        helpers=[each for each in roster.helpers.values() if each.helps],
        happenings=[_told(each, roster, zone) for each in told],
        written=_written(session, cases, zone),
        untold=escalation.cases_untold(session, [case.id for case in cases]),
        not_called=_not_called(session, cases),
        clusters=cluster_words.of_cases(session, [case.id for case in cases if case.kind == CaseKind.SILENCE_CLUSTER]),
        unreached=unreached_of(session, [*cases, *merged], zone),
        remarks=remarked_people(remarked, roster),
        numbers=number_lines(refused, roster, telephone.announcements_of(session, [each.number for each in refused])),
        dangers=roster.dangers,
        troubles=troubles.known(session),
    )


def with_everybody(session: Session, shown: Today) -> list[CheckInLine]:
    """The lines of today's rounds, and one for everybody else who lives here, with why nobody rings them."""
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    in_rounds = {line.resident_id for line in shown.check_ins}
    others = [each for each in contacts.resident_ids(session, community.id) if each not in in_rounds]
    roster = rosters.of(session, community.id, others, anew=False)
    why = dict.fromkeys(others, IN_NO_ROUND) | audience.left_out(session, community, clock.now())
    lines = mornings_of(others, [], {}, [], roster, zone, why)
    return sorted([*shown.check_ins, *lines], key=lambda line: line.person.rank)


def _asked(session: Session, rounds: Sequence[Round], midnight: datetime) -> Sequence[CheckInState]:
    """Everybody of today's rounds, with what they have said of themselves last."""
    asked = todays.latest_check_ins(session, rounds)
    said = todays.said_in_notices(session, midnight)
    if not said:
        return asked
    both = [each.id for each in asked if each.resident_id in said]
    decided = campaigns.decided_at(session, both)
    return [_later(each, said.get(each.resident_id), decided.get(each.id)) for each in asked]


def _during(session: Session, round_: Round, count: Tally) -> Headline:
    if count.enrolled:
        return sentences.headline(count)
    meant = audience.audience_of(session, round_.campaign, round_.started_at)
    return sentences.headline(count, _counted(meant.left_out))


def _counted(left_out: Mapping[LeftOut, int]) -> Counted:
    return Counted(tuple((f"left_out:{reason}", count) for reason, count in left_out.items()))


def _before(session: Session, community: Community, residents: int, count: Tally) -> Headline:
    then, zone = upcoming(session, community), ZoneInfo(community.timezone)
    greeting = sentences.greeting(clock.now().astimezone(zone).hour)
    if then:
        coming = Next(then.people, _counted(then.left_out), _on_its_day(then.at, zone), greeting=greeting)
    else:
        paused = campaigns.paused_campaign(session)
        coming = Next(paused=paused.name if paused else "", greeting=greeting)
    return sentences.headline_without_round(residents, count.needing, coming, listed=count.listed)


def _on_its_day(at: datetime, zone: ZoneInfo) -> Phrase:
    """The local time, with the day where it is not today."""
    days = (at.astimezone(zone).date() - clock.now().astimezone(zone).date()).days
    gaps = (("at", local(at, zone)), ("day", at.astimezone(zone).date().isoformat()))
    return Phrase("{at}" if days <= 0 else "{at} tomorrow" if days == 1 else "{at} on {day}", gaps)


def _later(check_in: CheckInState, in_notice: CheckInState | None, decided: datetime | None) -> CheckInState:
    """What a resident has said of themselves last; what they are still to be asked says nothing yet."""
    if in_notice is None or in_notice.at is None:
        return check_in
    return in_notice if decided is None or in_notice.at > decided else check_in


def _tally(asked: Sequence[CheckInLine], cases: Sequence[CaseLine], *, complete: bool) -> Tally:
    open_cases = [case for case in cases if case.state != CaseState.CLOSED]
    needing = {case.resident_id or case.case_id for case in open_cases if case.kind not in ABOUT_MANY}
    listed = any(case.kind == CaseKind.NOT_ASKED for case in open_cases)
    return sentences.tally([line.standing for line in asked], len(needing), listed=listed, complete=complete)


def _told(happening: Happening, roster: Roster, zone: ZoneInfo) -> Told:
    resident = roster.people.get(happening.resident_id) if happening.resident_id else None
    responder = roster.helpers.get(happening.responder_id) if happening.responder_id else None
    return Told(happening, local(happening.at, zone), resident.called if resident else "",
                responder.name if responder else "",
                {**happening.facts} | {name: local(at, zone) for name, at in happening.instants.items()})  # fmt: skip


def _written(session: Session, cases: Sequence[Case], zone: ZoneInfo) -> dict[UUID, list[Written]]:
    tied = escalation.texts_of_cases(session, [case.id for case in cases])
    return {
        case_id: [Written(tie.name, text.number, text.body, local(text.received_at, zone)) for tie, text in texts]
        for case_id, texts in tied.items()
    }


def _not_called(session: Session, cases: Sequence[Case]) -> dict[UUID, list[str]]:
    """By case about a round, the names of those whom nobody has rung."""
    rounds = {case.round_id: case.id for case in cases if case.round_id}
    return {rounds[round_id]: names for round_id, names in lateness.not_asked(session, list(rounds)).items()}


@dataclass(frozen=True)
class Position:
    """Equal for two looks between which nothing on the page has changed; ``event_id`` is the newest of the log."""

    event_id: int
    calls: frozenset[tuple[UUID, bool]]
    anchor: clock.Anchor


def position(session: Session) -> Position:
    """Where things stand: the log, the telephones that ring, and the clock."""
    return Position(events.last_id(session), todays.calls_under_way(session), clock.anchor())
