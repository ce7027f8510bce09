"""Quiet is put between phrases, where it is quietest: nothing of the speech is lost, and nothing clicks."""

import numpy as np
import pytest

from audio.engines.neural.pauses import AT_CLAUSE_SECONDS, AT_PHRASE_SECONDS, Gap, shared, with_quiet
from audio.sound.activity import activity

RATE = 8000
TONE = 0.3 * np.sin(np.arange(RATE) * 0.5)
SOUND = np.concatenate([TONE, np.zeros(RATE // 50), TONE])
BETWEEN = Gap(0.98, 1.04, ends_clause=False)
COMMA, PHRASE = Gap(1.0, 1.1, ends_clause=True), Gap(2.0, 2.1, ends_clause=False)


def test_the_quiet_is_where_it_was_quiet_and_the_rest_sounds_as_before():
    longer = with_quiet(SOUND, RATE, [BETWEEN], [0.4])
    assert len(longer) - len(SOUND) == round(0.4 * RATE)
    first, second = longer[:RATE], longer[-RATE:]
    for heard in (first, second):
        assert np.allclose(heard[100:-100], TONE[100:-100])
        assert activity(heard, RATE).seconds > 0.98
    assert not longer[RATE + 80 : -RATE - 80].any()


def test_a_cut_in_the_middle_of_a_sound_does_not_click():
    longer = with_quiet(TONE, RATE, [Gap(0.4, 0.5, ends_clause=False)], [0.2])
    assert np.abs(np.diff(longer)).max() <= np.abs(np.diff(TONE)).max() * 1.05


def test_without_a_gap_nothing_is_changed():
    assert with_quiet(SOUND, RATE, [], []) is SOUND


def test_commas_are_given_quiet_first_and_then_phrases():
    few = AT_CLAUSE_SECONDS / 2
    assert shared(few, [COMMA, PHRASE], 1.0) == pytest.approx([few, 0])
    assert shared(AT_CLAUSE_SECONDS + 0.05, [PHRASE, COMMA], 1.0) == pytest.approx([0.05, AT_CLAUSE_SECONDS])
    assert shared(AT_CLAUSE_SECONDS, [COMMA, COMMA], 1.0) == pytest.approx([AT_CLAUSE_SECONDS / 2] * 2)


def test_who_is_spoken_to_more_slowly_is_given_more_at_each():
    assert shared(2 * AT_CLAUSE_SECONDS + 0.1, [COMMA, PHRASE], 2.0) == pytest.approx([2 * AT_CLAUSE_SECONDS, 0.1])


def test_all_that_is_wanted_is_given():
    whole = AT_CLAUSE_SECONDS + AT_PHRASE_SECONDS
    assert shared(3 * whole, [COMMA, PHRASE], 1.0) == pytest.approx([3 * AT_CLAUSE_SECONDS, 3 * AT_PHRASE_SECONDS])
    assert sum(shared(2.0, [PHRASE, PHRASE], 1.0)) == pytest.approx(2.0)
    assert shared(2.0, [], 1.0) == []
    assert shared(-0.1, [COMMA], 1.0) == [0]
