"""Data keys: what is encrypted with them, and how a process learns of a new one."""

import stat
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encryption.data_keys import DataKey, keys_in, new_key, written
from core.encryption.key_ring import KeyRing, UnreadableError
from core.encryption.key_sources import GivenKeys, KeyFile, write_once
from core.errors import UserError


def ring(*keys):
    return KeyRing(GivenKeys(keys, "a test"))


@given(st.text(min_size=1), st.binary(min_size=1))
def test_what_was_encrypted_is_read_again_and_never_looks_the_same_twice(text, data):
    keys = ring(new_key())
    assert keys.opened(keys.sealed(text)) == text
    assert keys.opened_bytes(keys.sealed_bytes(data)) == data
    assert keys.sealed(text) != keys.sealed(text)


def test_what_is_kept_names_its_key_and_nothing_of_the_text():
    key = new_key()
    kept, kept_bytes = ring(key).sealed("钥匙在对门"), ring(key).sealed_bytes("钥匙在对门".encode())
    assert kept.startswith(f"{key.fingerprint}:")
    assert kept_bytes.startswith(bytes.fromhex(key.fingerprint))
    assert "钥匙" not in kept
    assert "钥匙".encode() not in kept_bytes
    assert key.secret not in f"{key!r}{key.fingerprint}"


def test_another_key_reads_nothing_and_the_sentence_says_which_one_is_missing():
    key = new_key()
    for kept, read in ((ring(key).sealed("x"), ring(new_key()).opened),
                       (ring(key).sealed_bytes(b"x"), ring(new_key()).opened_bytes)):  # fmt: skip
        with pytest.raises(UnreadableError, match=key.fingerprint):
            read(kept)


def test_what_was_never_encrypted_is_not_taken_for_something_that_was():
    for plain in ("钥匙在对门", "", ":", "12345678:", "gAAAAAB"):
        with pytest.raises(UnreadableError):
            ring(new_key()).opened(plain)
    with pytest.raises(UnreadableError):
        ring(new_key()).opened_bytes(b"RIFF")


def test_a_changed_token_is_refused():
    keys = ring(new_key())
    kept = keys.sealed("x" * 40)
    changed = kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:]
    with pytest.raises(UnreadableError, match="has been changed"):
        keys.opened(changed)


def test_an_older_key_reads_what_it_has_written_and_the_newest_writes():
    old, new = new_key(), new_key()
    kept, both = ring(old).sealed("x"), ring(new, old)
    assert both.opened(kept) == "x"
    assert both.sealed("x").startswith(new.fingerprint)
    again = both.rotated(kept)
    assert ring(new).opened(again) == "x"
    assert _age(again) == _age(kept)
    assert ring(new).opened_bytes(both.rotated_bytes(ring(old).sealed_bytes(b"x"))) == b"x"


def _age(kept):
    """The instant of a token: bytes 1 to 8, https://github.com/fernet/spec/blob/master/Spec.md"""
    return urlsafe_b64decode(kept.partition(":")[2])[1:9]


def test_a_new_key_in_the_file_is_used_without_a_new_start(tmp_path):
    file, other = KeyFile(tmp_path / "data_keys"), KeyFile(tmp_path / "data_keys")
    file.begin(new_key())
    running = KeyRing(file)
    first = running.newest
    newest = new_key()
    other.replace([newest, first])
    assert running.opened(KeyRing(other).sealed("x")) == "x"
    assert running.sealed("x").startswith(newest.fingerprint)


def test_a_file_that_has_gone_leaves_a_running_service_its_keys(tmp_path):
    file = KeyFile(tmp_path / "data_keys")
    file.begin(new_key())
    running = KeyRing(file)
    kept = running.sealed("x")
    file.path.write_text("what is no key")
    assert running.opened(running.sealed("x")) == "x"
    file.path.unlink()
    assert running.opened(running.sealed("x")) == running.opened(kept) == "x"


def test_the_file_is_nobody_elses_and_the_first_who_writes_it_has_made_the_key(tmp_path):
    file = KeyFile(tmp_path / "deep" / "data_keys")
    assert file.read() == ()
    first, second = new_key(), new_key()
    file.begin(first)
    file.begin(second)
    assert file.read() == (first,)
    file.replace([second, first])
    file.put_aside([first])
    for path in file.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {each.name for each in file.path.parent.iterdir()} == {"data_keys", "data_keys.old"}
    write_once(file.path, "x")
    assert file.read() == (second, first)


@pytest.mark.parametrize("word", ["secret", "A" * 43, "A" * 44 + "=", "钥" * 43 + "="])
def test_what_is_no_key_is_refused_without_being_said(word):
    good = new_key()
    with pytest.raises(UserError, match=r"Word 2 of ZAOAN_DATA_KEYS") as refused:
        keys_in(f"{good.secret}, {word}", "ZAOAN_DATA_KEYS")
    assert word not in str(refused.value)


def test_keys_are_separated_by_commas_or_lines_and_count_once():
    one, other = new_key(), new_key()
    assert keys_in(f"{one.secret},{other.secret}", "x") == keys_in(written([one, other, one]), "x") == (one, other)
    assert isinstance(keys_in(one.secret, "x")[0], DataKey)
