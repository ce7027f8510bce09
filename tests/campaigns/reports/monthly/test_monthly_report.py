"""What a month's report counts is what anybody counts who reads the rows one by one."""

import math
import re
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from campaigns import call_retention
from campaigns.models import CampaignKind, CheckIn, Round
from campaigns.reports.monthly.month import Month, read
from campaigns.reports.monthly.monthly_report import Unknown, monthly_report
from contacts.community.community import the_community
from contacts.models import Area, Community, Household, Resident
from core import actors, clock
from core.clock import Anchor
from core.errors import NotFoundError, UserError
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page
from ivr.models import Call, CallTotal
from tests import people
from tests.months import SHANGHAI, Town, everything
from zaoan.process import wiring

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
HELPERS = {"page", "reminder", "talk", "introduction", "office", "duty"}
AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.fixture
def house(house_settings):
    with closing(wiring.open_house(house_settings)) as opened:
        clock.set_anchor(Anchor(clock.real_now(), AT))
        yield opened


def month_of(at):
    there = at.astimezone(SHANGHAI)
    return Month(there.year, there.month)


def town(seed, residents=9, **more):
    with database.unit_of_work() as session:
        made = Town(session, residents, seed)
        made.has_a_month(OCTOBER, **more)
        made.has_a_month(NOVEMBER, AT)
        return made.community.id


def reported(month=NOVEMBER, **more):
    with database.reading() as session:
        return monthly_report(session, the_community(session).id, month, **more)


def counted_plainly(session, month):
    """By reading every row: what the report should say of the answers, the calls and the cases of a month."""
    rounds = {each.id: each for each in everything(session, Round) if month_of(each.occurrence) == month}
    answers, days = Counter(), defaultdict(Counter)
    for each in everything(session, CheckIn):
        if each.round_id in rounds and rounds[each.round_id].campaign.kind == CampaignKind.CHECK_IN:
            answers[each.outcome or ""] += 1
            days[rounds[each.round_id].occurrence.astimezone(SHANGHAI).date()][each.outcome or ""] += 1
    calls = Counter()
    for each in everything(session, Call):
        if month_of(each.ended_at) == month and each.ending not in {"not_wanted", "refused"}:
            calls[side(each)] += 1
            calls[f"{side(each)} talked"] += each.answered_at is not None
    for each in everything(session, CallTotal):
        if Month(each.day.year, each.day.month) == month and each.ending not in {"not_wanted", "refused"}:
            calls[side(each)] += each.calls
            calls[f"{side(each)} talked"] += each.calls if each.ending == "completed" else 0
    cases = [each for each in everything(session, Case) if month_of(each.opened_at) == month]
    return answers, days, calls, [each for each in cases if each.merged_into_id is None]


def side(call):
    return "us" if call.direction == "in" else "helpers" if call.owner in HELPERS else "residents"


def rank(lasted, of):
    """The nearest rank, in whole seconds."""
    ordered = sorted(lasted)
    return round(ordered[math.ceil(len(ordered) * of) - 1].total_seconds()) if ordered else 0


def wait_of(cases, name):
    lasted = [getattr(each, name) - each.opened_at for each in cases if getattr(each, name)]
    return len(lasted), rank(lasted, 0.5), rank(lasted, 0.9)


def said(wait):
    return wait.count, wait.median, wait.ninth


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER])
def test_the_figures_are_those_of_a_plain_reading(house, seed, month):
    town(seed, calls_are_kept=seed % 2 == 0)
    report = reported(month)
    with database.reading() as session:
        answers, days, calls, cases = counted_plainly(session, month)
        assert dict(report.now.check_ins.counts) == dict(answers)
        assert {day: dict(counts) for day, counts in report.now.days.items()} == {d: dict(c) for d, c in days.items()}
        sides = {"residents": report.now.calls.to_residents, "helpers": report.now.calls.to_helpers,
                 "us": report.now.calls.to_us}  # fmt: skip
        assert {name: (each.made, each.talked) for name, each in sides.items()} == {
            name: (calls[name], calls[f"{name} talked"]) for name in sides
        }
        assert report.now.cases.opened == len(cases)
        by_kind = defaultdict(list)
        for each in cases:
            by_kind[each.kind].append(each)
        assert [line.kind for line in report.kinds if line.now.opened] == [each for each in CaseKind if each in by_kind]
        for line in report.kinds:
            mine = by_kind[line.kind]
            assert (line.now.opened, line.now.unclosed) == (len(mine), sum(each.state != "closed" for each in mine))
            assert (said(line.now.accepted), said(line.now.closed)) == (
                wait_of(mine, "first_accepted_at"), wait_of(mine, "closed_at"))  # fmt: skip
        assert said(report.now.cases.accepted) == wait_of(cases, "first_accepted_at")
        assert said(report.now.cases.closed) == wait_of(cases, "closed_at")


@pytest.mark.parametrize("seed", range(3))
def test_homes_findings_and_needs_are_those_of_a_plain_reading(house, seed):
    town(seed)
    report = reported()
    with database.reading() as session:
        *_, cases = counted_plainly(session, NOVEMBER)
        tree = {each.id: each for each in everything(session, Area)}
        homes = {each.id: tree[tree[each.area_id].parent_id].name for each in everything(session, Household)}
        lives = {each.id: homes[each.household_id] for each in everything(session, Resident)}
        assert Counter({each.building: each.opened for each in report.buildings}) == Counter(
            lives[each.resident_id] for each in cases)  # fmt: skip
        assert [each.building for each in report.buildings] == sorted(set(lives.values()))
        assert report.findings == Counter(each.finding for each in cases if each.finding)
        needed = [each for each in cases if each.kind == CaseKind.NEEDS_SUPPLIES]
        assert report.requests.needs == Counter(need for each in needed for need in each.needs)
        assert (report.requests.supplies.opened, report.requests.supplies.unclosed) == (
            len(needed),
            sum(each.state != "closed" for each in needed),
        )
        often = Counter(each.resident_id for each in cases)
        assert [each.cases for each in report.often] == [n for _, n in often.most_common(10) if n >= 3]


@pytest.mark.parametrize("seed", range(3))
def test_the_hardest_took_longest_and_what_is_unresolved_is_all_that_nobody_has_closed(house, seed):
    town(seed, residents=15)
    report = reported()
    with database.reading() as session:
        *_, cases = counted_plainly(session, NOVEMBER)
        pages = Counter(each.case_id for each in everything(session, Page) if each.state != "not_rung")
        longest = sorted(cases, key=lambda each: (each.opened_at - (each.closed_at or report.made_at), each.id))[:10]
        assert [each.case.id for each in report.hardest] == [each.id for each in longest]
        assert [each.case.pages for each in report.hardest] == [each.past_pages + pages[each.id] for each in longest]
        unclosed = [each for each in everything(session, Case) if each.state != CaseState.CLOSED]
        assert report.unresolved == len(unclosed)
        oldest = sorted(unclosed, key=lambda each: (each.opened_at, each.id))[:10]
        assert [each.case.id for each in report.oldest] == [each.id for each in oldest]


def test_it_is_laid_beside_the_month_before(house):
    town(1)
    now, before = reported(), reported(OCTOBER)
    assert (now.before.check_ins, now.before.calls) == (before.now.check_ins, before.now.calls)
    assert {each.kind: each.before for each in now.kinds if each.before} == {
        each.kind: each.now.opened for each in before.kinds}  # fmt: skip
    assert before.before is None
    assert Unknown.MONTH_BEFORE in before.unknown


def test_nobody_is_named_unless_it_is_asked_for(house):
    town(2)
    lines = [*reported().hardest, *reported().oldest, *reported().often]
    assert lines
    assert {each.resident for each in lines} == {None}
    named = reported(names=True)
    with database.reading() as session:
        names = {each.id: each.name for each in everything(session, Resident)}
    assert [each.resident for each in named.hardest] == [names[each.case.resident_id] for each in named.hardest]
    assert all(each.resident in names.values() for each in named.often)


def test_a_month_whose_calls_have_gone_is_counted_as_before_and_says_so(house):
    town(3)
    before = reported(OCTOBER)
    assert Unknown.CALLS_ONE_BY_ONE not in before.unknown
    with database.unit_of_work() as session:
        session.query(Case).update({"state": CaseState.CLOSED, "closed_at": AT})
    closed = reported(OCTOBER)
    clock.set_anchor(Anchor(clock.real_now(), AT + timedelta(days=401)))
    call_retention.forget()
    after = reported(OCTOBER)
    with database.reading() as session:
        assert everything(session, Call) == []
    assert after.now.calls.to_residents == before.now.calls.to_residents
    assert after.now.calls.to_us == before.now.calls.to_us
    assert after.now.calls.to_helpers == before.now.calls.to_helpers
    assert (after.kinds, after.now.check_ins, after.findings) == (closed.kinds, closed.now.check_ins, closed.findings)
    assert [each.case.pages for each in after.hardest] == [each.case.pages for each in closed.hardest]
    assert after.unknown[Unknown.CALLS_ONE_BY_ONE] == 31


def test_what_is_merged_or_another_communitys_is_counted_there(house):
    ours = town(4)
    cases = reported().now.cases.opened
    with database.unit_of_work() as session:
        first, second = session.query(Case).filter(Case.opened_at > datetime(2026, 11, 1, tzinfo=UTC)).limit(2)
        second.merged_into_id, second.state = first.id, CaseState.CLOSED
        people.another_community(session, "河西社区")
    report = reported()
    assert report.now.cases.opened == cases - 1
    assert report.now.calls is None
    assert Unknown.CALLS_OF_COMMUNITY in report.unknown
    with database.reading() as session:
        [other] = [each.id for each in everything(session, Community) if each.id != ours]
        assert monthly_report(session, other, NOVEMBER).now.is_empty


def test_an_empty_month_is_empty(house):
    report = reported()
    assert report.now.is_empty
    assert (report.kinds, report.buildings, report.hardest, report.oldest, report.unresolved) == ([], [], [], [], 0)
    assert set(report.unknown) == {Unknown.REST_OF_MONTH, Unknown.MONTH_BEFORE}


def test_a_month_begins_and_ends_at_midnight_where_the_community_lives(house):
    with database.unit_of_work() as session:
        made = Town(session, 2, 5)
        for at in (
            datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC),
            datetime(2026, 10, 31, 16, tzinfo=UTC),
            datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 30, 16, tzinfo=UTC),
        ):
            made._round(made.daily, at, None, 1)
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, 12, 5, tzinfo=UTC)))
    assert [reported(Month(2026, each)).now.check_ins.rounds for each in (10, 11, 12)] == [1, 2, 1]


@pytest.mark.parametrize("written", ["", "2026", "2026-13", "2026-00", "11-2026", "2026-1", "0000-01", "９999-01", "x"])
def test_what_is_no_month_is_refused(written):
    with pytest.raises(UserError) as refused:
        read(written, AT, SHANGHAI)
    assert (refused.value.field, refused.value.status) == ("month", 422)


def test_a_month_that_has_not_begun_is_not_there():
    assert read(" 2026-11 ", AT, SHANGHAI) == NOVEMBER
    with pytest.raises(NotFoundError):
        read("2026-12", AT, SHANGHAI)
    assert (str(NOVEMBER.after.after), str(Month(2026, 1).before)) == ("2027-01", "2025-12")
    assert len(NOVEMBER.days) == 30


def plan_of(statement, parameters):
    with database.reading() as session:
        return str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())


def test_no_table_of_years_is_looked_through(house, kept_in):
    """Rounds, check-ins, cases and calls of other months cost nothing: SQLite enters an index for each."""
    if kept_in != "sqlite":
        return
    town(1)
    said = []

    def hear(_, __, statement, parameters, *___):
        said.append((statement, parameters))

    event.listen(house.engine, "before_cursor_execute", hear)
    reported()
    event.remove(house.engine, "before_cursor_execute", hear)
    plans = [plan_of(*each) for each in said if each[0].startswith(("SELECT", "WITH"))]
    looked_through = [name for plan in plans for name in re.findall(r"'SCAN (\w+)'", plan)]
    assert set(looked_through) <= {"communities", "areas", "campaigns", "anon_1", "residents", "call_totals"}
    used = " ".join(plans)
    for index in ("ix_cases_opened_at", "ix_cases_unclosed", "ix_check_ins_round_outcome", "ix_calls_ended"):
        assert index in used, index


def test_a_case_that_was_given_back_was_accepted_when_it_was_first(house):
    with database.unit_of_work() as session:
        home = people.resident(session, "王奶奶", "+8631186000101")
        helper = people.responder(session, "田保国", "+8613900000001").id
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, home.id, None).id
    for minutes in (5, 10):
        clock.set_anchor(Anchor(clock.real_now(), AT + timedelta(minutes=minutes)))
        with database.unit_of_work() as session:
            assert cases.accept(session, actors.system(), case, helper)
            if minutes == 5:
                cases.release(session.get_one(Case, case))
    assert round(reported().now.cases.accepted.median / 60) == 5
