"""Which of a responder's two telephones is rung."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.queries import ResponderNear
from escalation.paging.responder_telephones import all_refused, to_ring

TIAN, LIU = UUID(int=1), UUID(int=2)


def near(who, *numbers):
    return ResponderNear(who, "", "volunteer", numbers, "zh-CN", 0)


def rung(*people, **known):
    return [each.number for each in to_ring(people, **known)]


@pytest.mark.parametrize(
    ("refused", "last", "expected"),
    [
        (set(), {}, "a"),
        (set(), {TIAN: "a"}, "b"),
        (set(), {TIAN: "b"}, "a"),
        (set(), {TIAN: "elsewhere"}, "a"),
        ({"a"}, {}, "b"),
        ({"b"}, {TIAN: "a"}, "a"),
        ({"a", "b"}, {}, "a"),
    ],
)
def test_in_turn_and_never_one_that_is_refused_while_there_is_another(refused, last, expected):
    assert rung(near(TIAN, "a", "b"), refused=refused, last=last) == [expected]


def test_a_shared_telephone_rings_for_one_of_them():
    assert rung(near(TIAN, "a", "b"), near(LIU, "b"), last={TIAN: "a"}) == ["a", "b"]
    assert rung(near(TIAN, "a", "c"), near(LIU, "b", "c"), last={TIAN: "a", LIU: "b"}) == ["c", "b"]


numbers = st.sampled_from("abcdef")


@given(st.lists(st.tuples(numbers, st.none() | numbers), unique_by=lambda each: each[0]), st.sets(numbers), st.data())
def test_no_two_of_them_at_one_telephone_and_nobody_at_none(written, refused, data):
    people = [near(UUID(int=at), first, *([second] if second and second != first else []))
              for at, (first, second) in enumerate(written)]  # fmt: skip
    last = {each.responder_id: data.draw(numbers) for each in people}
    found = to_ring(people, refused, last)
    assert len({each.number for each in found}) == len(people)
    assert [set(each.numbers) for each in found] == [set(each.numbers) for each in people]
    assert [all_refused(each, refused) for each in found] == [set(each.numbers) <= refused for each in people]
