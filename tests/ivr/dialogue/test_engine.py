import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dialogues.check_in import KEYS, Asked, check_in_dialogue
from core.i18n import Language
from ivr.dialogue.engine import (
    Bridge,
    Choice,
    Connect,
    Dialogue,
    End,
    Heard,
    Menu,
    Position,
    Prompt,
    Sound,
    advance,
    begin,
)
from ivr.dialogue.problems import DialogueError
from ivr.dialogue.validation import checked

WANG, LI = Asked("wang", "王奶奶"), Asked("li", "李爷爷")
SILENCE = Heard(Sound.SILENCE)
heard = st.one_of(
    st.sampled_from("0123456789*#").map(lambda key: Heard(Sound.KEY, key)),
    st.sampled_from([SILENCE, Heard(Sound.MACHINE)]),
)


def check_in(*people, rang_us=False):
    return check_in_dialogue(people, "槐东社区", Language.CHINESE, None, "120", rang_us=rang_us)


def key(pressed):
    return Heard(Sound.KEY, pressed)


def talk(dialogue, sounds):
    """Every turn of a call in which these things are heard."""
    turns = [begin(dialogue)]
    for sound in sounds:
        if turns[-1].position is None:
            break
        turns.append(advance(dialogue, turns[-1].position, sound))
    return turns


def facts(turns):
    return [(fact.name, fact.subject) for turn in turns for fact in turn.facts]


@pytest.mark.parametrize(("pressed", "outcome"), KEYS.items())
def test_each_key_says_what_it_says(pressed, outcome):
    turns = talk(check_in(WANG), [key(pressed)])
    assert facts(turns) == [(outcome, "wang")]
    assert turns[-1].say[0].key == f"check_in.{outcome}"
    assert turns[-1].position is None or turns[-1].position == Position("needs_supplies-0")


@given(st.lists(heard, max_size=12))
def test_nothing_but_a_key_1_says_that_somebody_is_well(sounds):
    said_ok = ("ok", "wang") in facts(talk(check_in(WANG), sounds))
    assert not said_ok or key("1") in sounds


@given(st.lists(heard, max_size=12), st.booleans())
def test_every_call_ends(sounds, rang_us):
    """Whatever was heard, it ends soon after nobody presses anything any more: two menus and two lists of needs."""
    assert talk(check_in(WANG, LI, rang_us=rang_us), sounds + [SILENCE] * 11)[-1].position is None


@given(st.lists(heard, max_size=12))
def test_everybody_at_a_telephone_is_accounted_for_unless_a_machine_answers(sounds):
    learnt = facts(talk(check_in(WANG, LI), sounds + [SILENCE] * 11))
    if Heard(Sound.MACHINE) not in sounds:
        assert {subject for _, subject in learnt} == {"wang", "li"}


def test_silence_hears_the_menu_three_times_and_is_then_a_fact():
    turns = talk(check_in(WANG), [SILENCE] * 3)
    assert [turn.say[0].key for turn in turns] == [
        "check_in.greeting", "check_in.menu_again", "check_in.menu_again", "check_in.silent",
    ]  # fmt: skip
    assert facts(turns) == [("no_key", "wang")]


def test_a_wrong_key_is_answered_kindly_and_the_menu_said_again():
    turns = talk(check_in(WANG), [key("7"), key("1")])
    assert [prompt.key for prompt in turns[1].say] == ["check_in.wrong_key", "check_in.menu_again"]
    assert facts(turns) == [("ok", "wang")]


def test_a_couple_is_asked_one_after_the_other():
    turns = talk(check_in(WANG, LI), [key("1"), key("3")])
    assert facts(turns) == [("ok", "wang"), ("unwell", "li")]
    assert [prompt.key for prompt in turns[1].say] == ["check_in.ok", "check_in.next_person", "check_in.menu"]


def test_a_couple_that_rings_us_says_who_is_speaking():
    turns = talk(check_in(WANG, LI, rang_us=True), [key("2"), key("1")])
    assert facts(turns) == [("ok", "li")]


def test_a_dialogue_that_leads_nowhere_is_refused():
    broken = Dialogue(
        name="broken",
        language=Language.ENGLISH,
        first="ask",
        steps={"ask": Menu(prompts=(Prompt(key="x"),), keys={"1": Choice(leads_to="nowhere")})},
    )
    with pytest.raises(DialogueError, match="does not have"):
        checked(broken)


def connecting():
    connect = Connect(
        prompts=(Prompt(key="wait"),),
        whom="office",
        connected=Choice(leads_to="bye", fact="met"),
        not_connected=Choice(leads_to="ask"),
    )
    return Dialogue(
        name="connecting",
        language=Language.ENGLISH,
        first="ask",
        steps={
            "ask": Menu(prompts=(Prompt(key="ask"),), keys={"4": Choice(leads_to="wait")}),
            "wait": connect,
            "bye": End(prompts=(Prompt(key="bye"),)),
        },
    )


def test_a_step_that_connects_says_its_words_and_names_whom():
    turn = talk(connecting(), [key("4")])[-1]
    assert ([prompt.key for prompt in turn.say], turn.connects("office")) == (["wait"], True)
    assert turn.position == Position("wait")


@given(heard)
def test_only_having_been_connected_leads_where_that_leads(sound):
    assert talk(connecting(), [key("4"), Heard(Sound.CONNECTED)])[-1].facts[0].name == "met"
    other = talk(connecting(), [key("4"), sound])[-1]
    assert ([prompt.key for prompt in other.say], other.facts) == (["ask"], ())


def test_a_connection_that_leads_nowhere_is_refused():
    steps = {"wait": Connect(prompts=(), whom="office", connected=Choice(leads_to="nowhere"))}
    with pytest.raises(DialogueError, match="does not have"):
        checked(Dialogue(name="broken", language=Language.ENGLISH, first="wait", steps=steps))


def test_the_last_words_before_two_are_connected_do_not_end_the_call():
    whisper = Dialogue(
        name="whisper", language=Language.ENGLISH, first="hi",
        steps={"hi": Bridge(prompts=(Prompt(key="hi"),))},
    )  # fmt: skip
    assert begin(whisper).bridges
    assert not begin(connecting()).bridges
