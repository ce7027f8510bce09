"""Every command in the user's language: its help, what was misused, and what is expected to go wrong."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from typer.core import TyperArgument
from typer.testing import CliRunner

from core import clock
from core.i18n import Language, translate
from core.refusals import REASONS
from core.storage import database
from tests.databases import sqlite_in
from zaoan.cli.cli import COMMANDS, app
from zaoan.demo import demo
from zaoan.process import owners
from zaoan.rehearsal.running import NotStartedError
from zaoan.terminal import lazy, spoken
from zaoan.terminal.layout import TYPES, columns, lines

HEAVY = {"alembic", "av", "celery", "fastapi", "jinja2", "kombu", "numpy", "openpyxl", "redis", "requests", "scipy",
         "soundfile", "sqlalchemy.dialects.postgresql", "starlette", "twilio", "uvicorn"}  # fmt: skip
"""What no command needs that only looks something up or writes something down."""
NO_DATABASE = HEAVY | {"babel", "sqlalchemy", "phonenumbers"}
LOOKING = HEAVY | {
    "babel",
    "rich",
    "campaigns.rounds.rounds",
    "campaigns.changes.new_campaigns",
    "campaigns.changes.round_starts",
    "cryptography",
    "escalation.cases.cases",
    "escalation.paging.paging",
    "ivr.dispatch.calls",
    "ivr.dialogue.engine",
    "ivr.dispatch.lines",
    "ivr.dialogue.script",
}
"""What no command needs that only shows what there is: how rounds begin, calls are placed, and cases are opened."""
LOADED = """
import sys
from zaoan.__main__ import main
sys.argv = ["zaoan", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(end.code, *sys.modules, file=sys.stderr)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An installation of its own, spoken to in Chinese."""
    before = clock.anchor()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZAOAN_DATABASE_URL", sqlite_in(tmp_path))
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ZAOAN_LANGUAGE", raising=False)
    assert typed("migrate").exit_code == 0
    yield tmp_path
    clock.set_anchor(before)


def typed(*words):
    return CliRunner().invoke(app, words)


def every_entry():
    """Each command and group with the words that call it."""
    for name, entry in COMMANDS.items():
        yield (name,), entry
        if isinstance(entry, lazy.Group):
            yield from (((name, word), each) for word, each in entry.words.items())


def every_command():
    """The same, loaded."""
    yield from ((words, lazy.load(words[-1], entry)) for words, entry in every_entry())


def everything_said():
    """Every text that help shows, as the source has it, with the command that shows it."""
    for words, command in every_command():
        yield from ((text, words) for text in spoken.paragraphs(command.help))
        for each in command.params:
            if isinstance(each, TyperArgument):
                yield (each.metavar or each.name).upper(), words
            if not getattr(each, "hidden", False):
                yield from ((text, words) for text in spoken.paragraphs(each.help))


def test_everything_that_help_says_has_a_translation():
    said = [*everything_said(), *((reason, "refusals") for reason in REASONS.values())]
    assert len(said) > 150
    assert [each for each in said if translate(Language.CHINESE, each[0]) == each[0]] == []


def test_the_list_says_of_each_command_what_the_command_says_first():
    for words, entry in every_entry():
        assert spoken.paragraphs(lazy.load(words[-1], entry).help)[0] == entry.says, words


@pytest.mark.parametrize("words", [(), *(words for words, _ in every_command())], ids=" ".join)
def test_help_is_in_the_language_of_whoever_asks(words, monkeypatch):
    for language, foreign in (("zh-CN", r"[a-z]{3,} [a-z]{2,} [a-z]{2,}"), ("en", r"[\u4e00-\u9fff]{5,}")):
        monkeypatch.setenv("ZAOAN_LANGUAGE", language)
        answer = typed(*words, "--help")
        assert answer.exit_code == 0, answer.output
        usage, *explained = answer.stdout.splitlines()
        shown = re.sub(r"`[^`]*`|<[^>]*>|--[\w-]+", "", " ".join(" ".join(explained).split()))
        assert not re.search(foreign, shown), shown
        assert usage.startswith("用法：" if language == "zh-CN" else "Usage:")
        assert language == "en" or not TYPES.search(answer.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("camp",), "没有命令 camp。是不是想写 campaign？"),
        (("campaign", "lis"), "没有命令 lis。是不是想写 list？"),
        (("campaign", "create"), "缺少 名称。"),
        (("campaign", "create", "x", "--attempts", "many"), "--attempts：需要一个整数。"),
        (
            ("resident", "consent", "王奶奶", "--give", "--withdraw", "--by", "x", "--how", "y"),
            "--give 和 --withdraw 互相矛盾，请只写其中一个。",
        ),
        (("resident", "consent", "王奶奶", "--by", "x", "--how", "y"), "请写上 --give 或 --withdraw 其中一个。"),
        (("resident", "consent", "王奶奶", "--give", "--how", "y"), "缺少 --by，请写上它和一个值：是谁说的"),
        (
            ("campaign", "edit", "x", "--no-machine-detection", "--machine-detection"),
            "--machine-detection 和 --no-machine-detection 互相矛盾",
        ),
        (("round", "show", "a", "b"), "这里不需要“b”。"),
        (("import", "x", "--knd", "y"), "没有选项 --knd。是不是想写 --kind？"),
        (("import", "x", "--kind"), "--kind 后面要写一个值。"),
        (("campaign", "create", "x", "--everyone=1"), "--everyone 后面不能写值。"),
        (("rehearse", "--residents", "0"), "--residents：不能小于 1。"),
        (("rehearse", "--faults", "flood"), "没有叫“flood”的故障。"),
        (("dialogue", "check", "nofile"), "文件：没有这个文件。"),
        (("dialogue", "show", "x", "--language", "fr"), "--language：这里不认识“fr”。"),
    ],
)
def test_what_was_misused_is_one_sentence_and_the_way_out(home, words, said):
    answer = typed(*words)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith(said)
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "many", "ZAOAN_PORT：需要一个整数。"),
        ("PORT", "70000", "ZAOAN_PORT：不能大于 65535。"),
        ("TELEPHONY", "pigeon", "ZAOAN_TELEPHONY：请从这些里选一个"),
        ("TIMEZONE", "Mars/Olympus", "ZAOAN_TIMEZONE：没有时区 Mars/Olympus；"),
        ("CLOCK_START", "tomorrow", "ZAOAN_CLOCK_START：请写出带时差的时刻"),
        ("ENVIRONMENT", "production", "ZAOAN_TELEPHONY=exchange 只是模拟通话"),
        ("REGION", "China", "ZAOAN_REGION：国家请写成两个大写字母"),
    ],
)
def test_a_setting_that_is_refused_is_one_sentence(home, monkeypatch, name, value, said):
    monkeypatch.setenv(f"ZAOAN_{name}", value)
    answer = typed("campaign", "list")
    assert answer.exit_code == 2
    assert answer.stderr.startswith(said)
    assert answer.stderr.count("\n") == 1


def test_a_database_that_is_locked_is_one_sentence(home, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    with closing(sqlite3.connect(home / "zaoan.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = typed("community", "set", "--name", "槐东社区")
    assert_said(answer, "locked")


def test_a_database_that_is_away_or_none_is_one_sentence_without_its_password(home, monkeypatch):
    for url, said in (
        ("postgresql+psycopg://zaoan:hunter2@127.0.0.1:1/zaoan", "refused"),
        ("mongodb://zaoan:hunter2@127.0.0.1:1/zaoan", "sqlite:///"),
    ):
        monkeypatch.setenv("ZAOAN_DATABASE_URL", url)
        assert_said(typed("campaign", "list"), said)
        assert "hunter2" not in typed("round", "list").output


def test_a_file_that_is_no_database_is_one_sentence(home, monkeypatch):
    (home / "list.xlsx").write_bytes(b"residents" * 1000)
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{home}/list.xlsx")
    answer = typed("campaign", "list")
    assert_said(answer, "not a database")
    assert "稍后再试" not in answer.stderr
    assert "ZAOAN_DATABASE_URL" in answer.stderr


@pytest.mark.parametrize("words", [("campaign", "list"), ("--help",), ("doctor",), ("import", "x", "--knd", "y")])
@pytest.mark.parametrize("written", ["environment", "file"])
def test_a_language_that_there_is_not_is_one_english_sentence(home, monkeypatch, words, written):
    if written == "environment":
        monkeypatch.setenv("ZAOAN_LANGUAGE", "de")
    else:
        (home / "zaoan.toml").write_text('language = "de"\n', "utf-8")
    answer = typed(*words)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("Zao'an does not speak “de”")
    assert "zh-CN" in answer.stderr
    assert "en (English)" in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("campaign", "list"), ("up",), ("prompt", "list")])
def test_a_file_of_settings_that_cannot_be_read_is_named_with_the_way_out(home, words):
    (home / "zaoan.toml").write_text("port 8000\n", "utf-8")
    answer = typed(*words)
    assert (answer.exit_code, answer.stdout) == (2, "")
    unreadable, way_out = answer.stderr.splitlines()
    assert unreadable.startswith("zaoan.toml 读不了")
    assert "docs/settings.md" in way_out


def test_migrate_makes_a_new_database_or_says_that_it_is_up_to_date_never_both(home, monkeypatch):
    assert typed("migrate").output == "数据库已是最新。\n"
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{home}/another.db")
    said = typed("migrate").output
    assert "another.db" in said
    assert "最新" not in said


def assert_said(answer, said):
    assert answer.exit_code == 1
    assert "数据库" in answer.stderr
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "forbidden"),
    [
        (("version",), NO_DATABASE),
        (("--help",), NO_DATABASE),
        (("up", "--help"), NO_DATABASE),
        (("worker", "--help"), NO_DATABASE),
        (("demo", "--help"), NO_DATABASE),
        (("doctor", "--help"), HEAVY),
        (("campaign", "list"), LOOKING),
        (("campaign", "--help"), LOOKING),
        (("round", "list"), LOOKING | {"phonenumbers"}),
        (("case", "list"), LOOKING),
        (("resident", "list"), LOOKING),
        (("trials",), LOOKING),
        (("prompt", "list"), LOOKING - {"rich", "ivr.dialogue.engine", "ivr.dialogue.script"}),
        (("prompt", "recordings"), LOOKING - {"ivr.dialogue.engine", "ivr.dialogue.script"}),
        (("prompt", "render", "--help"), HEAVY),
        (("prompt", "play", "--help"), HEAVY),
        (("responder", "list"), LOOKING - {"cryptography"}),  # telephones are encrypted
        (("resident", "show", "--help"), LOOKING),
        (("import", "--help"), LOOKING - {"cryptography", "ivr.dialogue.engine", "ivr.dialogue.script"}),
        (("export", "--help"), LOOKING - {"ivr.dialogue.engine", "ivr.dialogue.script"}),
        (("community", "show"), LOOKING | {"phonenumbers"}),
        (("export", "people.csv"), HEAVY),
        (("migrate",), HEAVY),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_command_loads_nothing_that_it_does_not_need(home, words, forbidden):
    """A process of its own, in which nothing has been loaded before."""
    done = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=False)
    code, *loaded = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    assert forbidden.isdisjoint(loaded), forbidden.intersection(loaded)


def test_whoever_is_loaded_later_owns_what_the_floors_say():
    from campaigns.dialogues import notice_for
    from campaigns.inbound import relative_calls, sms_replies, stranger_calls
    from campaigns.rounds import attempts, trials
    from escalation.calls import duty_calls, duty_telephones, introduction_calls
    from escalation.calls.reminders import reminding
    from escalation.calls.talking import talk_requests
    from escalation.cases import callback, relative_texts
    from escalation.paging import paging

    calls = (attempts, duty_calls, introduction_calls, duty_telephones, reminding, talk_requests, paging, callback)
    named = {each.OWNER for each in calls} | {
        notice_for.NOTICE,
        relative_calls.RELATIVE,
        stranger_calls.STRANGER,
        trials.TRIAL,
    }
    assert set(owners.CALL_OWNERS) >= named
    texts = {relative_texts.OWNER, sms_replies.CONFIRMATION, sms_replies.COURTESY}
    assert set(owners.TEXT_OWNERS) >= texts


@pytest.mark.parametrize(
    ("option", "environment", "port"), [((), None, 8000), ((), "8123", 8123), (("--port", "8456"), "8123", 8456)]
)
def test_the_demos_page_is_where_the_port_says(home, monkeypatch, option, environment, port):
    asked = []
    monkeypatch.setattr(demo, "free_port_from", lambda host, port: asked.append(port) or port)
    monkeypatch.setattr(demo, "morning", _no_morning)
    if environment:
        monkeypatch.setenv("ZAOAN_PORT", environment)
    assert typed("demo", "--once", *option).exit_code == 1
    assert asked == [port]


def _no_morning(*_):
    raise NotStartedError("no morning today")


def test_lines_are_as_wide_as_they_look_and_begin_with_no_mark():
    text = "错过的一轮怎么办：写“ring-until 12:00”表示当天最晚补打到几点，写 never 表示不补打（照常）。" * 3
    for width in range(20, 60):
        broken = lines(text, width)
        assert all(columns(each) <= width + 2 for each in broken)
        assert not any(each[0] in "。，：）”" for each in broken)
        assert "".join("".join(broken).split()) == "".join(text.split())


def test_json_stays_pure(home):
    for words in (("campaign", "list"), ("round", "list"), ("case", "list"), ("community", "show")):
        json.loads(typed(*words, "--json").stdout)
