"""Telephone numbers are encrypted so that the same one is always the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encryption import number_key
from core.encryption.key_ring import UnreadableError
from core.encryption.number_key import new_number_key


@given(st.text("+0123456789", min_size=1, max_size=16), st.text("+0123456789", min_size=1, max_size=16))
def test_the_same_number_is_the_same_and_another_one_another(one, other):
    key = new_number_key()
    assert key.opened(key.sealed(one)) == one
    assert (key.sealed(one) == key.sealed(other)) == (one == other)
    assert one not in key.sealed(one) or len(one) < 4


def test_another_key_keeps_it_otherwise_and_reads_nothing():
    one, other = new_number_key(), new_number_key()
    assert one.sealed("+8613800138000") != other.sealed("+8613800138000")
    with pytest.raises(UnreadableError):
        other.opened(one.sealed("+8613800138000"))


@pytest.mark.parametrize("kept", ["+8613800138000", "", "#", "#AAAA", "withheld", "钥匙"])
def test_what_was_never_encrypted_is_no_number(kept):
    with pytest.raises(UnreadableError):
        new_number_key().opened(kept)


def test_without_a_key_nothing_is_written_as_it_is(monkeypatch):
    monkeypatch.setattr(number_key, "_current", None)
    with pytest.raises(UnreadableError, match="their key is not there"):
        number_key.current()
