"""A neighbourhood for stories: the real service and exchange, and people as each story needs them."""

import csv
import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import requests

from campaigns import queries, round_tally
from campaigns.changes import new_campaigns, round_starts
from contacts.importing.importing import Kind, run_import
from core import actors, settings
from core.running import installation
from core.running.installation import Purpose
from core.settings import Settings, Telephony
from core.storage import database
from core.storage.database import reading, unit_of_work
from escalation import queries as escalation
from escalation.models import CaseState
from tests.databases import sqlite_in
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import ForkedModule, ForkedService
from tests.voices import share_clips
from zaoan.process import wiring
from zaoan.process.exchange_process import exchange_command, exchange_secrets
from zaoan.process.ports import any_free_port
from zaoan.rehearsal.behaviours import Behaviour, no_answer
from zaoan.rehearsal.town import subscriber
from zaoan.rehearsal.wire import read_wire

SPEED = 60
ZONE = ZoneInfo("Asia/Shanghai")


def settings_in(directory, **changes):
    share_clips(directory)
    eight = datetime.combine(datetime.now(UTC).astimezone(ZONE).date(), time(8), ZONE)
    port, exchange_port = any_free_port(), any_free_port()
    return Settings(
        **{
            "database_url": sqlite_in(directory),
            "data_dir": directory,
            "telephony": Telephony.EXCHANGE,
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "exchange_url": f"http://127.0.0.1:{exchange_port}",
            "clock_speed": SPEED,
            "clock_start": eight,
            "community": "槐东社区",
            "area_code": "0311",
            "line_calls_per_second": 30,
            "line_calls_at_once": 30,
        }
        | changes
    )


@dataclass
class Neighbourhood:
    """The running service; each story lives in a building of its own, so that stories do not meet."""

    service: ForkedService
    directory: object
    house: object = None
    _buildings: itertools.count = field(default_factory=lambda: itertools.count(1))

    def building(self):
        return Building(self, next(self._buildings))

    def come_back(self):
        """Other stories may have used other houses in this process meanwhile."""
        settings.use(self.service.settings)
        database.use(self.house)
        with reading() as session:
            installation.follow_clock(session)


@contextmanager
def neighbourhood(directory, purpose=Purpose.REHEARSAL, **changes):
    chosen = settings_in(directory, **changes)
    opened = wiring.open_house(chosen, None)
    try:
        with ForkedService(chosen, purpose, directory) as service:
            with reading() as session:
                installation.follow_clock(session)
            yield Neighbourhood(service, directory, opened)
    finally:
        opened.close()


@contextmanager
def lasting_exchange(chosen, directory, *more):
    """The exchange as a process that outlives the service."""
    command = exchange_command(chosen, int(chosen.exchange_url.rsplit(":", 1)[1]), directory / "exchange.jsonl", None)
    process = ForkedModule([*command, *more], env=exchange_secrets(chosen))
    try:
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait()


class Building:
    """One building: its residents, its responders, and the round that rings them."""

    def __init__(self, around, number):
        self.around, self.number = around, number
        self.flag = f"故事{number}"
        self.residents, self.responders, self.scripts = [], [], []
        self.round_id = None

    def home(self, behaviour, *called, relative=None, wants="全部", language="普通话"):
        """A home whose people behave so; returns its first telephone."""
        index = len(self.residents)
        numbers = [f"+863118{self.number:03d}{index:02d}{position:02d}" for position in range(2)]
        for name in called:
            self.residents.append(
                {"姓名": f"{name}{self.number}", "称呼": name, "电话": numbers[0], "标记": self.flag,
                 "备用电话": numbers[1] if behaviour.second_phone else "",
                 "楼栋": f"{self.number}号楼", "单元": "1单元", "房号": f"{index + 1}01",
                 "语言": language, "同意": "2026-11-01 书面同意", "入户说明": "钥匙在楼栋长处",
                 "家属姓名": "小梅" if relative else "", "家属电话": relative or "",
                 "家属通知": wants if relative else ""}
            )  # fmt: skip
        self.scripts.append(subscriber(numbers[0], behaviour, label=called[0]))
        if relative:
            self.scripts.append(subscriber(relative, Behaviour([no_answer()]), label="小梅"))
        if behaviour.second_phone:
            self.scripts.append(subscriber(numbers[1], Behaviour(behaviour.second_phone), label=called[0]))
        return numbers[0]

    def responder(self, behaviour, name, role="楼栋长", pin=""):
        number = f"+861390{self.number:03d}{len(self.responders):04d}"
        area = f"{self.number}号楼"
        known = {"姓名": f"{name}{self.number}", "角色": role, "负责区域": area, "电话": number, "密码": pin}
        self.responders.append(known)
        self.scripts.append(subscriber(number, behaviour, label=name))
        return number

    def settle(self):
        """Everybody is imported, and the exchange learns its scripts."""
        if self.residents:
            self._import(Kind.RESIDENTS, self.residents)
        if self.responders:
            self._import(Kind.RESPONDERS, self.responders)
        self.around.service.script(self.scripts)

    def begin(self, **plan):
        """Everybody settles, and the round starts."""
        self.settle()
        with unit_of_work() as session:
            campaign = new_campaigns.create_campaign(session, actors.system(), self.flag, flags=[self.flag], **plan)
            self.round_id = round_starts.start_now(session, actors.system(), campaign).id
        return self

    def until_over(self):
        """Waits until the round is complete and every case of it accepted."""
        wait_for(lambda: self._is_over(), f"the round of building {self.number} to end")
        return self

    def check_ins(self):
        with reading() as session:
            return {each.resident.called: each for each in queries.check_ins(session, self.round_id)}

    def outcomes(self):
        return {called: each.outcome for called, each in self.check_ins().items()}

    def cases(self):
        with reading() as session:
            ids = [each.id for each in queries.check_ins(session, self.round_id)]
            return list(escalation.cases_of_check_ins(session, ids))

    def calls_to(self, number):
        return [call for call in read_wire(self.around.service.exchange_log) if call.number == number]

    def dial(self, number, *responses):
        """Rings the service from this telephone (None: withheld) as soon as it is free; returns the call's id."""
        url = f"{self.around.service.settings.exchange_url}/exchange/dial"
        answers = []

        def accepted():
            answers.append(
                requests.post(url, json={"from": number, "responses": list(responses)}, timeout=PATIENCE_SECONDS)
            )
            return answers[-1].status_code == 201

        wait_for(accepted, f"the telephone of {number} to be free")
        return answers[-1].json()["sid"]

    def until_ended(self, call_id):
        """Waits for the end of a call; returns it."""
        wire = self.around.service.exchange_log
        wait_for(lambda: _call(wire, call_id).ended_at is not None, f"call {call_id} to end")
        return _call(wire, call_id)

    def texts_to(self, number):
        url = f"{self.around.service.settings.exchange_url}/exchange/texts"
        wait_for(lambda: requests.get(url, timeout=PATIENCE_SECONDS).json().get(number), f"a text to {number}")
        return [text["body"] for text in requests.get(url, timeout=PATIENCE_SECONDS).json()[number]]

    def _is_over(self):
        with reading() as session:
            complete = round_tally.report(session, self.round_id).complete
        return complete and all(case.state != CaseState.OPEN for case in self.cases())

    def _import(self, kind, rows):
        path = self.around.directory / f"{kind.value}-{self.number}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        report = run_import(kind, path, consent=None, dry_run=False)
        assert not report.problems, report.problems


def _call(wire, call_id):
    return next(call for call in read_wire(wire) if call.call_id == call_id)
