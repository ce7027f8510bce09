"""Rotating: every row comes under the new key, whoever writes meanwhile, and no key goes that a row needs."""

import pytest
from sqlalchemy import select, text

from contacts.models import Household
from core import actors, clock
from core.data_keys import queries, reencrypting, rotating
from core.data_keys.columns import encrypted_tables
from core.data_keys.models import KnownKey
from core.encryption import key_ring, lookup_key
from core.encryption.data_keys import new_key
from core.encryption.key_ring import KeyRing, UnreadableError
from core.encryption.key_sources import GivenKeys
from core.errors import UserError
from core.ids import new_id
from core.running.events import Event
from core.storage.database import Base, reading, unit_of_work
from ivr.models import Call, CallState, Direction, Recording, RecordingState
from tests import people
from zaoan.process import wiring

HOMES = 7
VALUES = HOMES + 1
"""The notes of each home, and the look-up key."""


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def house(house_settings, monkeypatch):
    monkeypatch.setattr(rotating, "ELSEWHERE_SECONDS", 0.0)
    monkeypatch.setattr(reencrypting, "BITE", 3)
    opened = wiring.open_house(house_settings)
    wiring.load_models()
    with opened.unit_of_work() as session:
        for number in range(HOMES):
            people.household(session, room=f"{number}", access_notes=f"码{number}")
    yield opened
    opened.close()


def kept_room(room):
    return lookup_key.current().places.sealed(room)


def tables():
    return encrypted_tables(Base.metadata)


def rotate():
    return rotating.rotate(actors.user("田主任"), key_ring.current(), tables())


def under():
    with reading() as session:
        return dict(queries.rows_by_key(session, tables()))


def notes():
    with reading() as session:
        return sorted(session.scalars(select(Household.access_notes)))


def test_every_row_comes_under_the_new_key_and_reads_as_before(house):
    before = key_ring.current().newest
    assert under() == {before.fingerprint: VALUES}
    told = []
    done = rotating.rotate(actors.user("田主任"), key_ring.current(), tables(), told.append)
    after = key_ring.current().newest
    assert (done.newest, done.values, done.removed) == (after.fingerprint, VALUES, [before.fingerprint])
    assert after != before
    assert sum(told) == VALUES
    assert under() == {after.fingerprint: VALUES}
    assert notes() == [f"码{number}" for number in range(HOMES)]
    assert list(key_ring.current().keys) == [after]
    with reading() as session:
        assert {each.fingerprint: each.removed_at is None for each in queries.known_keys(session)} == {
            after.fingerprint: True, before.fingerprint: False
        }  # fmt: skip
        kinds = {each.kind: each.actor.name for each in session.scalars(select(Event)) if "data_key" in each.kind}
    assert kinds == {"data_key.made": "田主任", "data_key.removed": "田主任"}


def test_a_recording_and_a_document_come_along(house):
    with house.unit_of_work() as session:
        session.execute(text("INSERT INTO dialogues (digest, text, used_at) VALUES (:d, '', :at)"),
                        {"d": b"x", "at": "2026-11-28 00:00:00+00:00"})  # fmt: skip
        call = _call(session)
        session.add(Recording(call_id=call.id, provider_id="RE1", seconds=3, state=RecordingState.KEPT,
                              made_at=call.due_at, sound=b"RIFF sound"))  # fmt: skip
    rotate()
    with reading() as session:
        kept = session.scalars(select(Recording)).one()
        assert kept.sound == b"RIFF sound"
        assert session.get_one(type(call), call.id).particulars == '["王奶奶","3号楼"]'
    assert under() == {key_ring.current().newest.fingerprint: VALUES + 2}


def _call(session):
    call = Call(id=new_id(), direction=Direction.OUT, number="+8613800138000", owner="check_in", dialogue_digest=b"x",
                particulars='["王奶奶","3号楼"]', urgency=10, state=CallState.QUEUED, ring_seconds=30,
                due_at=clock.now(), not_after=clock.now())  # fmt: skip
    session.add(call)
    session.flush()
    return call


def test_what_is_written_meanwhile_is_not_overwritten(house, monkeypatch):
    """Between reading a bite and writing it somebody changes one of its rows."""
    written, changed = reencrypting.write_behind, []

    def interrupted(work):
        if not changed:
            with unit_of_work() as session:
                home = session.scalars(select(Household).order_by(Household.id)).first()
                home.access_notes = "新密码"
                changed.append(home.id)
        return written(work)

    monkeypatch.setattr(reencrypting, "write_behind", interrupted)
    rotate()
    with reading() as session:
        assert session.get_one(Household, changed[0]).access_notes == "新密码"
    assert under() == {key_ring.current().newest.fingerprint: VALUES}


def test_a_rotation_that_was_broken_off_goes_on_with_the_key_that_it_had_made(house, monkeypatch):
    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patching:
        patching.setattr(reencrypting, "write_behind", broken)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    begun = list(key_ring.current().keys)
    assert len(begun) == 2
    assert notes() == [f"码{number}" for number in range(HOMES)]
    assert rotate().newest == begun[0].fingerprint
    assert list(key_ring.current().keys) == begun[:1]


def test_a_key_that_a_row_needs_stays(house, monkeypatch):
    """A row that appears under the old key after the last look at all of them."""
    ring, looked = key_ring.current(), queries.rows_by_key
    old = KeyRing(GivenKeys(ring.keys, "before"))

    def late(session, of):
        with unit_of_work() as writing:
            writing.execute(
                text("UPDATE households SET key_holder = :kept WHERE room = :room"),
                {"kept": old.sealed("李"), "room": kept_room("1")},
            )
        with reading() as fresh:
            return looked(fresh, of)

    with monkeypatch.context() as patching:
        patching.setattr(queries, "rows_by_key", late)
        assert rotate().removed == []
    assert len(ring.keys) == 2
    with reading() as session:
        assert session.scalars(select(Household.key_holder).where(Household.room == "1")).one() == "李"
    assert rotate().removed == [old.newest.fingerprint]


def test_a_value_that_no_key_reads_stops_it_and_no_key_goes(house):
    strange = KeyRing(GivenKeys([new_key()], "elsewhere")).sealed("x")
    with house.unit_of_work() as session:
        session.execute(
            text("UPDATE households SET access_notes = :kept WHERE room = :room"),
            {"kept": strange, "room": kept_room("3")},
        )
    with pytest.raises(UnreadableError):
        rotate()
    assert len(key_ring.current().keys) == 2


def test_a_key_of_a_setting_is_changed_by_whoever_owns_the_setting(house):
    first = key_ring.current().newest
    with pytest.raises(UserError, match="ZAOAN_DATA_KEYS gives one"):
        rotating.rotate(actors.system(), KeyRing(GivenKeys([first], "ZAOAN_DATA_KEYS")), tables())
    second = new_key()
    both = KeyRing(GivenKeys([second, first], "ZAOAN_DATA_KEYS"))
    with key_ring.using(both):
        assert rotate().removed == [first.fingerprint]
        assert under() == {second.fingerprint: VALUES}
        with reading() as session:
            assert queries.needed(session.connection()) == {second.fingerprint}
            assert session.get_one(KnownKey, first.fingerprint).removed_at is not None
