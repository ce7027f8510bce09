"""What one change costs on the page of three thousand residents, counted in steps instead of seconds."""

import gc
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import update

from benchmarks import street as town
from console.view import roster
from console.view.today import rosters, today
from contacts.community.community import the_community
from contacts.models import Resident
from core.storage import database
from escalation.paging import reach
from tests.console import street
from zaoan.process import service

RESIDENTS = 3000
EVERY = 100
"""The database is interrupted after so many steps of its machine."""


@pytest.fixture
def settled():
    """This process as the service runs in."""
    before = gc.get_threshold()
    service.settle()
    yield
    gc.set_threshold(*before)


def look(*, anew=False):
    with database.reading() as session:
        return today(session, anew=anew)


@contextmanager
def database_steps(session):
    """How many steps the database's machine takes."""
    steps, connection = [0], session.connection().connection.dbapi_connection

    def count():
        steps[0] += EVERY

    connection.set_progress_handler(count, EVERY)
    yield steps
    connection.set_progress_handler(None, 0)


@contextmanager
def calls():
    """How many functions are called, those of the interpreter too."""
    made = [0]

    def count(_frame, kind, _what):
        made[0] += kind in {"call", "c_call"}

    sys.setprofile(count)
    yield made
    sys.setprofile(None)


def test_whom_no_helper_reaches_is_found_without_looking_for_every_number_at_every_resident(large):
    with database.reading() as session:
        community = the_community(session).id
        with database_steps(session) as steps:
            reach.gaps_of(session, community)
    assert steps[0] < 100 * RESIDENTS


def test_a_change_is_looked_at_in_a_few_calls_for_each_resident_and_hardly_any_collection_of_garbage(large, settled):
    look()
    collected = []

    def note(phase, _about):
        collected.append(phase)

    for index in range(2):
        town.change(index)
        gc.callbacks.append(note)
        with calls() as made:
            look()
        gc.callbacks.remove(note)
        assert made[0] < 55 * RESIDENTS
    assert len(collected) <= 2 * 2, "begun and ended"


def test_people_who_are_the_same_are_not_made_again_and_whoever_has_changed_is(large, monkeypatch):
    def nobody(*_):
        raise AssertionError

    look()
    with monkeypatch.context() as patch:
        patch.setattr(roster, "_person", nobody)
        before = look(anew=True).check_ins[0]
    with database.unit_of_work() as session:
        session.execute(update(Resident).where(Resident.id == before.resident_id).values(name="改了名"))
    assert look(anew=True).check_ins[0].name == "改了名"


def test_whom_no_helper_could_be_rung_about_any_more_is_shown_after_seconds(neighbourhood, monkeypatch):
    now = [roster.monotonic()]
    monkeypatch.setattr(roster, "monotonic", lambda: now[0])
    rosters.forget()
    street.begin_round()
    assert look(anew=True).dangers == []
    street.nobody_can_be_rung()
    now[0] += 6
    assert look().dangers
