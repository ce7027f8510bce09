"""What a digest says, and that a long one still fits into a text without losing a problem."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.digests.digest_words import SAYS, SILENT, Entry, Then, digest
from campaigns.models import Outcome
from core.i18n import Language, translate
from escalation.cases.relative_words import Letterhead
from ivr.sms.segments import MOST_SEGMENTS, segments

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def head(language):
    return Letterhead(language, "槐东社区", ZoneInfo("Asia/Shanghai"), MONDAY, "0311 8600 0900", "120")


def entries(days, each_day, **others):
    found = [Entry(MONDAY + timedelta(days=day, hours=2 * turn), Outcome.OK)
             for day in range(days) for turn in range(each_day)]  # fmt: skip
    return [*found, *(Entry(MONDAY + timedelta(days=days), outcome, then) for outcome, then in others.values())]


@pytest.mark.parametrize("language", Language)
def test_a_week_of_three_calls_a_day_counts_the_good_answers_and_names_the_rest(language):
    said = digest(head(language), "王奶奶", entries(7, 3, one=(Outcome.UNWELL, Then.HELPED)))
    assert segments(said) <= MOST_SEGMENTS
    assert "21" in said
    assert translate(language, SAYS[Outcome.UNWELL]) in said
    assert translate(language, f"digest:then_{Then.HELPED}") in said
    assert "0311 8600 0900" in said


@pytest.mark.parametrize("language", Language)
def test_every_outcome_and_whatever_came_of_it_has_words_of_its_own(language):
    keys = [*SAYS.values(), SILENT, *(f"digest:then_{each}" for each in Then)]
    assert all(translate(language, key) != key for key in keys)
    for outcome in set(Outcome) - {Outcome.EXCUSED, Outcome.WITHDRAWN}:
        said = digest(head(language), "王奶奶", [Entry(MONDAY, outcome)])
        assert translate(language, SAYS.get(outcome, SILENT)) in said


def test_a_few_answers_are_told_one_by_one():
    said = digest(head(Language.ENGLISH), "Margaret", entries(2, 1))
    assert said == "[槐东社区 Zao'an] Margaret: 23 Nov 08:00 well; 24 Nov 08:00 well. Ring us: 0311 8600 0900."
