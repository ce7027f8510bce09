"""Staff stop a round: nothing more is dialled, calls in progress are heard, and everybody else is excused by name."""

import threading

import pytest
from sqlalchemy import event

from campaigns import queries
from campaigns.changes import round_starts
from campaigns.models import Campaign, CheckIn, Round
from campaigns.rounds import attempts, auditor, excuses, round_end, round_stops
from core import actors, clock
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.running.events import Event
from core.storage import database
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Line
from ivr.ports import owners
from tests.campaigns.mornings import HOME, a_round, later
from tests.switchboard import resident, rows

STAFF = actors.user("王芳")
OTHER = "+8631186000102"


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def stop(round_id, note=""):
    with database.unit_of_work() as session:
        return round_stops.stop_round(session, STAFF, round_id, note)


def halt(how):
    with database.unit_of_work() as session:
        return how(session, STAFF, session.get_one(Campaign, rows(Campaign)[0].id))


def names(people):
    return sorted(each.name.removesuffix("的全名") for each in people)


def check_ins():
    with database.reading() as session:
        return {each.resident.called: each for each in queries.check_ins(session, rows(Round)[-1].id)}


def is_over():
    return rows(Round)[-1].completed_at is not None


def test_whoever_waits_is_excused_with_the_reason_and_nobody_is_rung(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", OTHER, room="102")
    round_id = a_round()
    queue()
    stopped = stop(round_id, "演习")
    assert names(stopped.excused) == ["李爷爷", "王奶奶"]
    assert (stopped.in_calls, stopped.unheard) == ([], [])
    assert {(each.outcome, each.reason, each.reason_note) for each in rows(CheckIn)} == {
        ("excused", "round_stopped", "演习")
    }
    assert {call.state for call in rows(Call)} == {CallState.ENDED}
    assert is_over()
    later(hours=1)
    queue()
    auditor.audit()
    assert not switchboard.waiting_for(HOME)
    assert rows(Case) == []


def test_whoever_had_been_rung_without_an_answer_is_named(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", OTHER, room="102")
    round_id = a_round()
    queue()
    switchboard.miss(HOME)
    stopped = stop(round_id)
    assert names(stopped.unheard) == ["王奶奶"]
    assert names(stopped.excused) == ["李爷爷", "王奶奶"]
    later(hours=1)
    queue()
    assert not switchboard.waiting_for(HOME)


@pytest.mark.parametrize(("key", "outcome"), [("1", "ok"), ("3", "unwell")])
def test_whoever_is_on_the_telephone_is_heard(switchboard, key, outcome):
    resident("王奶奶", HOME)
    round_id = a_round()
    queue()
    call = switchboard.pick_up(HOME)
    stopped = stop(round_id)
    assert (names(stopped.in_calls), stopped.excused) == (["王奶奶"], [])
    assert not is_over()
    auditor.audit()
    call.press(key).hang_up()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == (outcome, None)
    assert [case.kind for case in rows(Case)] == ([] if outcome == "ok" else ["unwell"])
    assert is_over()


def test_a_silence_at_an_open_line_is_looked_after_also_when_the_round_was_stopped(switchboard):
    resident("王奶奶", HOME)
    round_id = a_round()
    queue()
    call = switchboard.pick_up(HOME)
    stop(round_id)
    call.stay().stay().stay()
    assert rows(CheckIn)[0].outcome == "no_key"
    assert [case.kind for case in rows(Case)] == ["no_key"]


@pytest.mark.parametrize("how_it_ends", ["hang_up", "no-answer"])
def test_whoever_says_nothing_in_the_call_in_progress_is_excused_at_its_end_and_not_rung_again(
    switchboard, how_it_ends
):
    resident("王奶奶", HOME)
    round_id = a_round()
    queue()
    if how_it_ends == "hang_up":
        call = switchboard.pick_up(HOME)
        stop(round_id)
        call.hang_up()
    else:
        placed, sid = switchboard._placed(HOME)
        stop(round_id)
        switchboard.post(f"/telephony/calls/{placed.id}/status", CallSid=sid, CallStatus="no-answer")
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason, check_in.next_attempt_at) == ("excused", "round_stopped", None)
    assert is_over()
    assert rows(Case) == []


def test_a_resident_who_rings_us_just_then_is_heard(switchboard):
    resident("王奶奶", HOME)
    round_id = a_round()
    call = switchboard.ring(HOME)
    stop(round_id)
    call.press("2")
    assert rows(CheckIn)[0].outcome == "needs_supplies"


def test_whoever_rings_in_after_the_stop_and_is_unwell_has_a_case(switchboard):
    resident("王奶奶", HOME)
    stop(a_round())
    switchboard.ring(HOME).press("3").hang_up()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == ("unwell", None)
    assert [case.kind for case in rows(Case)] == ["unwell"]


def test_a_couple_of_whom_one_has_answered_before_is_stopped_for_the_other(switchboard):
    resident("王奶奶", HOME)
    resident("李爷爷", HOME)
    round_id = a_round()
    queue()
    call = switchboard.pick_up(HOME).press("1")
    stopped = stop(round_id)
    assert names(stopped.in_calls) == ["李爷爷"]
    call.hang_up()
    assert {name: each.outcome for name, each in check_ins().items()} == {"王奶奶": "ok", "李爷爷": "excused"}


def test_a_call_claimed_in_the_same_second_is_given_back_and_the_check_in_ends(switchboard):
    """It was claimed before the stop, and its request had not left: it never does."""
    resident("王奶奶", HOME)
    round_id = a_round()
    queue()
    with database.unit_of_work() as session:
        call = session.get_one(Call, switchboard.waiting_for(HOME)[0].id)
        call.state, call.requested_at = CallState.DIALLING, clock.real_now()
        call.line_id = rows(Line)[0].id
    stopped = stop(round_id)
    assert names(stopped.in_calls) == ["王奶奶"]
    auditor.audit()
    with database.unit_of_work() as session:
        calls.give_back(session, call.id, call.requested_at, clock.now())
    with database.unit_of_work() as session:
        held = session.get_one(Call, call.id)
        assert held.not_after <= clock.now()
        assert not owners.owner_of(held).still_wanted(session, held)
        calls.end(session, call.id, Ending.NOT_WANTED)
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == ("excused", "round_stopped")
    assert is_over()


def test_a_campaign_that_is_paused_ends_its_round_and_goes_on_with_the_next(switchboard):
    resident("王奶奶", HOME)
    a_round()
    change = halt(round_stops.pause_campaign)
    assert (change.before, change.after) == ("active", "paused")
    assert [names(each.excused) for each in change.rounds] == [["王奶奶"]]
    assert rows(CheckIn)[0].reason == "campaign_paused"
    resumed = halt(round_stops.resume_campaign)
    assert resumed.next_round_at > clock.now()
    assert rows(CheckIn)[0].outcome == "excused"


def test_a_campaign_that_is_stopped_ends_its_round_and_never_starts_another(switchboard):
    resident("王奶奶", HOME)
    a_round()
    assert halt(round_stops.stop_campaign).rounds
    assert rows(CheckIn)[0].reason == "campaign_stopped"
    with pytest.raises(ConflictError, match="stopped"):
        halt(round_stops.resume_campaign)
    assert halt(round_stops.stop_campaign).rounds == []
    later(days=2)
    with database.unit_of_work() as session:
        assert round_starts.start_due(session) == []


def test_what_is_over_or_was_stopped_cannot_be_stopped(switchboard):
    resident("王奶奶", HOME)
    round_id = a_round()
    queue()
    call = switchboard.pick_up(HOME)
    stop(round_id)
    with pytest.raises(ConflictError, match="has been stopped"):
        stop(round_id)
    call.press("1").hang_up()
    with pytest.raises(ConflictError, match="is over"):
        stop(round_id)
    with pytest.raises(NotFoundError):
        stop(new_id())


def test_the_event_names_who_did_it_and_what_it_did(switchboard):
    resident("王奶奶", HOME)
    round_id = a_round()
    stop(round_id, "台风")
    [told] = rows(Event, kind="round.stopped")
    assert told.subject_id == round_id
    assert told.actor.facts == {"kind": "user", "name": "王芳"}
    assert (told.facts["excused"], told.facts["in_calls"], told.facts["note"]) == (1, 0, "台风")


def test_a_stop_asks_as_little_of_the_database_for_many_as_for_few(switchboard, statements):
    for index in range(3):
        resident(f"邻居{index}", f"+86311860001{index:02d}", room=str(index))
    first = a_round()
    few = statements(lambda: stop(first))
    for index in range(40):
        resident(f"新邻居{index}", f"+86311860002{index:02d}", room=f"n{index}")
    with database.unit_of_work() as session:
        round_id = round_starts.start_now(session, actors.system(), session.get_one(Campaign, rows(Campaign)[0].id)).id
    assert statements(lambda: stop(round_id)) == few


def test_one_of_two_at_a_telephone_can_be_excused_and_the_other_is_still_rung(switchboard):
    grandmother, _ = resident("王奶奶", HOME), resident("李爷爷", HOME)
    a_round()
    queue()
    with database.unit_of_work() as session:
        ids = queries.open_ids_of_resident(session, grandmother)
        excuses.excuse(session, ids, "paused", "", lambda *_: pytest.fail("somebody else waits for this call"))
    with database.unit_of_work() as session:
        call = session.get_one(Call, switchboard.waiting_for(HOME)[0].id)
        assert not owners.owner_of(call).still_wanted(session, call)
        calls.end(session, call.id, Ending.NOT_WANTED)
    queue()
    assert "李爷爷" in switchboard.pick_up(HOME).hears


@pytest.fixture
def statements(switchboard):
    counted = []
    engine = switchboard.database.engine

    def count(do):
        counted.clear()
        event.listen(engine, "before_cursor_execute", note)
        try:
            do()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(counted)

    def note(connection, cursor, statement, *_):
        counted.append(statement)

    return count


def test_a_stop_while_the_deadline_passes_is_not_overwritten_by_it(switchboard):
    """On PostgreSQL both look at the same rows at once: whoever comes second sees what the first has stored."""
    resident("王奶奶", HOME)
    round_id = a_round()
    later(hours=3)
    closing_begins = threading.Event()

    def close():
        closing_begins.set()
        with database.unit_of_work() as session:
            round_end.close_past_deadline(session, clock.now())

    closes = threading.Thread(target=close)
    with database.unit_of_work() as session:
        round_stops.stop_round(session, STAFF, round_id)
        session.flush()
        closes.start()
        closing_begins.wait()
        closes.join(1)  # it waits for us, or has read what is not stored yet
    closes.join()
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.reason) == ("excused", "round_stopped")
    assert rows(Case) == []
