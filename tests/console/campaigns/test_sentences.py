"""What is said of a morning has happened: each sentence of the headline is implied by the people it speaks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import Outcome, Reason
from campaigns.outcomes import QUIET, SAID
from console.view.headline import Headline, Mood, Next, Phrase, greeting, headline, headline_without_round, tally
from console.view.mornings import CheckInLine
from console.view.signs import Sign, sign_of
from core.i18n import Language

ALL_WELL, LOOKED_AFTER = "all are well", "everybody has been looked after"
LISTED = "residents who were not rung wait for the office"
STOPPED = {Reason.ROUND_STOPPED, Reason.CAMPAIGN_STOPPED, Reason.CAMPAIGN_PAUSED}
EVERYBODY_RUNG = "Everybody has been rung. The rest needs a person."


def line(outcome, attempts, picked_up, care, reason=""):
    """Somebody's morning as the page holds it; only an outcome that is not quiet has a case."""
    if outcome is not None:
        picked_up = None
    if outcome is None or outcome in QUIET:
        care = ""
    if outcome is Outcome.NOT_ASKED:  # one case for all of them, which is not theirs
        care, attempts = "", 0
    sign = sign_of(outcome, picked_up)
    return CheckInLine(None, outcome or "", reason, sign, attempts, None, None, None, care, "")


people = st.lists(
    st.builds(
        line,
        st.none() | st.sampled_from(Outcome),
        st.integers(0, 3),
        st.sampled_from([None, None, False, True]),
        st.sampled_from(["", "open", "accepted", "on_site", "closed"]),
        st.sampled_from(["", *Reason]),
    ),
    max_size=6,
)


def rung(each):
    return each.attempts > 0 or each.sign in {Sign.CALLING, Sign.TALKING}


def heard(each):
    return each.outcome in set(SAID)


def stopped(each):
    return each.outcome == Outcome.EXCUSED and each.reason in STOPPED


def excused(each):
    return each.outcome in {Outcome.EXCUSED, Outcome.WITHDRAWN} and not stopped(each)


def cared(each):
    return each.care == "closed"


def asked(each):
    return rung(each) or heard(each)


def ended(morning, complete):
    return complete and all(each.outcome for each in morning)


CLAIMS = {
    "{residents} residents": lambda m, g, _: g["residents"] == len(m),
    "One resident": lambda m, g, _: len(m) == 1,
    ALL_WELL: lambda m, g, _: all(each.outcome == Outcome.OK for each in m),
    LOOKED_AFTER: lambda m, g, _: all(each.outcome == Outcome.OK or each.care == "closed" for each in m),
    "{well} of {residents} are well": lambda m, g, _: (
        g["well"] == sum(each.outcome == Outcome.OK for each in m) and g["residents"] == len(m)
    ),
    "{count} looked after": lambda m, g, _: g["count"] == sum(each.care == "closed" for each in m),
    "{excused} need no call today": lambda m, g, _: g["excused"] == sum(map(excused, m)),
    "1 needs no call today": lambda m, g, _: sum(map(excused, m)) == 1,
    "{count} left out when the round was stopped": lambda m, g, _: g["count"] == sum(map(stopped, m)),
    "{heard} of {residents} have answered": lambda m, g, _: (
        g["heard"] == sum(map(heard, m)) and g["residents"] == len(m) and any(map(asked, m))
    ),
    "{calling} being called": lambda m, g, _: (
        g["calling"] == sum(each.sign in {Sign.CALLING, Sign.TALKING} for each in m)
    ),
    "{waiting} still waiting": lambda m, g, _: g["waiting"] == sum(each.sign is Sign.WAITING for each in m),
    "{count} were not rung": lambda m, g, _: (
        g["count"] == sum(each.outcome == Outcome.NOT_ASKED for each in m) and any(map(asked, m))
    ),
    "nobody has been rung yet": lambda m, g, over: not any(map(asked, m)) and not over,
    "nobody has been rung": lambda m, g, over: not any(map(asked, m)) and over,
    "This round has nobody to ring": lambda m, g, _: not m,
    "Only residents who have agreed and have the campaign's flags are rung.": lambda m, g, _: not m,
    "The round is complete. Have a good day.": lambda m, g, over: over and (any(map(asked, m)) or all(map(cared, m))),
    EVERYBODY_RUNG: lambda m, g, over: over and all(map(asked, m)),
    "No more calls will be made. The rest needs a person.": lambda m, g, over: over,
}


def needing_of(morning, others):
    return others + sum(bool(each.care) and each.care != "closed" for each in morning)


@given(people, st.integers(0, 2), st.booleans(), st.booleans())
def test_whatever_is_said_of_people_is_implied_by_how_they_are(morning, others, listed, complete):
    needing = needing_of(morning, others)
    shown = headline(tally([each.standing for each in morning], needing, listed=listed, complete=complete))
    over = ended(morning, complete)
    for phrase in [*shown.phrases, *([shown.next] if shown.next else [])]:
        gaps = dict(phrase.gaps)
        if phrase.text in {"1 needs somebody", "{needing} need somebody"}:
            assert gaps.get("needing", 1) == needing > 0
        elif phrase.text == LISTED:
            assert listed
        else:
            assert CLAIMS[phrase.text](morning, gaps, over), phrase.text
    if needing:
        assert any("somebody" in phrase.text for phrase in shown.phrases)


@given(people, st.integers(0, 2), st.booleans(), st.booleans())
def test_the_calm_mood_is_only_for_mornings_in_which_nobody_is_left(morning, others, listed, complete):
    needing = needing_of(morning, others)
    shown = headline(tally([each.standing for each in morning], needing, listed=listed, complete=complete))
    if shown.mood is Mood.ALL_WELL:
        assert not needing
        assert not listed
        assert morning
        assert ended(morning, complete)
        assert any(map(asked, morning)) or all(map(cared, morning))
        assert all(each.outcome in QUIET or each.care == "closed" for each in morning)
        assert not any(map(stopped, morning))


@given(people, st.integers(0, 2), st.booleans(), st.sampled_from(Language))
def test_every_sentence_can_be_said_in_both_languages(morning, others, complete, language):
    shown = headline(tally([each.standing for each in morning], others, complete=complete))
    assert_translated(shown, language)


def assert_translated(shown: Headline, language):
    for phrase in [*shown.phrases, *([shown.next] if shown.next else [])]:
        words = phrase.say(language)
        assert "{" not in words
        if language is Language.CHINESE:
            assert any("\u4e00" <= each <= "\u9fff" for each in words), phrase.text


def said(shown, language=Language.ENGLISH):
    return ", ".join(phrase.say(language) for phrase in shown.phrases)


@pytest.mark.parametrize(
    ("morning", "sentence"),
    [
        ([("ok", 1)] * 3, "3 residents, all are well"),
        ([("ok", 1)], "One resident, all are well"),
        ([("ok", 1), ("ok", 1), ("excused", 0)], "2 of 3 are well, 1 needs no call today"),
        ([("excused", 0), ("withdrawn", 0)], "2 residents, nobody has been rung, 2 need no call today"),
        ([("excused", 2), ("excused", 1)], "0 of 2 are well, 2 need no call today"),
        ([(None, 0)] * 4, "4 residents, nobody has been rung yet, 4 still waiting"),
        ([("not_asked", 0)] * 57, "57 residents, nobody has been rung"),
        ([("ok", 1), ("not_asked", 0)], "1 of 2 has answered, 1 was not rung"),
        ([(None, 1), (None, 0)], "0 of 2 have answered, 2 still waiting"),
    ],
)  # fmt: skip
def test_mornings_as_they_are_told(morning, sentence):
    standings = [line(outcome, attempts, None, "").standing for outcome, attempts in morning]
    assert said(headline(tally(standings, 0, complete=all(outcome for outcome, _ in morning)))) == sentence


def test_the_case_of_somebody_outside_an_empty_round_is_not_forgotten():
    assert said(headline(tally([], 1, complete=True))) == "This round has nobody to ring, 1 needs somebody"


def test_a_round_that_still_asks_somebody_is_not_over_although_everybody_was_heard_in_another():
    shown = headline(tally([line("ok", 1, None, "").standing] * 2, 0, complete=False))
    assert (shown.mood, said(shown), shown.next) == (Mood.UNDER_WAY, "2 of 2 have answered", None)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("then", [Next(), Next(paused="早安"), Next(0, at=Phrase("{at} tomorrow", (("at", "08:00"),))),
                                  Next(1, at=Phrase("08:00")), Next(5, at=Phrase("08:00"))])  # fmt: skip
def test_before_a_round_only_whom_it_will_ring_are_promised_a_call(then, language):
    shown = headline_without_round(57, 2, then)
    assert_translated(shown, language)
    assert "5" in said(shown, language) or then.people != 5
    assert "57" not in said(shown, language)
    assert ("有 2 位要人去看看" if language is Language.CHINESE else "2 need somebody") in said(shown, language)
    assert "nothing to do" not in (shown.next.say(Language.ENGLISH) if shown.next else "")


@pytest.mark.parametrize(("hour", "chinese", "english"), [(6, "早上好", "Good morning"), (10, "早上好", "Good morning"),
                                                          (11, "您好", "Hello"), (18, "您好", "Hello")])  # fmt: skip
def test_nobody_is_wished_a_good_morning_after_eleven(hour, chinese, english):
    shown = headline_without_round(5, 0, Next(greeting=greeting(hour)))
    assert said(shown, Language.CHINESE).startswith(f"{chinese}，今天还没有")
    assert said(shown, Language.ENGLISH).startswith(f"{english}, nobody has been rung today")
