"""A call walked through: whatever is done, it is told as the engine would have it, in words for both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.listen.samples import SAMPLES
from console.listen.walk import HANGS_UP, INSTEAD, KEYS, MOST_EXCHANGES, TOKENS, walk
from core.i18n import Language, translate
from ivr.dialogue.engine import Fact

CHECK_IN = SAMPLES["check_in"](Language.CHINESE)
DEEDS = [*KEYS, *TOKENS, HANGS_UP, "12345", f"{INSTEAD}offer-0", "nonsense", "@nowhere"]


def keys_of(exchange):
    return [prompt.key for prompt in exchange.said]


def test_a_call_is_told_from_its_greeting_to_its_goodbye():
    first, second = walk(CHECK_IN, ["3"]).exchanges
    assert (first.done, keys_of(first)) == (None, ["check_in.greeting", "check_in.menu"])
    assert (second.done, keys_of(second)[0], second.facts[0].name) == ("3", "check_in.unwell", "unwell")
    assert walk(CHECK_IN, ["3"]).is_over


def test_what_is_repeated_is_said_slower_and_three_silences_lead_to_a_person():
    exchanges = walk(CHECK_IN, ["silence"] * 3).exchanges
    assert [prompt.slower for prompt in exchanges[1].said] == [True]
    assert [fact.name for fact in exchanges[3].facts] == ["no_key"]


def test_hanging_up_ends_the_call_and_is_an_answer_to_nothing():
    walked = walk(CHECK_IN, [HANGS_UP, "1"])
    assert walked.is_over
    assert walked.exchanges[-1].facts == ()


def test_what_the_service_goes_on_with_by_itself_can_be_heard():
    assert "@offer-0" in walk(CHECK_IN, []).choices
    assert keys_of(walk(CHECK_IN, ["@offer-0"]).exchanges[1]) == ["check_in.unwell", "check_in.duty_offer"]


@given(st.sampled_from(sorted(SAMPLES)), st.lists(st.sampled_from(DEEDS), max_size=MOST_EXCHANGES + 5))
def test_whatever_is_done_there_is_an_end_and_nobody_is_well_without_a_1(name, done):
    walked = walk(SAMPLES[name](Language.ENGLISH), done)
    assert len(walked.exchanges) <= MOST_EXCHANGES + 1
    facts = [fact for exchange in walked.exchanges for fact in exchange.facts]
    if any(isinstance(fact, Fact) and fact.name == "ok" for fact in facts):
        assert any(each.startswith("1") for each in done)  # at a menu the first of several keys counts


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_call_deed_and_fact_has_words(name, language):
    dialogue = SAMPLES[name](language)
    facts = {choice.fact for _, step in dialogue.every_step()
             for choice in (*dict(step.answers()).values(), *dict(step.silences()).values(),
                            *dict(step.events()).values())}  # fmt: skip
    deeds = {each.partition("-")[0] for each in walk(dialogue, []).choices if each not in KEYS}
    for word in (f"call:{name}", *(f"fact:{fact}" for fact in facts if fact), *(f"deed:{deed}" for deed in deeds)):
        assert translate(language, word) != word
