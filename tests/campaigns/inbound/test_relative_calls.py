"""What a relative hears who rings in: nothing that has not happened."""

import pytest

from campaigns.family.news import result
from campaigns.models import CheckIn, Outcome, Reason
from core import clock
from core.i18n import Language
from ivr.dialogue.catalogue import catalogue

RUNG = {"waiting", "not_yet", "not_reached", "unreachable", "no_key"}
"""Sentences that say, or let somebody think, that a telephone has rung."""


def check_in(outcome=None, attempts=0, again=False, reason=None):
    return CheckIn(outcome=outcome, attempts=attempts, next_attempt_at=clock.now() if again else None,
                   decided_at=clock.now() if outcome else None, reason=reason)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "none"),
        (check_in(again=True), "none"),
        (check_in(attempts=1, again=True), "waiting"),
        (check_in(attempts=3), "not_yet"),
        (check_in(Outcome.EXCUSED), "away"),
        (check_in(Outcome.EXCUSED, reason=Reason.PAUSED), "away"),
        (check_in(Outcome.EXCUSED, reason=Reason.ROUND_STOPPED), "not_rung"),
        (check_in(Outcome.EXCUSED, attempts=1), "not_yet"),
        (check_in(Outcome.WITHDRAWN), "not_rung"),
        (check_in(Outcome.UNREACHABLE, attempts=1), "unreachable"),
        (check_in(Outcome.BUSY, attempts=3), "not_reached"),
        (check_in(Outcome.NO_KEY, attempts=1), "no_key"),
        (check_in(Outcome.OK), "ok"),
    ],
)
def test_the_sentence_says_what_happened(given, sentence):
    assert result(given)[0] == sentence


@pytest.mark.parametrize("outcome", [None, *Outcome])
@pytest.mark.parametrize("attempts", [0, 2])
def test_every_result_has_words_and_whoever_was_not_rung_is_not_said_to_have_been(outcome, attempts):
    sentence, _ = result(check_in(outcome, attempts))
    assert all(f"relative.{sentence}" in catalogue(language) for language in Language)
    if attempts == 0 and outcome in {None, Outcome.EXCUSED, Outcome.WITHDRAWN}:
        assert sentence not in RUNG


def test_while_the_telephone_rings_it_is_not_said_that_nobody_was_rung():
    assert result(check_in(), on_the_telephone=True)[0] == "not_yet"
