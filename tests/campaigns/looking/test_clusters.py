"""Silence clusters, as a rule of plain values: what is told, what is not, and how often it is told in vain."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.looking import clusters as rule
from campaigns.looking.chances import binomial_tail, hypergeometric_tail
from campaigns.looking.clusters import Rung, clusters, exchange_of, next_look, standing
from campaigns.noticed import Common

EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
counts = st.integers(0, 60)


def town(buildings, silent, at_home=20, line="1"):
    """So many people in each building, of whom ``silent`` says by building how many nobody reaches."""
    return [
        Rung(UUID(int=building * 1000 + each), each < silent.get(building, 1),
             {Common.BUILDING: str(building), Common.EXCHANGE: f"+863118{(each + building) % 4}", Common.LINE: line,
              Common.ROUND: ""})
        for building in range(buildings) for each in range(at_home)
    ]  # fmt: skip


def told(rung, known=()):
    return [(each.common, each.name, len(each.silent)) for each in clusters(rung, known)]


def test_a_building_in_which_nobody_answers_is_told_with_its_people():
    [found] = clusters(town(10, {3: 20}))
    assert (found.group, found.rung, found.others_silent, found.others_rung) == ((Common.BUILDING, "3"), 20, 9, 180)
    assert set(found.silent) == {UUID(int=3000 + each) for each in range(20)}


def test_an_ordinary_morning_tells_nothing():
    assert told(town(10, {3: 6, 5: 8})) == []


def test_an_exchange_is_told_as_an_exchange_and_the_buildings_in_it_are_not_told_besides():
    rung = [Rung(each.check_in_id, each.groups[Common.EXCHANGE] == "+8631182", each.groups) for each in town(10, {})]
    assert told(rung) == [(Common.EXCHANGE, "+8631182", 50)]


def test_two_buildings_are_two_clusters_the_more_unlikely_first():
    assert told(town(10, {3: 18, 7: 20})) == [(Common.BUILDING, "7", 20), (Common.BUILDING, "3", 18)]


def test_a_line_that_fails_is_told_where_there_are_several():
    fine, failing = town(5, {}), town(5, dict.fromkeys(range(5), 18), line="2")
    moved = [Rung(UUID(int=each.check_in_id.int + 10**6), each.is_silent, each.groups) for each in failing]
    assert told([*fine, *moved])[0] == (Common.LINE, "2", 90)


def test_a_round_in_which_nobody_at_all_is_reached_is_told_as_a_whole():
    assert told(town(10, dict.fromkeys(range(10), 20))) == [(Common.ROUND, "", 200)]


def test_a_round_in_which_half_are_silent_everywhere_is_told_as_a_whole_and_a_third_is_not():
    assert told(town(10, dict.fromkeys(range(10), 10))) == [(Common.ROUND, "", 100)]
    assert told(town(10, dict.fromkeys(range(10), 7))) == []


def test_a_small_round_is_never_judged():
    assert told(town(2, {0: 20, 1: 0})) == []
    assert told([]) == []


def test_who_was_told_is_neither_told_again_nor_counted():
    rung = town(10, {3: 20})
    assert told(rung, {(Common.BUILDING, "3")}) == []
    assert len(standing(rung, (Common.BUILDING, "3")).silent) == 20


def test_a_few_silences_are_no_cluster_however_small_their_house():
    assert told(town(60, {3: 4, 4: 4}, at_home=4)) == []


@pytest.mark.parametrize("seed", range(8))
def test_hundreds_of_ordinary_rounds_have_next_to_no_false_alarm(seed):
    """8 times 60 rounds, in each of which nearly every third resident is silent by chance."""
    chance = random.Random(seed)
    alarms = 0
    for _ in range(60):
        rung = [Rung(each.check_in_id, chance.random() < rule.USUALLY_SILENT, each.groups)
                for each in town(15, {}, at_home=12)]  # fmt: skip
        alarms += len(clusters(rung))
    assert alarms == 0


def test_who_was_rung_later_than_the_others_is_not_told_for_that():
    """Of whoever has had all three calls a tenth is silent, of one house that has had its first call over a third."""
    assert told(town(20, dict.fromkeys(range(20), 2) | {7: 11})) == []


@given(counts, counts, counts)
def test_the_tail_of_fisher_is_the_exact_one(drawn, all_successes, more):
    everybody = max(drawn, all_successes) + more
    for successes in range(0, min(drawn, all_successes) + 1, 3):
        exact = sum(Fraction(comb(all_successes, each) * comb(everybody - all_successes, drawn - each))
                    for each in range(successes, min(drawn, all_successes) + 1)) / comb(everybody, drawn)  # fmt: skip
        assert hypergeometric_tail(successes, drawn, all_successes, everybody) == pytest.approx(float(exact), rel=1e-9)


@given(counts, counts)
def test_the_binomial_tail_is_the_exact_one(trials, successes):
    chance = Fraction(27, 100)
    exact = sum((comb(trials, each) * chance**each * (1 - chance) ** (trials - each)
                 for each in range(successes, trials + 1)), Fraction(0))  # fmt: skip
    assert binomial_tail(successes, trials, 0.27) == pytest.approx(float(exact), rel=1e-9, abs=1e-300)


people = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), max_size=150)


@given(people, st.randoms(use_true_random=False))
def test_nobody_is_in_two_clusters_each_stands_for_what_it_says_and_the_order_does_not_matter(drawn, chance):
    rung = [Rung(UUID(int=index), silent, {Common.BUILDING: str(building), Common.EXCHANGE: str(exchange)})
            for index, (silent, building, exchange) in enumerate(drawn)]  # fmt: skip
    found = clusters(rung)
    everybody = [each for cluster in found for each in cluster.silent]
    assert len(everybody) == len(set(everybody))
    silent = {each.check_in_id for each in rung if each.is_silent}
    for cluster in found:
        assert 7 <= len(cluster.silent) <= cluster.rung <= 2 * len(cluster.silent)
        assert set(cluster.silent) <= silent
    shuffled = chance.sample(rung, len(rung))
    assert [(each.group, set(each.silent)) for each in clusters(shuffled)] == [
        (each.group, set(each.silent)) for each in found
    ]


def test_the_exchange_is_all_but_the_last_four_digits():
    assert exchange_of("+8631186031234") == "+863118603"
    assert exchange_of("+12125551234") == "+1212555"


def test_a_round_is_looked_at_rarer_and_rarer_and_never_oftener_than_the_chances_are_divided_by():
    looks, now = [], EIGHT
    while (now := next_look(EIGHT, now)) <= EIGHT + timedelta(days=1):
        looks.append(now - EIGHT)
    assert looks[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60)]
    assert all(later == 2 * earlier for earlier, later in pairwise(looks))
    assert len(looks) + 1 <= rule.LOOKS
