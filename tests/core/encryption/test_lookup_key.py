"""Telephone numbers and addresses are encrypted so that the same is always the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encryption import lookup_key
from core.encryption.key_ring import UnreadableError
from core.encryption.lookup_key import new_lookup_key


@given(st.text("+0123456789", min_size=1, max_size=16), st.text("+0123456789", min_size=1, max_size=16))
def test_the_same_number_is_the_same_and_another_one_another(one, other):
    key = new_lookup_key().numbers
    assert key.opened(key.sealed(one)) == one
    assert (key.sealed(one) == key.sealed(other)) == (one == other)
    assert one not in key.sealed(one) or len(one) < 4


def test_another_key_keeps_it_otherwise_and_reads_nothing():
    one, other = new_lookup_key().numbers, new_lookup_key().numbers
    assert one.sealed("+8613800138000") != other.sealed("+8613800138000")
    with pytest.raises(UnreadableError):
        other.opened(one.sealed("+8613800138000"))


def test_a_room_is_not_kept_as_the_same_digits_of_a_telephone():
    key = new_lookup_key()
    assert key.numbers.sealed("120") != key.places.sealed("120")
    with pytest.raises(UnreadableError):
        key.numbers.opened(key.places.sealed("120"))


@pytest.mark.parametrize("kept", ["+8613800138000", "#", "#AAAA", "withheld", "钥匙"])
def test_what_was_never_encrypted_is_no_number(kept):
    with pytest.raises(UnreadableError):
        new_lookup_key().numbers.opened(kept)


def test_without_a_key_nothing_is_written_as_it_is():
    with lookup_key.using(None), pytest.raises(UnreadableError, match="their key is not there"):
        lookup_key.current()
