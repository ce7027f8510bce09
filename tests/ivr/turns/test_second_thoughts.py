"""Two keys, slower repeats, changes of mind, and what no order of sounds can do, in the check-in itself."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.dialogues.check_in import Asked, check_in_dialogue
from campaigns.dialogues.check_in_steps import KEYS, STOP
from campaigns.models import Outcome
from campaigns.outcomes import after_saying
from core.i18n import Language
from escalation.models import Need
from ivr.dialogue.engine import Before, Heard, Meaning, Position, Sound, advance, begin, left

WANG, LI, WU = Asked("wang", "王奶奶"), Asked("li", "李爷爷"), Asked("wu", "吴奶奶", speaks=True)
SILENCE = Heard(Sound.SILENCE)
HURRIED, LATE = 0.4, 6.0


@cache
def check_in(people, *, rang_us):
    return check_in_dialogue(people, "槐东社区", Language.CHINESE, None, "120", rang_us=rang_us)


class Talk:
    """A call as the service carries it: it knows what was pressed before, and when."""

    def __init__(self, *people, rang_us=False):
        self.dialogue = check_in(people, rang_us=rang_us)
        self.turn = begin(self.dialogue)
        self.turns = [self.turn]
        self.facts = []
        self._before = None

    def hear(self, heard, seconds=LATE):
        at = self.turn.heard_at
        if at is None:
            return self
        if heard.sound in {Sound.KEY, Sound.SILENCE}:
            heard = replace(heard, before=self._before and replace(self._before, seconds=seconds))
        self.turn = advance(self.dialogue, at, heard)
        self.turns.append(self.turn)
        self.facts += [(fact.name, fact.subject) for fact in self.turn.facts]
        known = self._before or Before("", LATE)
        doubt = getattr(self.dialogue.step(at.step), "doubt", None)
        if doubt:
            known = replace(known, step=at.step, key=heard.key if heard.key in doubt.order else "")
        self._before = replace(known, last=heard.key) if heard.sound is Sound.KEY else known
        return self

    def press(self, keys, seconds=LATE):
        for key in keys:
            self.hear(Heard(Sound.KEY, key), seconds)
        return self

    def hang_up(self):
        """What the end of the call means where it has come to."""
        if at := self.turn.heard_at:
            self.facts += [(fact.name, fact.subject) for fact in left(self.dialogue, at)]
            self.turn = replace(self.turn, position=None, afterthought=None)
        return self

    def said(self):
        return [prompt.key for prompt in self.turn.say]

    def outcome(self, subject="wang"):
        decided = None
        for name, who in self.facts:
            if who == subject and name in set(Outcome):
                decided = after_saying(decided, Outcome(name))
        return decided


def test_a_repeat_is_spoken_slower_and_the_first_play_is_not():
    talk = Talk(WANG).hear(SILENCE)
    assert [prompt.slower for prompt in talk.turns[0].say] == [False, False]
    assert [prompt.slower for prompt in talk.turn.say] == [True]
    assert talk.turn.say[0] in talk.dialogue.prompts()


@pytest.mark.parametrize("key", "1230")
def test_whoever_has_answered_may_change_their_mind_until_we_have_hung_up(key):
    talk = Talk(WANG).press("1")
    assert talk.turn.position is None
    assert talk.turn.afterthought == Position("ok-0")
    talk.press(key)
    assert talk.outcome() == min(Outcome.OK, KEYS[key], key=[*map(KEYS.get, "3021")].index)


def test_whoever_finds_the_key_only_while_we_say_goodbye_is_heard():
    silent = Talk(WANG).hear(SILENCE).hear(SILENCE).hear(SILENCE)
    assert (silent.outcome(), silent.turn.position) == (Outcome.NO_KEY, None)
    assert silent.press("3").outcome() is Outcome.UNWELL
    assert Talk(WANG).press("2").hear(SILENCE).hear(SILENCE).press("3").outcome() is Outcome.UNWELL


def test_two_keys_at_once_are_doubted_and_the_answer_counts():
    talk = Talk(WANG).hear(Heard(Sound.DIGITS, "13"))
    assert talk.said() == ["check_in.two_keys", "check_in.if_ok", "check_in.if_unwell"]
    assert talk.turn.say[0].words == {"first": "1", "second": "3"}
    assert talk.facts == []
    assert talk.press("1").outcome() is Outcome.OK


@pytest.mark.parametrize(("keys", "worse"), [("13", Outcome.UNWELL), ("21", Outcome.NEEDS_SUPPLIES),
                                             ("10", Outcome.WANTS_PERSON), ("03", Outcome.UNWELL)])  # fmt: skip
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("leaves", [True, False])
def test_of_two_keys_in_a_hurry_the_worse_one_counts_unless_they_say_which(keys, worse, together, leaves):
    talk = Talk(WANG)
    talk = talk.hear(Heard(Sound.DIGITS, keys)) if together else talk.press(keys[0]).press(keys[1], HURRIED)
    assert "/" in talk.turn.position.step
    talk = talk.hang_up() if leaves else talk.hear(SILENCE).hear(SILENCE)
    assert talk.outcome() is worse


def test_a_hurried_second_key_is_doubted_and_mashing_on_never_makes_anybody_well():
    talk = Talk(WANG).press("1").press("3", HURRIED)
    assert talk.said()[0] == "check_in.two_keys"
    assert talk.press("1111", HURRIED).outcome() is Outcome.UNWELL


def test_the_same_key_twice_in_a_hurry_is_a_trembling_finger():
    talk = Talk(WANG, LI).press("1").press("1", HURRIED)
    assert talk.facts == [("ok", "wang")]
    assert talk.turn.position == Position("ask-1")
    assert talk.press("1").outcome("li") is Outcome.OK


def test_a_hurried_key_is_about_the_one_who_has_just_answered_not_about_who_comes_next():
    talk = Talk(WANG, LI).press("1").press("3", HURRIED)
    assert talk.turn.position.step == "ask-0/31"
    assert talk.hang_up().facts == [("ok", "wang"), ("unwell", "wang")]


def test_a_trembling_finger_that_says_who_speaks_makes_nobody_well():
    talk = Talk(WANG, LI, rang_us=True).press("11", HURRIED)
    assert (talk.facts, talk.turn.position) == ([], Position("ask-0"))
    assert talk.press("1").outcome() is Outcome.OK
    assert Talk(WANG, LI, rang_us=True).press("1").press("3", HURRIED).outcome() is Outcome.UNWELL


def test_three_and_then_one_never_takes_the_help_back():
    assert Talk(WANG).press("3").press("1").outcome() is Outcome.UNWELL
    assert Talk(WANG).press("3").press("1", HURRIED).press("1").outcome() is Outcome.UNWELL


@pytest.mark.parametrize(("key", "need"), [("1", Need.GROCERIES), ("2", Need.MEDICINE), ("3", Need.HOUSEHOLD)])
def test_after_two_they_may_say_what_they_need(key, need):
    assert Talk(WANG).press("2").press(key).facts == [("needs_supplies", "wang"), (need, "wang")]


def test_after_two_and_nought_what_they_say_is_recorded_and_silence_loses_nothing():
    talk = Talk(WANG).press("20")
    assert talk.turn.asks.max_seconds == 60
    assert Talk(WANG).press("20").hear(SILENCE).facts == [("needs_supplies", "wang")]
    talk.hear(Heard(Sound.RECORDING, "RE1", 9))
    assert talk.facts == [("needs_supplies", "wang"), ("own_words", "wang")]
    assert talk.said()[0] == "check_in.words_heard"


def test_one_nine_changes_nothing_and_the_question_is_asked_again():
    talk = Talk(WANG).press("9").hear(SILENCE)
    assert (talk.facts, talk.said()) == ([], ["check_in.menu"])
    assert talk.press("1").outcome() is Outcome.OK


@pytest.mark.parametrize("seconds", [HURRIED, LATE])
def test_nine_twice_stops_the_calls(seconds):
    talk = Talk(WANG).press("99", seconds)
    assert talk.facts == [(STOP, "wang")]
    assert talk.said()[0] == "check_in.stopped"


def test_nine_and_then_three_brings_help():
    assert Talk(WANG).press("93").facts == [("unwell", "wang")]


def test_a_word_is_said_back_and_makes_well_only_when_it_is_confirmed():
    word = lambda meaning: Heard(Sound.SPEECH, meaning)  # noqa: E731
    asked = Talk(WU).hear(word(Meaning.WELL))
    assert (asked.facts, asked.said(), bool(asked.turn.asks.spoken)) == ([], ["check_in.sure_well"], True)
    assert Talk(WU).hear(word(Meaning.WELL)).hear(word(Meaning.YES)).outcome("wu") is Outcome.OK
    assert Talk(WU).hear(word(Meaning.WELL)).press("1").outcome("wu") is Outcome.OK
    assert Talk(WU).hear(word(Meaning.WELL)).hear(word(Meaning.UNWELL)).outcome("wu") is Outcome.UNWELL
    assert Talk(WU).hear(word(Meaning.WELL)).hear(SILENCE).hear(SILENCE).hear(SILENCE).outcome("wu") is Outcome.NO_KEY
    assert Talk(WU).hear(word(Meaning.UNWELL)).outcome("wu") is Outcome.UNWELL
    assert Talk(WU).hear(word("")).hear(word("")).hear(word("")).outcome("wu") is Outcome.NO_KEY


sounds = st.one_of(
    st.sampled_from("0123456789*#").map(lambda key: Heard(Sound.KEY, key)),
    st.sampled_from([SILENCE, Heard(Sound.MACHINE), Heard(Sound.RECORDING, "RE1", 3), Heard(Sound.CONNECTED),
                     Heard(Sound.NOT_CONNECTED)]),
    st.text("0123456789*#", min_size=2, max_size=4).map(lambda keys: Heard(Sound.DIGITS, keys)),
    st.sampled_from(["", *Meaning]).map(lambda meaning: Heard(Sound.SPEECH, meaning)),
)  # fmt: skip
calls = st.lists(st.tuples(sounds, st.sampled_from([HURRIED, LATE])), max_size=14)


@given(calls, st.booleans())
def test_no_order_of_sounds_makes_anybody_well_without_a_one_or_a_confirmed_word(call, speaks):
    talk = Talk(replace(WANG, speaks=speaks))
    for heard, seconds in call:
        talk.hear(heard, seconds)
    ones = any("1" in heard.key for heard, _ in call if heard.sound in {Sound.KEY, Sound.DIGITS})
    words = sum(heard.sound is Sound.SPEECH and heard.key in {Meaning.WELL, Meaning.YES} for heard, _ in call)
    assert talk.hang_up().outcome() is not Outcome.OK or ones or (speaks and words >= 2)


@given(calls, st.booleans())
def test_whoever_falls_silent_is_heard_to_the_end_and_has_an_outcome(call, rang_us):
    talk = Talk(WANG, LI, rang_us=rang_us)
    for heard, seconds in call:
        talk.hear(heard, seconds)
    for _ in range(24):
        if talk.turn.position:
            talk.hear(SILENCE)
    assert talk.turn.position is None
    subjects = {subject for name, subject in talk.facts if name in {*Outcome, STOP}}
    if not rang_us and Heard(Sound.MACHINE) not in [heard for heard, _ in call]:
        assert subjects == {"wang", "li"}
    assert subjects


@given(calls)
def test_a_three_that_was_heard_as_an_answer_is_never_lost(call):
    """Pressed at the first question, whatever comes after it and however the call ends."""
    talk = Talk(WANG).press("3")
    for heard, seconds in call:
        talk.hear(heard, seconds)
    assert talk.hang_up().outcome() is Outcome.UNWELL
