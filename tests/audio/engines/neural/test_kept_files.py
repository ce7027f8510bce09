"""Published files that are kept: whole or not at all, and only where nobody else may write."""

import errno
import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from audio.engines.neural import kept_files
from audio.engines.neural.kept_files import Published, WrongContentError

CONTENT = b"published " * 20_000
FULL = """
import hashlib, resource, sys
from audio.engines.neural import kept_files
sys.prefix = sys.argv[1]
content = bytes(100_000)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    kept_files.keep(kept_files.Published("some.bin", hashlib.sha256(content).hexdigest()), [content])
except OSError as failure:
    print(failure.errno)
"""
FILE = Published("some.bin", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """The cache, and the folder beside the environment."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return tmp_path / "cache" / "zaoan" / "voice", tmp_path / "environment" / "share" / "zaoan" / "voice"


def kept():
    return kept_files.keep(FILE, [CONTENT[:1000], CONTENT[1000:]])


def counted(monkeypatch):
    """The files that are read to compare them."""
    read, digest = [], kept_files.digest
    monkeypatch.setattr(kept_files, "digest", lambda path: read.append(path) or digest(path))
    return read


def test_what_is_kept_is_found_and_nobody_else_may_change_it():
    assert kept_files.find(FILE) is None
    path = kept()
    assert (kept_files.find(FILE), path.read_bytes()) == (path, CONTENT)
    assert [each.stat().st_mode & 0o022 for each in (path, path.parent)] == [0, 0]


def test_a_version_with_another_file_of_this_name_does_not_disturb():
    other = Published(FILE.name, hashlib.sha256(b"other").hexdigest())
    kept_files.keep(other, [b"other"])
    assert kept_files.find(FILE) is None
    assert {kept().read_bytes(), kept_files.find(other).read_bytes()} == {CONTENT, b"other"}


def test_what_was_not_published_is_not_kept(places):
    with pytest.raises(WrongContentError):
        kept_files.keep(FILE, [CONTENT, b"!"])
    assert not places[0].exists()


def test_a_file_is_read_once_and_again_after_it_was_touched(monkeypatch):
    path = kept()
    read = counted(monkeypatch)
    assert (kept_files.find(FILE), read) == (path, [])
    os.utime(path, (1, 1))
    assert (kept_files.find(FILE), read) == (path, [path])
    assert (kept_files.find(FILE), read) == (path, [path])


def test_half_a_file_is_none_and_is_kept_anew():
    path = kept()
    path.write_bytes(CONTENT[: len(CONTENT) // 2])
    assert kept_files.find(FILE) is None
    assert kept() == path
    assert path.read_bytes() == CONTENT


def test_a_changed_byte_is_seen_whatever_the_stamp_of_the_file_before_says():
    path = kept()
    path.write_bytes(CONTENT[:-1] + b"!")
    assert kept_files.find(FILE) is None


@pytest.mark.parametrize("stamp", [b"", b"\xff\xfe", b"something else"])
def test_a_stamp_that_says_nothing_costs_a_look_and_no_more(stamp):
    path = kept()
    path.with_name(f"{path.name}.compared").write_bytes(stamp)
    assert kept_files.find(FILE) == path


def test_many_at_once_keep_one_file_and_leave_no_draft(places):
    together = Barrier(8)

    def content():
        together.wait()
        yield CONTENT

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept_files.keep(FILE, content()), range(8)))
    assert set(found) == {kept_files.find(FILE)}
    assert {each.name for each in places[0].iterdir()} == {FILE.kept_name, f"{FILE.kept_name}.compared"}


def test_whoever_looks_while_it_is_kept_again_and_again_sees_all_of_it(monkeypatch):
    kept()
    with ThreadPoolExecutor(1) as thread:
        writing = thread.submit(lambda: [kept() for _ in range(50)])
        while not writing.done():
            assert hashlib.sha256(kept_files.find(FILE).read_bytes()).hexdigest() == FILE.sha256
        writing.result()


def test_when_the_disk_is_full_nothing_is_left(places, tmp_path):
    """A limit to the size of files breaks off the writing in its midst, as a full disk does."""
    told = subprocess.run([sys.executable, "-c", FULL, str(tmp_path / "environment")], capture_output=True, text=True)
    assert (told.stdout, told.returncode) == (f"{errno.EFBIG}\n", 0), told.stderr
    assert [list(place.iterdir()) for place in places] == [[], []]


def test_a_draft_of_a_process_that_was_killed_is_removed_when_it_is_old(places):
    places[0].mkdir(parents=True)
    old, young = places[0] / ".draft-some-a", places[0] / ".draft-some-b"
    for draft in (old, young):
        draft.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    kept()
    assert (old.exists(), young.exists()) == (False, True)


def test_a_folder_in_which_others_may_write_is_not_trusted(places):
    path = kept()
    places[0].chmod(0o777)
    assert kept_files.find(FILE) is None
    assert kept() == places[1] / path.name


def test_a_file_that_others_may_write_is_not_trusted_and_replaced():
    path = kept()
    path.chmod(0o666)
    assert kept_files.find(FILE) is None
    assert kept() == path
    assert kept_files.find(FILE) == path


def test_a_stamp_that_others_may_write_is_not_believed(monkeypatch):
    path = kept()
    path.with_name(f"{path.name}.compared").chmod(0o666)
    read = counted(monkeypatch)
    assert (kept_files.find(FILE), read) == (path, [path])


def test_a_relative_cache_does_not_count_and_nobody_needs_a_home(monkeypatch, tmp_path, places):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert kept_files.folders() == (tmp_path / "home" / ".cache" / "zaoan" / "voice", places[1])


def test_what_was_made_is_found_while_it_is_what_was_made():
    assert kept_files.find_made("made.bin") is None
    path = kept_files.keep_made("made.bin", CONTENT)
    assert (kept_files.find_made("made.bin"), path.read_bytes()) == (path, CONTENT)
    path.write_bytes(CONTENT[:-1])
    assert kept_files.find_made("made.bin") is None
    assert kept_files.keep_made("made.bin", CONTENT) == path
    path.with_name("made.bin.sha256").unlink()
    assert kept_files.find_made("made.bin") is None


def test_what_others_may_change_was_not_made_by_us():
    path = kept_files.keep_made("made.bin", CONTENT)
    path.with_name("made.bin.sha256").chmod(0o666)
    assert kept_files.find_made("made.bin") is None


def test_what_was_made_is_kept_in_the_next_folder_where_the_cache_cannot_be_written(places, tmp_path):
    (tmp_path / "cache").write_text("no folder")
    assert kept_files.keep_made("made.bin", CONTENT).parent == places[1]
    assert kept_files.find_made("made.bin").parent == places[1]
