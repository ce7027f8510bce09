"""Reports may come in any order, any number of times, before our own bookkeeping, hours late or never.

Real sequences of callbacks are recorded once: the provider's side of a call is played against the service, one request
after the other. Then each is played again as hypothesis shuffles, doubles and drops it, and must lead to the same end.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from campaigns import queries
from campaigns.changes import campaign_lookup, round_starts
from campaigns.models import CheckIn, CheckInCall
from campaigns.outcomes import QUIET, SAID
from campaigns.rounds import attempts
from core import actors, clock
from core.settings import Settings
from core.storage import database
from escalation.models import Case, CaseState, Page, PageState
from ivr.dispatch import calls
from ivr.models import Call, CallState, CallTurn, Ending
from ivr.provider.twilio.statuses import FINAL_STATUSES
from ivr.reconciliation import lookup_overdue
from tests.databases import sqlite_in
from tests.ivr.house import House
from tests.scripted_provider import script

EXAMPLES = 60
KEY, SILENT, MACHINE, STATUS, PLACED = "key", "silent", "machine", "status", "placed"
SCRIPTS = {
    "well": [(KEY, "1"), (STATUS, "completed")],
    "unwell, heard as a person": [(MACHINE, "human"), (KEY, "3"), (STATUS, "completed")],
    "a wrong key first": [(KEY, "7"), (KEY, "2"), (STATUS, "completed")],
    "silent, then a key": [(SILENT, ""), (KEY, "0"), (STATUS, "completed")],
    "silent to the end": [(SILENT, ""), (SILENT, ""), (SILENT, ""), (STATUS, "completed")],
    "hangs up": [(STATUS, "completed")],
    "silent, then hangs up": [(SILENT, ""), (STATUS, "completed")],
    "a machine": [(MACHINE, "machine_end_beep"), (SILENT, ""), (STATUS, "completed")],
    "a machine that never ends its greeting": [(MACHINE, "machine_start"), (SILENT, ""), (STATUS, "completed")],
    "taken for a machine late": [*[(SILENT, "")] * 3, (MACHINE, "machine_start"), (STATUS, "completed")],
    "a key, then taken for a machine": [(KEY, "1"), (MACHINE, "machine_end_silence"), (STATUS, "completed")],
    "taken for a machine, then a key": [(MACHINE, "machine_end_other"), (KEY, "3"), (STATUS, "completed")],
    "busy": [(STATUS, "busy")],
    "no answer": [(STATUS, "no-answer")],
    "failed": [(STATUS, "failed")],
    "canceled": [(STATUS, "canceled")],
}
NEVER_ANSWERED = {"busy", "no answer", "failed", "canceled"}


@dataclass(frozen=True)
class Report:
    """One request of the provider: ``path`` below the call, and its form. PLACED is the reply to our own request."""

    path: str
    form: tuple

    @property
    def is_turn(self):
        return self.path.startswith("/turns/")


class Calls(House):
    """Calls to one resident, each in a round of its own; what the last one has led to is dealt with."""

    def ring(self):
        """A call whose request has just been sent; nothing is known of it yet."""
        with database.unit_of_work() as session:
            dealt_with = {"state": CaseState.CLOSED, "closed_at": clock.now(), "look_at": None}
            session.execute(update(Case).where(Case.is_unclosed).values(**dealt_with))
            session.execute(update(Page).where(Page.state == PageState.CALLING).values(state=PageState.WITHDRAWN))
            session.execute(update(Call).where(Call.state != CallState.ENDED).values(state=CallState.ENDED))
            session.execute(update(CheckIn).where(CheckIn.next_attempt_at.is_not(None)).values(next_attempt_at=None))
        with database.unit_of_work() as session:
            self.round_id = round_starts.start_now(
                session, actors.system(), campaign_lookup.find(session, "早安"), between=timedelta(0)
            ).id
        with database.unit_of_work() as session:
            attempts.queue_due(session)
        with database.unit_of_work() as session:
            call = session.scalars(select(Call).where(Call.state == CallState.QUEUED)).one()
            call.state, call.dialled_at, call.requested_at = CallState.DIALLING, clock.now(), clock.real_now()
            call.overdue_at = calls.overdue_instant(call.ring_seconds)
            self.call_id = call.id
        self.provider = script()

    def deliver(self, report):
        if report.path == PLACED:
            with database.unit_of_work() as session:
                return calls.adopt(session, session.get_one(Call, self.call_id), self.sid)
        form = {"CallSid": self.sid} | dict(report.form)
        answer = self.post(f"/telephony/calls/{self.call_id}{report.path}", **form)
        assert answer.status_code in {200, 204}
        return answer

    @property
    def sid(self):
        return f"CA{self.call_id.hex}"

    def poll(self):
        """Long after the call."""
        with database.unit_of_work() as session:
            session.execute(update(Call).where(Call.id == self.call_id).values(overdue_at=clock.now() - timedelta(1)))
        lookup_overdue.poll()

    def end_state(self):
        """All that anybody will ever ask about this call."""
        with database.reading() as session:
            call = session.get_one(Call, self.call_id)
            [check_in] = queries.check_ins(session, self.round_id)
            kinds = session.scalars(select(Case.kind).where(Case.check_in_id == check_in.id)).all()
            pages = session.scalar(select(func.count()).select_from(Page).join(Case, Case.id == Page.case_id)
                                   .where(Case.check_in_id == check_in.id))  # fmt: skip
            return {
                "outcome": check_in.outcome,
                "cases": list(kinds),
                "pages": pages,
                "attempts": check_in.attempts,
                "rung again": check_in.next_attempt_at is not None,
                "reached": None if check_in.outcome else check_in.furthest,
                "call": (call.state, call.ending, call.provider_id == self.sid),
            }


def record(house, name):
    """Plays one script as the provider would, and keeps every request that it makes."""
    house.ring()
    reports = [Report(PLACED, ())]
    house.deliver(reports[0])
    waiting = None if name in NEVER_ANSWERED else "/turns/0"

    def ask(path, **form):
        reports.append(Report(path, tuple(form.items())))
        return house.deliver(reports[-1])

    def next_question(answer):
        gathers = list(ElementTree.fromstring(answer.text).iter("Gather"))
        if not gathers:
            return None
        parts = urlsplit(gathers[0].attrib["action"])
        return f"{parts.path.split(str(house.call_id))[1]}?{parts.query}"

    if waiting:
        waiting = next_question(ask(waiting, CallStatus="in-progress"))
    for what, value in SCRIPTS[name]:
        if what == STATUS:
            house.provider.ending = FINAL_STATUSES[value]
            ask("/status", CallStatus=value)
        elif what == MACHINE:
            house.provider.by_machine |= value.startswith("machine")
            ask("/machine", AnsweredBy=value)
            if house.provider.redirected:
                waiting = next_question(ask(urlsplit(house.provider.redirected).path.split(str(house.call_id))[1]))
        elif waiting:
            waiting = next_question(ask(waiting, **({"Digits": value} if what == KEY else {})))
    return reports, house.provider.ending, house.provider.by_machine, house.end_state()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any-order")
    opened = Calls(Settings(database_url=sqlite_in(folder), data_dir=folder, area_code="0311"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def recorded(house):
    return {name: record(house, name) for name in SCRIPTS}


careful = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def draw_call(house, recorded, data):
    """A new call, which the provider knows to have gone like one of the recorded; its reports and its end."""
    reports, ending, by_machine, expected = recorded[data.draw(st.sampled_from(sorted(SCRIPTS)))]
    house.ring()
    house.provider.ending, house.provider.by_machine = ending, by_machine
    return reports, expected


def shuffled(reports):
    """Every report, some of them twice, in any order."""
    twice = st.lists(st.sampled_from(reports), max_size=3)
    return twice.flatmap(lambda more: st.permutations([*reports, *more]))


def test_the_scripts_end_as_they_should(recorded):
    ends = {name: recorded[name][3] for name in SCRIPTS}
    assert {name: end["outcome"] or end["reached"] for name, end in ends.items()} == {
        "well": "ok",
        "unwell, heard as a person": "unwell",
        "a wrong key first": "needs_supplies",
        "silent, then a key": "wants_person",
        "silent to the end": "no_key",
        "hangs up": "hung_up",
        "silent, then hangs up": "hung_up",
        "a machine": "voicemail",
        "a machine that never ends its greeting": "voicemail",
        "taken for a machine late": "no_key",
        "a key, then taken for a machine": "ok",
        "taken for a machine, then a key": "unwell",
        "busy": "busy",
        "no answer": "no_answer",
        "failed": "unreachable",
        "canceled": "no_answer",
    }
    assert all(end["attempts"] == 1 for end in ends.values())


@careful
@given(st.data())
def test_in_any_order_and_any_number_of_times_the_end_is_the_same(house, recorded, data):
    reports, expected = draw_call(house, recorded, data)
    for report in data.draw(shuffled(reports)):
        house.deliver(report)
    assert house.end_state() == expected


@careful
@given(st.data())
def test_whatever_else_is_lost_the_poller_brings_the_same_end(house, recorded, data):
    """All but what was pressed can be learnt from the provider."""
    reports, expected = draw_call(house, recorded, data)
    kept = [report for report in reports if report.is_turn or data.draw(st.booleans())]
    if any(report.path == "/status" for report in kept):  # then nobody asks the provider, which knows of machines
        kept = [*kept, *(report for report in reports if report.path == "/machine" and report not in kept)]
    for report in data.draw(st.permutations(kept)):
        house.deliver(report)
    house.deliver(Report(PLACED, ()))
    house.poll()
    assert house.end_state() == expected


@careful
@given(st.data())
def test_whatever_is_lost_nobody_is_well_without_a_key_and_nobody_is_forgotten(house, recorded, data):
    reports, expected = draw_call(house, recorded, data)
    kept = [report for report in reports if data.draw(st.booleans())]
    for report in data.draw(st.permutations(kept)):
        house.deliver(report)
    house.deliver(Report(PLACED, ()))
    house.poll()
    end = house.end_state()
    assert end["call"] == expected["call"]
    assert end["attempts"] == 1
    assert end["outcome"] in {None, "no_key", *SAID}
    if end["outcome"] is None:
        assert end["rung again"]
    elif end["outcome"] in QUIET:
        assert ("Digits", "1") in {field for report in kept for field in report.form}
    else:
        assert len(end["cases"]) == 1


@careful
@given(st.data())
def test_a_second_call_for_the_same_attempt_is_hung_up_at_its_first_report_and_changes_nothing(house, recorded, data):
    reports, expected = draw_call(house, recorded, data)
    first = Report(PLACED, ())
    other = ("CallSid", "CA" + "f" * 32)
    seconds = [replace(report, form=(*report.form, other)) for report in reports if report.path != PLACED]
    order = data.draw(st.permutations([*reports, *seconds]))
    house.deliver(first)
    for report in order:
        answer = house.deliver(report)
        if report in seconds and report.is_turn:
            assert answer.text.endswith("<Response><Hangup /></Response>")
    assert house.end_state() == expected


def test_reports_that_go_backwards_change_nothing(house):
    house.ring()
    for number, status in enumerate(["completed", "in-progress", "ringing", "initiated", "queued", "no-answer"]):
        house.deliver(Report("/status", (("CallStatus", status), ("SequenceNumber", str(9 - number)))))
    assert house.end_state()["call"] == (CallState.ENDED, Ending.COMPLETED, True)


def test_a_turn_reported_twice_with_different_keys_is_answered_as_the_first(house):
    house.ring()
    house.deliver(Report("/turns/0", ()))
    first = house.deliver(Report("/turns/1?step=ask-0&play=1", (("Digits", "3"),)))
    again = house.deliver(Report("/turns/1?step=ask-0&play=1", (("Digits", "1"),)))
    assert again.content == first.content
    assert house.end_state()["outcome"] == "unwell"


def test_a_key_that_comes_hours_late_outranks_how_the_call_seemed_to_end(house):
    house.ring()
    house.deliver(Report("/turns/0", ()))
    house.deliver(Report("/status", (("CallStatus", "completed"),)))
    assert house.end_state()["rung again"]
    house.deliver(Report("/turns/1?step=ask-0&play=1", (("Digits", "2"),)))
    end = house.end_state()
    assert (end["outcome"], end["cases"], end["rung again"]) == ("needs_supplies", ["needs_supplies"], False)


def test_a_call_believed_never_placed_that_reports_itself_is_not_dialled_again(house):
    house.ring()
    with database.unit_of_work() as session:
        calls.give_back(session, house.call_id, house.call().requested_at, clock.now())
    house.deliver(Report("/turns/0", ()))
    assert house.call().state == CallState.PLACED
    house.deliver(Report("/turns/1?step=ask-0&play=1", (("Digits", "1"),)))
    house.deliver(Report("/status", (("CallStatus", "completed"),)))
    assert house.end_state()["outcome"] == "ok"


def test_the_news_of_a_machine_that_comes_after_the_last_attempt_corrects_the_outcome_and_its_case(house):
    house.ring()
    with database.unit_of_work() as session:
        session.execute(update(CheckIn).where(CheckIn.round_id == house.round_id).values(attempts=2))
    house.deliver(Report("/turns/0", ()))
    house.deliver(Report("/status", (("CallStatus", "completed"),)))
    assert house.end_state()["outcome"] == "hung_up"
    house.deliver(Report("/machine", (("AnsweredBy", "machine_start"),)))
    assert (house.end_state()["outcome"], house.end_state()["cases"]) == ("voicemail", ["voicemail"])


def test_every_turn_of_these_calls_was_heard_once(house):
    with database.reading() as session:
        turns = session.execute(select(CallTurn.call_id, CallTurn.number)).all()
        assert len(turns) == len(set(turns))
        assert session.scalar(select(func.count()).select_from(CheckInCall)) > 0
