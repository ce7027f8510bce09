"""``zaoan dialogue``: the words of every dialogue are read, kept and proofread without any service."""

import json

import pytest
from typer.testing import CliRunner

from console.listen.samples import SAMPLES
from core.i18n import Language, translate
from ivr.dialogue.validation import problems
from zaoan.cli.cli import app

RUN = CliRunner()


@pytest.fixture(autouse=True)
def somewhere_quiet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_without_a_problem_and_read_in_both_languages(name):
    for language in Language:
        assert problems(SAMPLES[name](language)) == ()
        shown = RUN.invoke(app, ["dialogue", "show", name, "--language", language])
        assert shown.exit_code == 0
        assert f"({language})" in shown.output


def test_the_words_and_the_ways_are_shown():
    shown = RUN.invoke(app, ["dialogue", "show", "check_in", "--language", "en"]).output
    assert "“If you are well, press 1." in shown
    assert "  3 → unwell-0  [unwell]" in shown
    assert "ask-0/31:" in shown


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("check_in", "  3, office_open → offer-0"),
        ("check_in", "  0, office_open → connecting-0"),
        ("check_in", "  1, others_know → told-0"),
        ("check_in", "  ≠ “All right, you need something. I have put it on the page of the community office.”"),
        ("page", "  1, taken → taken"),
        ("page", "  4, engaged → engaged"),
        ("truth", "  silence, taken → taken"),
        ("duty.trusted", "  1, gone → gone-0"),
    ],
)
def test_what_hangs_on_more_than_the_key_is_shown(name, line):
    assert line in RUN.invoke(app, ["dialogue", "show", name, "--language", "en"]).output.splitlines()


def test_a_document_that_is_printed_is_proofread_and_a_broken_one_is_refused_with_every_problem(tmp_path):
    document = json.loads(RUN.invoke(app, ["dialogue", "show", "page", "--json"]).output)
    file = tmp_path / "page.json"
    file.write_text(json.dumps(document), "utf-8")
    assert RUN.invoke(app, ["dialogue", "check", str(file)]).exit_code == 0
    document["steps"]["offer"]["silence"] = {"leads_to": "nowhere", "fact": "accepted"}
    file.write_text(json.dumps(document), "utf-8")
    refused = RUN.invoke(app, ["dialogue", "check", str(file)])
    assert refused.exit_code == 1
    assert refused.output.count("步骤 offer，按键 silence：") == 2


@pytest.mark.parametrize("content", ["", "{}", '{"name": 1}'])
def test_what_is_no_dialogue_is_said_to_be_none(tmp_path, content):
    file = tmp_path / "x.json"
    file.write_text(content, "utf-8")
    refused = RUN.invoke(app, ["dialogue", "check", str(file)])
    assert (refused.exit_code, "docs/dialogues.md" in refused.output) == (1, True)


def test_a_name_that_is_not_known_is_refused_with_the_way_out():
    refused = RUN.invoke(app, ["dialogue", "show", "nothing"])
    assert (refused.exit_code, "zaoan dialogue list" in refused.output) == (1, True)
    assert RUN.invoke(app, ["dialogue", "list"]).output.split() == list(SAMPLES)


@pytest.mark.parametrize(
    "said",
    ["There is no dialogue “{value}”.", "`zaoan dialogue list` names them.",
     "The dialogue “{name}” has no problem: {count} steps.", "“{value}” is no dialogue: {place}: {reason}.",
     "docs/dialogues.md explains every field."],
)  # fmt: skip
def test_every_sentence_has_its_chinese(said):
    assert translate(Language.CHINESE, said) != said
