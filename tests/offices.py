"""An office at its desktop: spreadsheets of its own, and the command line."""

import csv
import json
from contextlib import contextmanager

from typer.testing import CliRunner

from core.storage.database import Database
from zaoan.cli.cli import app

HEADERS = ["姓名", "电话", "楼栋", "房号", "标记", "同意"]


class Office:
    """One installation in ``folder`` at eight in the morning."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        monkeypatch.chdir(folder)
        for name, value in {
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/zaoan.db",
            "COMMUNITY": "槐东社区",
            "AREA_CODE": "0311",
            "CLOCK_START": "2026-11-28T08:00:00+08:00",
        }.items():
            monkeypatch.setenv(f"ZAOAN_{name}", value)

    def zaoan(self, *words, code=0):
        """Types a command, which ends with this exit code; returns what it said, mistakes last."""
        return "".join(self.streams(*words, code=code))

    def streams(self, *words, code=0):
        """As ``zaoan``, but what a program reads (standard output) apart from what it does not (standard error)."""
        answer = CliRunner().invoke(app, [str(word) for word in words])
        assert answer.exit_code == code, answer.output
        return answer.stdout, answer.stderr

    def json(self, *words, code=0):
        """The JSON document that a command prints."""
        answer = CliRunner().invoke(app, [*(str(word) for word in words), "--json"])
        assert answer.exit_code == code, answer.output
        return json.loads(answer.stdout)

    @contextmanager
    def open(self):
        """What the installation keeps, to be read; nothing in the process uses it afterwards."""
        opened = Database(f"sqlite:///{self.folder}/zaoan.db")
        try:
            with opened.reading() as session:
                yield session
        finally:
            opened.close()

    def save(self, name, rows, headers=HEADERS):
        """Writes a csv file as spreadsheet programs do."""
        with (self.folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([headers, *rows])
        return self.folder / name

    def imports(self, *rows, code=0, options=(), headers=HEADERS):
        """Imports rows; returns what the command said."""
        return self.zaoan("import", self.save("residents.csv", rows, headers), *options, code=code)

    def rung(self):
        """Who is in the latest round."""
        latest = self.json("round", "list")[0]["id"]
        return {line["resident"] for line in self.json("round", "show", latest)["check_ins"]}
