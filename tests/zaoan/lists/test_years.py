"""After years of mornings nothing takes longer: what is over is never read through to find what is not.

The work is counted in steps of SQLite's own machine, which are the same on every computer.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CheckIn, CheckInCall, Round
from campaigns.rounds import attempts
from campaigns.tasks import audit, tick
from contacts.community.community import the_community
from contacts.models import Area, Responder
from core import actors, clock
from core.ids import new_id
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.paging import paging
from escalation.tasks import climb, keep
from ivr import queries
from ivr.dialogue.engine import Dialogue, End
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Line, Recording, RecordingState
from ivr.reconciliation import lookup_overdue
from ivr.tasks import collect_recordings, send_texts, sweep
from tests import signed_in
from tests.switchboard import resident, responder

SILENT = Dialogue(name="silent", language="zh-CN", first="quiet", steps={"quiet": End(prompts=())})
STEPS_AT_ONCE = 20
DAYS = 400
MORE_AT_MOST = 1.25
"""A taller tree of an index takes a step more here and there; reading through 400 days takes hundreds of times more."""
PEOPLE = 6
HELPER = "+8613900130001"


def number(index):
    return f"+86311861000{index:02d}"


@pytest.fixture
def quarter(switchboard, provider):
    """A few residents in one house, a helper for it and one for everywhere, and a round that is under way."""
    people = [resident(f"住户{index}", number(index), room=str(101 + index)) for index in range(PEOPLE)]
    responder("帮手", HELPER, "building_head")
    responder("志愿者", "+8613900130002")
    with database.unit_of_work() as session:
        near = session.scalars(select(Responder).where(Responder.number == HELPER)).one()
        near.areas = [session.get_one(Area, resident_area(session, people[0]))]
        campaign = new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
        round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign.id))
    tick()
    return people


def resident_area(session, resident_id):
    return paging.contacts.resident_profile(session, resident_id).area_ids[0]


def test_what_is_over_costs_nothing(switchboard, quarter):
    signed_in.enter(switchboard.client)
    everything = {
        "the ticks": ticks,
        "the auditor": audit,
        "what may not be kept": keep,
        "the start after a stop": lookup_overdue.recover,
        "whom to dial next": whom_to_dial,
        "whether a household is on the telephone": lambda: asked(queries.in_a_call, [number(0)]),
        "where they were last heard": lambda: asked(queries.last_heard_from, [number(0)]),
        "an alert": lambda: alert(quarter[1]),
        "the end of a helper's call": lambda: end_of_a_page(quarter[2]),
        "the page Today": lambda: switchboard.client.get("/"),
        "somebody rings us": lambda: switchboard.ring(number(3)).press("1").hang_up(),
    }
    before = {}
    for name, do in everything.items():
        do()  # what is only found out once is known now
        before[name] = work_of(switchboard, do)
    with database.unit_of_work() as session:
        live_through(session, quarter, DAYS)
    after = {name: work_of(switchboard, do) for name, do in everything.items()}
    dearer = {
        name: f"{after[name]} steps instead of {before[name]}"
        for name in everything
        if after[name] > before[name] * MORE_AT_MOST + 1000
    }
    assert not dearer


def work_of(house, do):
    """Steps of SQLite's machine, as near as it counts them."""
    with counting(house) as steps:
        do()
    return len(steps) * STEPS_AT_ONCE


@contextmanager
def counting(house):
    steps = []

    def listening(dbapi_connection, *_):
        dbapi_connection.set_progress_handler(lambda: steps.append(1), STEPS_AT_ONCE)

    def leave(dbapi_connection, *_):
        dbapi_connection.set_progress_handler(None, 0)

    for engine in house.database.engines:
        event.listen(engine, "checkout", listening)
        event.listen(engine, "checkin", leave)
    yield steps
    for engine in house.database.engines:
        event.remove(engine, "checkout", listening)
        event.remove(engine, "checkin", leave)


def ticks():
    for look in (tick, climb, sweep, send_texts, collect_recordings):
        look()


def whom_to_dial():
    with database.reading() as session:
        assert queries.waiting_calls(session, clock.now(), 10)
        [line] = session.scalars(select(Line)).all()
        queries.calls_in_use(session, line.id)
        queries.next_due(session, clock.now())


def asked(question, *about):
    with database.reading() as session:
        question(session, *about)


def alert(resident_id):
    with database.unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident_id, None)
        assert session.scalar(select(func.count()).select_from(Page).where(Page.case_id == case.id))
        cases.close(session, actors.system(), case.id, "")
        session.flush()


def end_of_a_page(resident_id):
    with database.unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident_id, None)
        [page] = session.scalars(select(Page).where(Page.case_id == case.id, Page.state == PageState.CALLING).limit(1))
        calls.end(session, page.call_id, Ending.NO_ANSWER)
        cases.close(session, actors.system(), case.id, "")


def live_through(session, people, days):
    """Past mornings: everybody was rung and answered, one was unwell and was looked after, one left a message."""
    campaign = session.scalars(select(Campaign)).one()
    helper = session.scalars(select(Responder).where(Responder.number == HELPER)).one()
    for back in range(2, days + 2):
        at = clock.now() - timedelta(days=back)
        morning = Round(campaign_id=campaign.id, occurrence=at, started_at=at, deadline=at, completed_at=at)
        session.add(morning)
        session.flush()
        for index, person in enumerate(people):
            one_day(session, morning, index, person, at)
        with_helper(session, helper, at)
        message(session, at)
    session.flush()


def one_day(session, morning, index, person, at):
    call = past_call(session, number(index), attempts.OWNER, at)
    check_in = CheckIn(round_id=morning.id, resident_id=person, numbers=[number(index)], refused=[], attempts=1,
                       outcome="unwell" if index == 0 else "ok", answered_at=at, decided_at=at)  # fmt: skip
    session.add(check_in)
    session.flush()
    session.add(CheckInCall(call_id=call.id, check_in_id=check_in.id))
    if index == 0:
        past_case(session, CaseKind.UNWELL, at, resident_id=person, check_in_id=check_in.id)
    about = {"outcome": check_in.outcome, "resident": str(person)}
    session.add(Event(at=at, kind="check_in.decided", subject_id=check_in.id, facts=about))


def with_helper(session, helper, at):
    """Their call, and the leg out of it that connected them with the resident."""
    case = past_case(session, CaseKind.UNWELL, at, resident_id=None)
    call = past_call(session, helper.number, paging.OWNER, at)
    past_call(session, number(0), "introduction", at, parent_id=call.id)
    session.add(Page(case_id=case.id, responder_id=helper.id, call_id=call.id, state=PageState.ACCEPTED, asked_at=at,
                     ended_at=at))  # fmt: skip


def message(session, at):
    call = past_call(session, "+8631186109999", "stranger", at)
    recording = Recording(id=new_id(), call_id=call.id, provider_id=f"RE{new_id().hex}", seconds=4, made_at=at,
                          state=RecordingState.DELETED)  # fmt: skip
    session.add(recording)
    session.flush()
    past_case(session, CaseKind.MESSAGE, at, recording_id=recording.id)


def past_call(session, to, owner, at, parent_id=None):
    call = Call(id=new_id(), parent_id=parent_id, direction="out", number=to, owner=owner, urgency=10,
                **calls.carried(session, SILENT),
                state=CallState.ENDED, ring_seconds=60, due_at=at, not_after=at, requested_at=at, dialled_at=at,
                answered_at=at, ended_at=at, overdue_at=at, cancel_at=at, ending=Ending.COMPLETED,
                provider_id=f"CA{new_id().hex}")  # fmt: skip
    session.add(call)
    session.flush()
    return call


def past_case(session, kind, at, **about):
    case = Case(id=new_id(), community_id=the_community(session).id, kind=kind, state=CaseState.CLOSED, urgency=1,
                opened_at=at, closed_at=at, **about)  # fmt: skip
    session.add(case)
    session.flush()
    return case
