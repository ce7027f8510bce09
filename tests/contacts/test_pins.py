import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts import pins
from contacts.importing import Kind
from contacts.models import Responder
from core.database import reading
from core.i18n import Language
from tests.contacts.stories import import_rows

TIAN = {"姓名": "田保国", "角色": "楼栋长", "电话": "13700001111"}


def kept_pin():
    with reading() as session:
        return session.query(Responder).one().pin


@given(st.text("0123456789", min_size=6, max_size=10), st.text("0123456789", min_size=6, max_size=10))
@settings(max_examples=10, deadline=None)
def test_only_the_pin_itself_matches_and_it_is_not_kept(pin, other):
    kept = pins.hashed(pin)
    assert pin not in kept
    assert pins.matches(pin, kept)
    assert pins.matches(other, kept) == (pin == other)


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


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "777777", "12a456", "12345678901"])
def test_an_unsafe_pin_is_refused(community, tmp_path, pin):
    [problem] = import_rows(tmp_path, [TIAN | {"密码": pin}], Kind.RESPONDERS).problems
    assert "不够安全" in problem.describe(Language.CHINESE)
