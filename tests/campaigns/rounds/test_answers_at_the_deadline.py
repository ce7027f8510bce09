"""What a resident says while their round ends: on PostgreSQL both look at the same rows, and neither overwrites."""

import threading

import pytest
from sqlalchemy import select

from campaigns.inbound import opt_out, resident_answers
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import check_ins
from campaigns.rounds.early_answers import TEXTED, Said
from core import clock
from core.storage import database
from escalation.models import Case
from tests.campaigns.mornings import HOME, a_round
from tests.switchboard import resident, rows


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def while_the_round_ends(say):
    """The end of the round has decided that they were not asked, and not committed yet, when the resident is heard."""
    begins = threading.Event()

    def heard():
        begins.set()
        with database.unit_of_work() as session:
            say(session)

    speaks = threading.Thread(target=heard)
    with database.unit_of_work() as session:
        [check_in] = session.scalars(select(CheckIn).with_for_update(of=CheckIn))
        check_ins.not_asked(session, check_in.round, [check_in])
        session.flush()
        speaks.start()
        begins.wait()
        speaks.join(1)  # they wait for us, or have read what is not stored yet
    speaks.join()


def test_an_answer_while_the_deadline_passes_is_taken_from_those_who_were_not_asked(switchboard):
    wang = resident("王奶奶", HOME)
    a_round()
    at = clock.now()
    while_the_round_ends(lambda session: resident_answers.hear(session, wang, Said(Outcome.OK, at, TEXTED)))
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.OK]
    assert [(case.kind, case.people) for case in rows(Case)] == [("not_asked", 0)]


def test_a_wish_for_no_calls_while_the_deadline_passes_does_not_overwrite_what_was_decided(switchboard):
    wang = resident("王奶奶", HOME)
    a_round()
    while_the_round_ends(lambda session: opt_out.stop(session, wang))
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.NOT_ASKED]
    assert {case.kind for case in rows(Case)} == {"not_asked", "wants_no_calls"}
