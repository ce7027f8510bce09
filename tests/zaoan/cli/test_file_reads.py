"""What commands read of people's files is in the audit log, with whoever typed them, before it is printed."""

import getpass

import pytest
from typer.testing import CliRunner

from campaigns.rounds import attempts
from contacts.models import Household, Resident
from core.identity import audit
from core.identity.models import AuditEntry
from core.running.events import Event
from core.storage import database
from tests.campaigns import mornings
from tests.switchboard import resident, responder, rows
from zaoan.cli.cli import COMMANDS, app
from zaoan.cli.prompts import prompt_play
from zaoan.terminal.file_reads import OTHERS, READS
from zaoan.terminal.lazy import Group

WANG, HELPER = "王奶奶的全名", "魏红"
TYPED = {
    "resident list": (),
    "resident show": (WANG,),
    "resident history": (WANG,),
    "resident duplicates": (),
    "relative list": (WANG,),
    "household list": (),
    "household show": (),
    "household history": (),
    "list show": ("花园",),
    "responder list": (),
    "responder show": (HELPER,),
    "roster show": (),
    "roster who": (WANG,),
    "campaign audience": ("早安",),
    "round show": ("latest",),
    "round report": ("latest",),
    "report month": ("--names",),
    "round verify": ("latest",),
    "case list": (),
    "case show": ("latest",),
    "trials": (),
    "checklist": (),
    "export": (),
    "import": ("--dry-run",),
    "prompt recordings": (),
    "prompt play": ("check_in.greeting", "--resident", WANG),
    "user list": (),
}
"""What is typed after the words of each command; homes and files are named by the story."""


@pytest.fixture
def typed(switchboard, monkeypatch, tmp_path):
    """Types a command of the installation in which 王奶奶 has said that she is unwell; returns what it answers."""
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    resident(WANG.removesuffix("的全名"), mornings.HOME, relative="+8613800000199")
    responder(HELPER, "+8613800000200")
    mornings.a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    switchboard.pick_up(mornings.HOME).press("3").hang_up()
    sheet = tmp_path / "residents.csv"
    sheet.write_text("姓名,电话,楼栋,房号\n李雷,0311-86000102,3号楼,102\n", "utf-8")
    return Typist(str(rows(Household)[0].id), sheet)


class Typist:
    """Somebody at a terminal, in an office with one home and one list of residents."""

    def __init__(self, home, sheet):
        self._home, self._sheet = home, sheet

    def __call__(self, command, *words):
        """Types a command of ``TYPED`` as it stands there, or any other."""
        told = {"household show": (self._home,), "household history": (self._home,),
                "import": (self._sheet,), "export": (self._sheet.with_name("everybody.csv"),)}  # fmt: skip
        all_words = (*command.split(" "), *told.get(command, ()), *TYPED.get(command, ()), *words)
        return CliRunner().invoke(app, [str(each) for each in all_words])


def entries():
    """What stands in the audit log."""
    return [(each.deed, each.subject, each.actor_name, each.status) for each in rows(AuditEntry)]


def words():
    """Every command that there is."""
    for name, entry in COMMANDS.items():
        yield from ([f"{name} {each}" for each in entry.words] if isinstance(entry, Group) else [name])


def test_of_every_command_it_is_known_whether_it_shows_a_file():
    assert set(words()) == READS.keys() | OTHERS.keys()
    assert not READS.keys() & OTHERS.keys()
    assert TYPED.keys() == READS.keys()


def test_whoever_reads_a_file_is_in_the_audit_log_with_the_file_and_no_name(typed):
    assert WANG in typed("resident show").stdout
    [read] = entries()
    assert read == ("zaoan resident show", str(rows(Resident)[0].id), getpass.getuser(), 200)


@pytest.mark.parametrize("command", sorted(READS))
def test_each_of_them_notes_that_it_reads(typed, command, monkeypatch):
    monkeypatch.setattr(prompt_play, "_heard", lambda *_: "greeting.wav")  # what it sounds like is tested elsewhere
    monkeypatch.setattr(prompt_play, "_play", lambda path: None)
    if command == "list show":
        assert typed("list create", "花园", WANG).exit_code == 0
    answer = typed(command)
    assert answer.exit_code == 0, answer.output
    assert [(deed, who) for deed, _, who, _ in entries()] == [(f"zaoan {command}", getpass.getuser())]


def test_where_the_log_takes_no_line_nothing_is_shown(typed, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(audit, "note", full)
    answer = typed("resident list")
    assert answer.exit_code != 0
    assert WANG not in answer.stdout


def test_a_change_is_told_by_the_event_log_alone(typed):
    assert typed("resident pause", WANG, "--open-ended").exit_code == 0
    assert entries() == []
    assert {each.actor_name for each in rows(Event, kind="resident.paused")} == {getpass.getuser()}
