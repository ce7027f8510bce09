"""The witness writes down what happened at a telephone, and nothing that did not."""

from datetime import UTC, datetime, timedelta

from zaoan.rehearsal import witness
from zaoan.rehearsal.wire import KeyReport, WireCall

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def call(minutes, keys=(), *, inbound=False, status="completed", by="human", told=True, lost=False, asked=True):
    """A call that begins so many minutes after eight and reports these keys ("" is silence), one each ten seconds."""
    began = EIGHT + timedelta(minutes=minutes)
    ended = began + timedelta(minutes=1)
    reports = [KeyReport(key, at, at) for n, key in enumerate(keys) for at in [began + timedelta(seconds=10 * n)]]
    answered = began if status == "completed" else None
    return WireCall(
        f"CA{minutes}", "+861", inbound, began, ended, answered, reports, status=status,
        answered_by=by if answered else None, machine_told_at=began if told else None, words_lost=lost,
        told_at=began if asked else None,
    )  # fmt: skip


def right(*calls, people=1):
    return [set(testimony.acceptable(3)) for testimony in witness.testimonies(calls, people)]


def test_what_was_said_counts_and_the_most_worrying_outranks_the_rest():
    assert right(call(1, "1")) == [{"ok"}]
    assert right(call(1, "73")) == [{"unwell"}]
    assert right(call(1, "1"), call(5, "3", inbound=True)) == [{"unwell"}]
    assert right(call(1, "2"), call(5, "1", inbound=True)) == [{"needs_supplies"}]


def test_without_a_word_the_furthest_contact_counts():
    assert right(call(1, status="busy"), call(11, status="no-answer")) == [{"busy"}]
    assert right(call(1), call(11, status="busy")) == [{"hung_up"}]
    assert right(call(1, ["", "", ""])) == [{"no_key"}]
    assert right(call(1, ["7", "", "8"])) == [{"no_key"}]
    assert right(call(1, ["", ""])) == [{"hung_up"}]
    assert right(call(1, status="failed")) == [{"unreachable"}]
    assert right() == [{"unreachable"}]


def test_a_machine_that_nobody_told_of_may_be_taken_for_somebody_who_hung_up():
    assert right(call(1, by="machine")) == [{"voicemail"}]
    assert right(call(1, by="machine", told=False)) == [{"voicemail", "hung_up"}]
    assert right(call(1, by="machine", told=False), call(11)) == [{"hung_up"}]


def test_a_key_that_was_lost_may_have_been_heard_as_silence_only_where_we_hung_up():
    lost = call(1, ["", ""], lost=True)
    assert right(lost) == [{"hung_up"}]
    lost.ended_by = "service"
    assert right(lost) == [{"hung_up", "no_key"}]
    kept = call(1, ["", ""])
    kept.ended_by = "service"
    assert right(kept) == [{"hung_up"}]


def test_a_couple_is_asked_one_after_the_other_and_whoever_has_answered_is_not_asked_again():
    assert right(call(1, "13"), people=2) == [{"ok"}, {"unwell"}]
    assert right(call(1, "1", lost=True), call(11, "1"), people=2) == [{"ok"}, {"ok"}]
    assert right(call(1, ["", "", "", "2"]), people=2) == [{"no_key"}, {"needs_supplies"}]
    assert right(call(1, "1"), call(11), call(21), people=2) == [{"ok"}, {"hung_up"}]


def test_what_is_needed_is_no_answer_of_whoever_is_asked_next():
    assert right(call(1, "213"), people=2) == [{"needs_supplies"}, {"unwell"}]
    assert right(call(1, ["2", "", "", "1"]), people=2) == [{"needs_supplies"}, {"ok"}]
    assert right(call(1, "20")) == [{"needs_supplies"}]


def test_nine_twice_wants_a_person_and_nine_once_is_asked_again():
    assert right(call(1, "99")) == [{"wants_person"}]
    assert right(call(1, ["9", "", "1"])) == [{"ok"}]
    assert right(call(1, "93")) == [{"unwell"}]
    assert right(call(1, "9")) == [{"hung_up"}]


def test_a_second_thought_counts_when_it_is_worse():
    assert right(call(1, "13")) == [{"unwell"}]
    assert right(call(1, "31")) == [{"unwell"}]


def test_of_a_couple_that_rings_us_the_first_key_says_who_speaks():
    assert right(call(1), call(5, "23", inbound=True), people=2) == [{"hung_up"}, {"unwell"}]
    assert right(call(1), call(5, "2", inbound=True), people=2) == [{"hung_up"}, {"hung_up"}]


def test_a_late_ok_need_not_send_the_helper_away():
    rung_out = [call(minutes, status="no-answer") for minutes in (1, 11, 21)]
    assert right(*rung_out, call(23, "1", inbound=True)) == [{"ok", "no_answer"}]
    assert right(*rung_out[:2], call(13, "1", inbound=True)) == [{"ok"}]
    assert right(call(1, ["", "", ""]), call(9, "1", inbound=True)) == [{"ok", "no_key"}]
    assert right(*rung_out, call(23, "3", inbound=True)) == [{"unwell"}]


def test_a_call_that_was_never_answered_here_is_no_contact():
    assert right(call(1, status="no-answer"), call(3, inbound=True, status="canceled")) == [{"no_answer"}]


def test_a_key_that_was_lost_on_its_way_is_known_to_whoever_asks_for_it():
    lost = call(1, lost=True)
    lost.untold_keys.append(KeyReport("1", lost.requested_at, lost.requested_at, acknowledged=False))
    [told], [learnt] = witness.testimonies([lost], 1), witness.if_learnt_late([lost], 1)
    assert (set(told.acceptable(3)), set(learnt.acceptable(3))) == ({"hung_up"}, {"ok"})


def test_a_call_to_us_of_which_nobody_has_told_us_is_no_contact_that_we_must_know():
    unanswered, unknown = call(1, status="no-answer"), call(3, inbound=True, lost=True, asked=False)
    assert right(unanswered, unknown) == [{"no_answer", "hung_up"}]
    assert right(unanswered, call(3, inbound=True, lost=True)) == [{"hung_up"}]


def test_nobody_has_to_be_rung_from_the_first_answer_or_the_first_whole_silence_on():
    first, second = witness.testimonies([call(1, ["1", "", "", ""])], 2)
    assert first.settled_at == EIGHT + timedelta(minutes=1)
    assert second.settled_at == EIGHT + timedelta(minutes=1, seconds=30)
    assert witness.testimonies([call(1)], 1)[0].settled_at is None
