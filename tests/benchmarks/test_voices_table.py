"""The table says what was misheard, and whether the goals hold."""

import json
from pathlib import Path

import pytest

from audio.engines.engine import Engine
from benchmarks.voices import __main__ as command
from benchmarks.voices import table
from benchmarks.voices.goals import goals
from benchmarks.voices.lines import Line
from tests.benchmarks.voices import a_result

WELL = "王奶奶，您好。我是槐东社区的早安电话，这是自动电话。"
DOCUMENT = f"# The voice\n\nBefore.\n\n{table.BEGIN}\nold\n{table.END}\n\nAfter.\n"


def some_results():
    return [
        a_result(WELL, WELL, people=("王奶奶",)),
        a_result(WELL, WELL[:-4], line=Line.NOISY, people=("王奶奶",)),
        a_result(WELL, "王奶奶您好", engine=Engine.PYTTSX3, people=("王奶奶",)),
        a_result("再见。", "再建。", key="call.end"),
        a_result("再见。", "在见。", key="call.end", engine=Engine.PYTTSX3),
        a_result("Goodbye.", "Goodbye", key="duty.end"),
    ]


def holding(heard):
    return {figure.name: figure.holds for figure in goals(heard)}


def test_goals_are_those_of_the_neural_voice_through_mu_law() -> None:
    assert holding(some_results()) == {
        "Mandarin characters wrong": True,
        "pinyin without tones wrong": True,
        "English words wrong": True,
        "prompts with a third of pyttsx3's errors or more": False,
        "sounds of which a moment is taken for a key": True,
    }


def test_goals_that_are_missed_do_not_hold() -> None:
    bad = [a_result(WELL, WELL[4:]), a_result("Press one key.", "Press", key="page.menu")]
    assert set(list(holding(bad).values())[:3]) == {False}
    assert holding([a_result(WELL, WELL, keys="5")]) == {
        "Mandarin characters wrong": True,
        "pinyin without tones wrong": True,
        "sounds of which a moment is taken for a key": False,
    }


def test_a_prompt_without_errors_is_better_whatever_pyttsx3_does() -> None:
    heard = [a_result(WELL, WELL), a_result(WELL, WELL, engine=Engine.PYTTSX3)]
    assert holding(heard)["prompts with a third of pyttsx3's errors or more"] is True


def test_a_third_of_the_errors_is_not_below_a_third() -> None:
    said = "一二三四五六七八九"
    heard = [a_result(said, said[1:]), a_result(said, said[3:], engine=Engine.PYTTSX3)]
    assert holding(heard)["prompts with a third of pyttsx3's errors or more"] is False
    heard[1] = a_result(said, said[4:], engine=Engine.PYTTSX3)
    assert holding(heard)["prompts with a third of pyttsx3's errors or more"] is True


def test_the_table_has_totals_goals_and_the_worst_prompts_with_what_was_heard() -> None:
    text = table.markdown(some_results())
    assert "| zh-CN | neural | usual | µ-law | 4.2 | 0.0 | 0.0 | 0.0 |" in text
    assert "| English words wrong | 0 % | ≤ 4 | yes |" in text
    assert "| call.end | neural | usual | 50 % | 再见。 | 再建。 |" in text
    assert "A third of pyttsx3's errors, or more: `call.end` (zh-CN)." in text
    assert "| duty.end" not in text


def test_a_line_of_the_table_stays_one_whatever_was_heard() -> None:
    assert "| a \\| b c |" in table.markdown([a_result("Goodbye.", "a | b\nc")])


def test_the_table_replaces_what_stands_between_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "voice.md"
    path.write_text(DOCUMENT, "utf-8")
    for _ in range(2):
        table.write(path, "| new |\n")
    assert path.read_text("utf-8") == DOCUMENT.replace("old", "\n| new |\n")
    path.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="marks"):
        table.write(path, "| new |")


def test_our_document_has_the_marks() -> None:
    text = command.DOCUMENT.read_text("utf-8")
    assert text.index(table.BEGIN) < text.index(table.END)


def test_the_document_of_json_has_every_prompt() -> None:
    told = json.loads(json.dumps(table.document(some_results())))
    assert {each["key"] for each in told["prompts"]} == {"check_in.greeting", "call.end", "duty.end"}
    assert [each["holds"] for each in told["goals"]] == [True, True, True, False, True]
    english = next(each for each in told["totals"] if each["voice"][0] == "en")
    assert (english["units"], english["pinyin"]) == (0.0, None)


@pytest.mark.parametrize(
    ("words", "written"),
    [([], True), (["--limit", "3"], False), (["--limit", "3", "--write"], True), (["--names", "5"], False),
     (["--engine", "neural"], False), (["--voice", "man"], False), (["--voice", "usual", "--voice", "man"], False),
     (["--voice", "usual"], True), (["--voice", "man", "--write"], True)],
)  # fmt: skip
def test_only_a_whole_run_of_the_usual_voice_is_written_unasked(monkeypatch, tmp_path, capsys, words, written) -> None:
    path = tmp_path / "voice.md"
    path.write_text(DOCUMENT, "utf-8")
    monkeypatch.setattr(command, "DOCUMENT", path)
    monkeypatch.setattr(command, "_measured", lambda *_: some_results())
    command.main(words)
    assert "Misheard most" in capsys.readouterr().out
    assert (path.read_text("utf-8") != DOCUMENT) is written
