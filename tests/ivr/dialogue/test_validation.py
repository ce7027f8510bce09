"""What is wrong with a dialogue, each thing tried by breaking a good one."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import ivr
from core.i18n import Language, translate
from ivr.dialogue.engine import (
    END,
    QUESTIONS,
    Bridge,
    Choice,
    Connect,
    Dialogue,
    Digits,
    Doubt,
    End,
    Heard,
    Meaning,
    Menu,
    Prompt,
    Reading,
    Record,
    Say,
    Sound,
    advance,
    begin,
)
from ivr.dialogue.problems import DialogueError
from ivr.dialogue.stored import document
from ivr.dialogue.validation import checked, problems

BYE = Choice(leads_to="bye")
HELLO, GOODBYE = Prompt(key="check_in.menu"), Prompt(key="check_in.goodbye")
MENU = Menu(prompts=(HELLO,), keys={"1": Choice(leads_to="bye", fact="ok"), "3": Choice(leads_to="bye", fact="unwell")},
            silence=BYE)  # fmt: skip
SPOKEN = End(prompts=(GOODBYE,))
SURE = Menu(prompts=(HELLO,), spoken={Meaning.YES: Choice(leads_to="bye", fact="ok")}, silence=BYE, confirms=True)
GOOD = Dialogue(name="good", language=Language.ENGLISH, first="ask", steps={"ask": MENU, "bye": SPOKEN},
                consents=("ok",))  # fmt: skip


def with_ask(**changes):
    return with_steps(ask=MENU.model_copy(update=changes))


def with_steps(**steps):
    return GOOD.model_copy(update={"steps": GOOD.steps | steps})


def doubt(*keys):
    return Doubt(ask=HELLO, readings=tuple(Reading(key=key, prompt=HELLO) for key in keys))


def found(dialogue):
    return [(problem.step, problem.key, problem.describe(Language.ENGLISH)) for problem in problems(dialogue)]


def test_a_good_dialogue_is_handed_back():
    assert checked(GOOD) is GOOD


BROKEN = [
    pytest.param(with_ask(silence=Choice()), "ask", "silence", "leads nowhere", id="silence forgotten"),
    pytest.param(with_ask(silence=Choice(fact="no_key")), "ask", "silence", "leads nowhere", id="a fact leads nowhere"),
    pytest.param(with_ask(keys={"1": Choice()}), "ask", "1", "leads nowhere", id="a key leads nowhere"),
    pytest.param(with_ask(keys={"1": Choice(leads_to="x")}), "ask", "1", "“x”", id="a step that is not there"),
    pytest.param(with_ask(machine=Choice(leads_to="x")), "ask", "machine", "“x”", id="a machine leads to no step"),
    pytest.param(with_steps(bye=Say(prompts=(GOODBYE,), then="bye")), "bye", None, "without ever asking", id="a loop"),
    pytest.param(with_steps(bye=Say(prompts=(GOODBYE,), then="ask")), "ask", None, "never end", id="a silent circle"),
    pytest.param(with_ask(silence=Choice(leads_to="ask")), "ask", None, "never end", id="silence asks for ever"),
    pytest.param(with_steps(island=SPOKEN), "island", None, "Nothing leads to", id="an island"),
    pytest.param(with_steps(a=Say(prompts=(), then="b"), b=Menu(prompts=(), keys={"1": Choice(leads_to="a")},
                 silence=BYE)), "a", None, "Nothing leads to", id="two steps that lead to each other only"),
    pytest.param(with_ask(keys=dict.fromkeys("123456", BYE)), "ask", None, "6 keys", id="six keys"),
    pytest.param(with_ask(keys={"A": BYE}), "ask", "A", "no such key", id="a key that no telephone has"),
    pytest.param(with_ask(prompts=()), "ask", None, "without saying", id="asks without words"),
    pytest.param(with_ask(keys={}), "ask", None, "neither keys nor", id="a menu without keys"),
    pytest.param(with_ask(prompts=(Prompt(key="no.such"),)), "ask", None, "no words in zh-CN", id="no such prompt"),
    pytest.param(with_ask(prompts=(Prompt(key="check_in.greeting", words={"called": "x"}),)), "ask", None,
                 "gap “community”", id="a gap is not filled"),
    pytest.param(with_ask(sorry=(Prompt(key="check_in.ok", words={"called": "x"}),)), "ask", None,
                 "“called” fills no gap", id="a word fills no gap"),
    pytest.param(with_ask(silence=Choice(leads_to="bye", fact="ok")), "ask", "silence", "for granted", id="silence"),
    pytest.param(with_ask(machine=Choice(leads_to="bye", fact="ok")), "ask", "machine", "for granted", id="a machine"),
    pytest.param(with_ask(hang_up=Choice(leads_to=END, fact="ok")), "ask", "hang_up", "for granted", id="hanging up"),
    pytest.param(with_steps(ask=Digits(prompts=(HELLO,), silence=BYE, most=4,
                                       wrong=Choice(leads_to="bye", fact="ok"))),
                 "ask", "wrong", "for granted", id="a wrong entry"),
    pytest.param(with_steps(ask=Record(prompts=(HELLO,), silence=BYE, then=Choice(leads_to="bye", fact="ok"))),
                 "ask", "recording", "for granted", id="a recording"),
    pytest.param(with_steps(ask=Connect(prompts=(HELLO,), whom="x", connected=BYE,
                                        not_connected=Choice(leads_to="bye", fact="ok"))),
                 "ask", "not_connected", "for granted", id="a connection that failed"),
    pytest.param(with_ask(spoken={Meaning.WELL: Choice(leads_to="bye", fact="ok")}), "ask", "well", "confirmed",
                 id="a word that nobody confirmed"),
    pytest.param(with_steps(sure=SURE, ask=MENU.model_copy(update={"spoken": {Meaning.WELL: Choice(leads_to="sure")},
                 "silence": Choice(leads_to="sure")})), "ask", "silence", "Only a spoken word", id="silence confirms"),
    pytest.param(GOOD.model_copy(update={"first": "sure", "steps": {"sure": SURE, "bye": SPOKEN}}), "sure", None,
                 "only a spoken word", id="begins with a confirmation"),
    pytest.param(with_ask(doubt=doubt("1", "3")), "ask", "1", "the last of them", id="the doubt believes the best"),
    pytest.param(with_ask(doubt=doubt("7", "1")), "ask", "7", "no key of the menu", id="doubts a key that is none"),
    pytest.param(with_ask(doubt=doubt("1")), "ask", None, "two or more", id="doubts one key"),
    pytest.param(with_steps(hang_up=SPOKEN), "hang_up", None, "this name", id="a reserved name"),
    pytest.param(GOOD.model_copy(update={"first": "x"}), None, None, "“x”", id="no beginning"),
    pytest.param(GOOD.model_copy(update={"entrances": ("x",)}), None, None, "“x”", id="no entrance"),
]  # fmt: skip


@pytest.mark.parametrize(("dialogue", "step", "key", "words"), BROKEN)
def test_each_problem_is_named_with_its_place(dialogue, step, key, words):
    assert (step, key) in [(where, at) for where, at, said in found(dialogue) if words in said], found(dialogue)
    with pytest.raises(DialogueError):
        checked(dialogue)


CANNOT_BE_WRITTEN = {
    "an end by accident": {"prompts": [{"key": "check_in.goodbye"}]},
    "a menu and a recording": {"prompts": [], "keys": {"1": {"leads_to": "bye"}}, "recording": {"then": {}}},
    "a menu that is a recording": {"kind": "menu", "prompts": [], "then": {"leads_to": "bye"}},
    "asks and goes on": {"prompts": [], "keys": {"1": {"leads_to": "bye"}}, "then": "bye"},
    "ends and goes on": {"kind": "end", "prompts": [], "then": "bye"},
    "ends without saying so": {"kind": "say", "prompts": [], "then": "hang_up"},
    "goes on to nothing": {"kind": "say", "prompts": []},
    "connects nobody": {"kind": "connect", "prompts": []},
    "no kind that there is": {"kind": "shout", "prompts": []},
}


@pytest.mark.parametrize("step", CANNOT_BE_WRITTEN.values(), ids=CANNOT_BE_WRITTEN)
def test_what_cannot_be_combined_cannot_be_written(step):
    written = GOOD.model_dump()
    assert Dialogue.model_validate(written) == GOOD
    written["steps"]["ask"] = step
    with pytest.raises(ValidationError, match=r"steps\.ask"):
        Dialogue.model_validate(written)


def test_a_confirmed_word_may_be_a_consent():
    ask = MENU.model_copy(update={"spoken": {Meaning.WELL: Choice(leads_to="sure")}})
    assert not found(with_steps(ask=ask, sure=SURE))


def test_every_problem_is_told_at_once_in_the_readers_language():
    broken = with_steps(ask=MENU.model_copy(update={"silence": Choice(), "prompts": (Prompt(key="x"),)}), island=SPOKEN)
    with pytest.raises(DialogueError) as refused:
        checked(broken)
    assert len(refused.value.problems) == 4
    chinese = refused.value.describe(Language.CHINESE)
    assert len(chinese.splitlines()) == 5
    assert "步骤 ask，按键 silence：" in chinese


def test_no_call_gets_a_dialogue_that_is_broken():
    assert json.loads(document(GOOD).text)["steps"]
    with pytest.raises(DialogueError):
        document(with_ask(silence=Choice()))


def test_the_example_of_the_handbook_lacks_nothing_but_its_words():
    handbook = (Path(ivr.__file__).parent.parent / "docs" / "dialogues.md").read_text("utf-8")
    example = Dialogue.model_validate_json(handbook.partition("```json")[2].partition("```")[0])
    told = [problem.describe(Language.ENGLISH) for problem in problems(example)]
    assert {each.partition("“")[2].partition(".")[0] for each in told if "has no words" in each} == {"tea"}
    assert all("has no words in" in each for each in told)


def test_the_handbook_explains_every_field_of_a_step():
    handbook = (Path(ivr.__file__).parent.parent / "docs" / "dialogues.md").read_text("utf-8")
    kinds = (Dialogue, Say, End, Bridge, *QUESTIONS)
    assert [field for kind in kinds for field in kind.model_fields if f"`{field}`" not in handbook] == []


def sentences():
    for file in ("validation", "reachability", "problems"):
        for node in ast.walk(ast.parse((Path(ivr.__file__).parent / "dialogue" / f"{file}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call):
                said = (part.value for part in [*node.args, *(keyword.value for keyword in node.keywords)]
                        if isinstance(part, ast.Constant) and isinstance(part.value, str))  # fmt: skip
                yield from (each for each in said if each[0].isupper() and " " in each)


@pytest.mark.parametrize("said", sorted(set(sentences())))
def test_every_sentence_has_its_chinese(said):
    assert translate(Language.CHINESE, said) != said


NAMES = ["a", "b", "c"]
targets = st.sampled_from([*NAMES, END])
facts_of_silence = st.sampled_from([None, None, None, "no_key", "ok"])
silences = st.builds(Choice, leads_to=targets, fact=facts_of_silence)
keys = st.dictionaries(
    st.sampled_from("34"), st.builds(Choice, leads_to=targets, fact=st.sampled_from([None, "ok"])), max_size=2
)
said = st.builds(Say, prompts=st.just((GOODBYE,)), then=st.sampled_from(NAMES)) | st.just(End(prompts=(GOODBYE,)))
asked = st.builds(
    Menu, prompts=st.just((HELLO,)), keys=keys.map(lambda more: more | {"1": Choice(leads_to=END, fact="ok")}),
    silence=silences, machine=st.none() | silences, plays=st.integers(1, 3),
)  # fmt: skip
WAYS = {"7": Choice(leads_to="b"), "8": Choice(leads_to="c")}
scripts = st.builds(
    Dialogue,
    name=st.just("any"),
    language=st.just(Language.ENGLISH),
    first=st.just("a"),
    steps=st.fixed_dictionaries(
        {
            "a": asked.map(lambda step: step.model_copy(update={"keys": step.keys | WAYS})),
            "b": said | asked,
            "c": said | asked,
        }
    ),
    consents=st.just(("ok",)),
)


@settings(max_examples=300)
@given(scripts, st.sampled_from([Sound.SILENCE, Sound.MACHINE, Sound.RECORDING, Sound.SPEECH]))
def test_whatever_is_without_a_problem_ends_by_itself_and_takes_nothing_for_granted(script, sound):
    """The rules are enough: no script that passes them traps whoever never answers, or believes their silence."""
    if problems(script):
        return
    turn, facts = begin(script), []
    for _ in range(3 * len(NAMES) + 1):
        if turn.position is None:
            break
        turn = advance(script, turn.position, Heard(sound, "nonsense"))
        facts += [fact.name for fact in turn.facts]
    assert turn.position is None
    assert "ok" not in facts


@given(scripts)
def test_every_problem_of_any_script_can_be_told_to_a_person(script):
    for problem in problems(script):
        for language in Language:
            assert "{" not in problem.describe(language)
