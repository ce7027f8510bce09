"""Broken spreadsheets: each is read, or refused in words that say what to do; none is stored by half."""

import faulthandler
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from typer.testing import CliRunner

from tests.faults.fuzzed_lists import fuzzed
from tests.offices import Office
from zaoan.cli.cli import app

LONGEST = 120
"""Seconds after which a file is one that never ends."""
PEOPLE = ("residents", "households", "phones", "resident_flags", "consents", "relatives", "areas", "responders",
          "responder_areas", "opt_outs", "pauses")  # fmt: skip
HALF = (
    "SELECT id FROM residents WHERE id NOT IN (SELECT resident_id FROM phones)",
    "SELECT id FROM residents WHERE household_id NOT IN (SELECT id FROM households)",
    "SELECT id FROM households WHERE area_id NOT IN (SELECT id FROM areas)",
    "SELECT resident_id FROM phones WHERE position = 1"
    " AND resident_id NOT IN (SELECT resident_id FROM phones WHERE position = 0)",
)
TAKEN = "新增"


def test_sixty_broken_lists(tmp_path, monkeypatch):
    survive(tmp_path, monkeypatch, range(60))


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(20))
def test_two_thousand_broken_lists(tmp_path, monkeypatch, record_property, hundred):
    record_property("figures", survive(tmp_path, monkeypatch, range(hundred * 100, hundred * 100 + 100)))


def survive(folder, monkeypatch, seeds):
    """Imports the files of these seeds one after the other; returns how many were taken and refused, by kind."""
    office = Office(folder, monkeypatch)
    office.imports(["赵德明", "0311-86999999", "99号楼", "999", "独居", "书面同意"])
    figures = Counter()
    for seed in seeds:
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        suffix, content = fuzzed(seed)
        path = folder / f"名单{seed}.{suffix}"
        path.write_bytes(content)
        before = people(folder)
        tried = said(seed, "import", "--dry-run", path)
        assert people(folder) == before, f"seed {seed}: a dry run has changed something"
        done = said(seed, "import", path)
        assert (TAKEN in done) == (TAKEN in tried), f"seed {seed}: a dry run says something else"
        after = people(folder)
        if TAKEN not in done:
            assert after == before, f"seed {seed}: refused, and stored all the same"
        assert_whole(seed, folder)
        figures[suffix, TAKEN in done] += 1
        path.unlink()
    faulthandler.cancel_dump_traceback_later()
    return dict(figures)


def said(seed, *words):
    """What a command says, which ends as it should and never in a traceback."""
    answer = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(answer.exception, SystemExit | None), f"seed {seed}: {answer.exception!r}"
    assert answer.exit_code in {0, 1}, f"seed {seed}: {answer.output}"
    assert "Traceback" not in answer.output, f"seed {seed}: {answer.output}"
    assert answer.output.strip(), f"seed {seed}: nothing is said"
    return answer.output


def people(folder):
    """All that is known of people."""
    with closing(sqlite3.connect(folder / "zaoan.db")) as held:
        return {table: sorted(map(repr, held.execute(f"SELECT * FROM {table}"))) for table in PEOPLE}


def assert_whole(seed, folder):
    """Nobody is there without a telephone or a home, and nothing refers to what is not there."""
    with closing(sqlite3.connect(folder / "zaoan.db")) as held:
        for question in (*HALF, "PRAGMA foreign_key_check"):
            assert held.execute(question).fetchall() == [], f"seed {seed}: {question}"
