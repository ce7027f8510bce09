"""Names that the voice cannot say are found before the call, on every way in."""

import ast
import csv
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contacts.name_readings import by_character, reading
from contacts.queries.names import SpokenWords
from core.i18n import Language, translate
from ivr.prompts.measuring import Fault
from zaoan.checks.unspeakable import UNSAID, WAY_OUT, Unspeakable, unspeakable
from zaoan.cli.cli import app

ROOT = Path(__file__).parents[3]
SPOKEN_OF = sorted(
    path.relative_to(ROOT).as_posix()
    for floor in ("audio", "ivr", "campaigns", "zaoan")
    for path in (ROOT / floor).rglob("*.py")
    if "UserError" in (text := path.read_text("utf-8")) and re.search(r"\brecord(ed|ing)\b", text)
)


def test_what_was_recorded_need_not_be_spoken():
    said = [SpokenWords("王𠮷", "王𠮷", "zh-CN"), SpokenWords("陈玉兰", "㐂㐂", "zh-CN"), SpokenWords("A", "A", "en")]
    assert unspeakable(said) == [
        Unspeakable("王𠮷", "王𠮷", "𠮷"),
        Unspeakable("陈玉兰", "㐂㐂", "㐂"),
    ]
    assert unspeakable(said, frozenset({"㐂㐂"})) == [Unspeakable("王𠮷", "王𠮷", "𠮷")]


def test_a_family_s_own_reading_makes_a_rare_character_speakable():
    said = [SpokenWords("王𠮷", "𠮷奶奶", "zh-CN", by_character("王𠮷", reading("wáng jí", "王𠮷")))]
    assert unspeakable(said) == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_import_names_them_with_the_way_out(tmp_path, monkeypatch, dry_run):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    with (tmp_path / "list.csv").open("w", encoding="utf-8") as file:
        csv.writer(file).writerows([["姓名", "电话", "楼栋", "房号", "同意"],
                                    ["王𠮷", "0311-86000101", "3", "101", "书面"],
                                    ["李长海", "0311-86000102", "3", "101", "书面"]])  # fmt: skip
    command = ["import", "list.csv", *(["--dry-run"] if dry_run else [])]
    answer = CliRunner().invoke(app, command)
    assert "王𠮷 (𠮷)" in answer.output, answer.output
    assert "李长海" not in answer.output
    assert "zaoan prompt record" in answer.output
    named = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)["unspeakable"]
    assert {(each["resident"], each["characters"]) for each in named} == {("王𠮷", "𠮷")}


def sentences(path: Path) -> set[str]:
    """Every whole sentence that is handed to an error or to the translation; the help of a command is English."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    handed = [each for call in calls for each in (*call.args, *(kw.value for kw in call.keywords if kw.arg != "help"))]
    said = {each.value for each in handed if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return {each for each in said if re.fullmatch(r"[{A-Z].* .*[.]", each)}


def test_the_files_that_speak_of_recordings_are_found():
    assert {"audio/sound/uploads.py", "ivr/prompts/own_voices.py", "zaoan/cli/prompts/prompt.py"} < set(SPOKEN_OF)
    assert len(set().union(*(sentences(ROOT / path) for path in SPOKEN_OF))) > 25


@pytest.mark.parametrize("path", SPOKEN_OF)
def test_every_sentence_about_prompts_has_a_translation(path):
    said = sentences(ROOT / path)
    assert not [each for each in said | {UNSAID, WAY_OUT} if translate(Language.CHINESE, each) == each]


def test_every_fault_of_a_prompt_has_a_translation():
    assert not [fault for fault in Fault if translate(Language.CHINESE, fault) == fault]
