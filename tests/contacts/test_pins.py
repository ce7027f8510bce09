import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts import pins
from contacts.callers import pin_guesses
from contacts.callers.pin_guesses import Guesses
from contacts.importing.importing import Kind
from contacts.models import Responder
from core.i18n import Language
from core.storage.database import reading, unit_of_work
from tests.contacts.stories import import_rows

SHIPPED = pins.N
WITHOUT_ITS_COST = (
    "000102030405060708090a0b0c0d0e0f$"
    "474e7cbe0df21568d1f57741b3cb62cf3f5e27e65d66e55582bb59b8fbba5b07"
    "db3c1263dfe7f8c66359e0fbfdc212ca67ca43e20f3f8ea5c649c5bcc1fe3bc3"
)
"""As PINs were kept at first: salt and hash of 204817."""
TIAN = {"姓名": "田保国", "角色": "楼栋长", "电话": "13700001111"}


def kept_pin():
    with reading() as session:
        return session.query(Responder).one().pin


@given(st.text("0123456789", min_size=6, max_size=10), st.text("0123456789", min_size=6, max_size=10))
@settings(deadline=None)
def test_only_the_pin_itself_matches_and_it_is_not_kept(pin, other):
    kept = pins.hashed(pin)
    assert pin not in kept
    assert pins.matches(pin, kept)
    assert pins.matches(other, kept) == (pin == other)


def test_each_guess_at_a_kept_pin_costs_its_time_and_memory(monkeypatch):
    monkeypatch.setattr(pins, "N", SHIPPED)
    kept, started = pins.hashed("204817"), time.process_time()
    assert pins.matches("204817", kept)
    assert time.process_time() - started > 0.01
    assert 128 * SHIPPED * pins.R >= 2**24  # bytes (RFC 7914, section 2)


def test_a_pin_still_matches_after_the_cost_of_new_ones_has_changed(monkeypatch):
    dear = pins.hashed("204817")
    monkeypatch.setattr(pins, "N", 4)
    cheap = pins.hashed("204817")
    for kept in (dear, cheap, WITHOUT_ITS_COST):
        assert pins.matches("204817", kept)
        assert not pins.matches("204818", kept)


def test_the_same_pin_is_kept_differently_each_time():
    assert pins.hashed("204817") != pins.hashed("204817")


def test_a_pin_is_imported_once_and_an_empty_cell_leaves_it(community, tmp_path):
    import_rows(tmp_path, [TIAN | {"密码": "204817"}], Kind.RESPONDERS)
    first = kept_pin()
    assert pins.matches("204817", first)
    assert import_rows(tmp_path, [TIAN | {"密码": "204817"}], Kind.RESPONDERS).unchanged == 1
    assert import_rows(tmp_path, [TIAN | {"密码": ""}], Kind.RESPONDERS).unchanged == 1
    assert import_rows(tmp_path, [TIAN], Kind.RESPONDERS).unchanged == 1
    assert kept_pin() == first
    assert import_rows(tmp_path, [TIAN | {"PIN": "918273"}], Kind.RESPONDERS).changed == 1
    assert pins.matches("918273", kept_pin())


def test_a_new_pin_is_accepted_at_once_whatever_was_guessed_before(community, tmp_path):
    import_rows(tmp_path, [TIAN | {"密码": "204817"}], Kind.RESPONDERS)
    with unit_of_work() as session:
        tian = session.query(Responder).one()
        assert not any(pin_guesses.accept(session, tian, wrong) for wrong in ["111222"] * 5 + ["204817"])
    import_rows(tmp_path, [TIAN | {"密码": "918273"}], Kind.RESPONDERS)
    with unit_of_work() as session:
        assert pin_guesses.accept(session, session.query(Responder).one(), "918273")


NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
minutes = st.lists(st.integers(0, 300), max_size=12).map(sorted)


@given(minutes)
def test_pins_are_refused_for_an_hour_after_five_wrong_ones_within_an_hour_and_only_then(typed):
    guesses, refused_at, counted = Guesses(), None, []
    for now in (NOW + timedelta(minutes=minute) for minute in typed):
        is_kept_out = refused_at is not None and now < refused_at + timedelta(hours=1)
        assert guesses.are_refused(now) == is_kept_out
        if is_kept_out:
            continue
        guesses = guesses.and_another(now)
        counted.append(now)
        if sum(at > now - timedelta(hours=1) for at in counted) == 5:
            refused_at, counted = now, []


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "777777", "12a456", "12345678901"])
def test_an_unsafe_pin_is_refused(community, tmp_path, pin):
    [problem] = import_rows(tmp_path, [TIAN | {"密码": pin}], Kind.RESPONDERS).problems
    assert "不够安全" in problem.describe(Language.CHINESE)
