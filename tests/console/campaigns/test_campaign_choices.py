"""What can be ticked of an audience: the rule that comes of it, and back; what says more is never flattened."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audiences.reading import Day, Person, meets
from campaigns.audiences.rules import EVERYONE, Aged, AllOf, AnyOf, Flagged, InRound, LivesIn, Not, OnList, Speaks
from console.campaigns.choices import NONE, Choices, choices_of, rule_of_choices
from core.i18n import Language
from tests.campaigns.audiences.test_rules import BUILDING, CHOIR, GRID, MORNING, ROUND, RULES, UNIT

FLAGS = ["lives_alone", "empty_nest", "爱唱戏"]
ALONE, NEST = Flagged(any_of=("lives_alone",)), Flagged(any_of=("empty_nest",))
some = st.lists(st.sampled_from(FLAGS), unique=True, max_size=3).map(tuple)
ages = st.tuples(st.none() | st.integers(0, 60), st.none() | st.integers(60, 130))
CHOICES = st.builds(
    lambda flags, every, span, areas, languages, on_list, campaign, answered, but, but_list: Choices(
        flags, every and len(flags) > 1, *span, areas, languages, on_list, campaign, answered and campaign is not None,
        but, but_list,
    ),
    some, st.booleans(), ages, st.lists(st.sampled_from([BUILDING, UNIT, GRID]), unique=True).map(tuple),
    st.sampled_from([(), (Language.ENGLISH,), tuple(Language)]), st.none() | st.just(CHOIR),
    st.none() | st.just(MORNING), st.booleans(), some, st.none() | st.just(CHOIR),
)  # fmt: skip
PEOPLE = st.builds(
    Person,
    flags=st.frozensets(st.sampled_from([*FLAGS, "aged_80"])), language=st.sampled_from(list(Language)),
    birth_year=st.none() | st.integers(1900, 1980), area_ids=st.frozensets(st.sampled_from([BUILDING, UNIT, GRID])),
    lists=st.frozensets(st.just(CHOIR)), answered_in=st.frozensets(st.just(ROUND)), silent_in=st.just(frozenset()),
)  # fmt: skip
TODAY = Day(2026, {MORNING: ROUND})


@given(CHOICES)
def test_what_was_ticked_stands_ticked_again(chosen):
    assert choices_of(rule_of_choices(chosen)) == chosen


@given(RULES, PEOPLE)
def test_a_rule_that_is_shown_as_choices_means_the_same_people_afterwards(rule, person):
    chosen = choices_of(rule)
    if chosen is not None:
        assert meets(rule_of_choices(chosen), person, TODAY) == meets(rule, person, TODAY)


@pytest.mark.parametrize("rule", [
    AnyOf(of=(ALONE, Aged(least=80))),
    AllOf(of=(ALONE, AnyOf(of=(NEST, Aged(least=80))))),
    AllOf(of=(Aged(least=80), Aged(most=90))),
    AllOf(of=(LivesIn(any_of=(BUILDING,)), LivesIn(any_of=(GRID,)))),
    AllOf(of=(Flagged(any_of=("a", "b")), Flagged(any_of=("c",)))),
    Not(of=LivesIn(any_of=(BUILDING,))),
    Not(of=Not(of=ALONE)),
    InRound(answered=False, round_id=UUID(int=5)),
    Flagged(any_of=()), LivesIn(any_of=()), Speaks(any_of=()), Not(of=Flagged(any_of=())), AnyOf(of=()),
])  # fmt: skip
def test_what_says_more_than_can_be_ticked_is_no_choice(rule):
    assert choices_of(rule) is None


def test_the_sentence_of_the_office_is_one():
    rule = AllOf(of=(ALONE, Aged(least=80), LivesIn(any_of=(BUILDING,)), Not(of=OnList(list_id=CHOIR))))
    assert choices_of(rule) == Choices(("lives_alone",), least=80, areas=(BUILDING,), but_list_id=CHOIR)
    assert choices_of(AllOf(of=(ALONE, NEST))) == Choices(("lives_alone", "empty_nest"), every_flag=True)
    assert (choices_of(EVERYONE), rule_of_choices(NONE)) == (NONE, EVERYONE)
