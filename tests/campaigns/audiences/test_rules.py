"""Rules of audiences: as documents, as they are typed, and as sentences."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audiences import rules, words, written
from campaigns.audiences.names import NamedArea, NamedRound, Names
from campaigns.audiences.rules import Aged, AllOf, AnyOf, Flagged, InRound, LivesIn, Not, OnList, Speaks
from core.errors import NotFoundError, UserError
from core.i18n import Language

BUILDING, UNIT, GRID, CHOIR, ROUND, MORNING = (UUID(int=number) for number in range(1, 7))
NAMES = Names(
    areas={BUILDING: NamedArea("building", "3"), UNIT: NamedArea("unit", "2", "3"), GRID: NamedArea("grid", "一网格")},
    lists={CHOIR: "合唱 (晨)"},
    campaigns={MORNING: "早安"},
    rounds={ROUND: NamedRound("0000abcd", "早安", "2026-11-28 08:00")},
)


class Known:
    """What the names above mean."""

    def flags(self, written):
        return ["lives_alone" if each in {"独居", "lives_alone"} else each for each in written]

    def area(self, written):
        return self._one({area.written: area_id for area_id, area in NAMES.areas.items()}, written)

    def list_id(self, written):
        return self._one({name: list_id for list_id, name in NAMES.lists.items()}, written)

    def round_or_campaign(self, written):
        return (None, MORNING) if written == "早安" else (self._one({"0000abcd": ROUND}, written), None)

    def _one(self, known, name):
        if name not in known:
            raise NotFoundError("none")
        return known[name]


TERMS = st.one_of(
    st.just(rules.EVERYONE),
    st.lists(st.sampled_from(["lives_alone", "empty_nest", "爱唱戏"]), min_size=1, max_size=2).map(
        lambda flags: Flagged(any_of=tuple(flags))
    ),
    st.tuples(st.integers(0, 60), st.integers(60, 130)).map(lambda span: Aged(least=span[0], most=span[1])),
    st.integers(0, 130).map(lambda least: Aged(least=least)),
    st.lists(st.sampled_from([BUILDING, UNIT, GRID]), min_size=1, max_size=2).map(
        lambda ids: LivesIn(any_of=tuple(ids))
    ),
    st.just(Speaks(any_of=(Language.ENGLISH,))),
    st.just(OnList(list_id=CHOIR)),
    st.booleans().map(lambda answered: InRound(answered=answered, round_id=ROUND)),
    st.booleans().map(lambda answered: InRound(answered=answered, campaign_id=MORNING)),
)
RULES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda of: AnyOf(of=tuple(of))),
        st.lists(inner, min_size=2, max_size=3).map(lambda of: AllOf(of=tuple(of))),
        inner.map(lambda of: Not(of=of)),
    ),
    max_leaves=6,
)


@given(RULES)
def test_a_rule_is_the_same_after_it_was_stored_and_after_it_was_written_and_typed_again(rule):
    assert rules.parsed(rules.document(rule)) == rule
    assert written.read(words.written(rule, NAMES), Known()) == rule


@given(RULES)
def test_every_rule_is_a_sentence_in_both_languages(rule):
    for language in Language:
        said = words.sentence(rule, NAMES, language)
        assert said
        assert "{" not in said
        assert "?" not in said


def test_sentences_say_what_is_meant():
    rule = written.read("年龄：80+ 且 （标记：独居 或 楼栋：3/2） 且 非 名单：“合唱 (晨)”", Known())
    assert words.sentence(rule, NAMES, Language.CHINESE) == (
        "今年满80岁，并且（带“独居”标记或住在3号楼2单元），并且不是（在名单“合唱 (晨)”上）"
    )
    assert words.sentence(rule, NAMES, Language.ENGLISH) == (
        "is 80 or older and (carries “lives alone” or lives in building 3, unit 2) and not (is on the list “合唱 (晨)”)"
    )
    again = written.read("未答:早安", Known())
    assert words.sentence(again, NAMES, Language.CHINESE) == "在早安最近的一轮里问过而没有应答"


UNCLEAR = ["", "and", "age:", "age:80", "age:90-80", "age:131+", "flag:a flag:b", "(everyone", "everyone)", "not",
           "colour:red", "(" * 40, "language:klingon", "area:99"]  # fmt: skip


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_is_not_clear_is_refused_with_a_way_out(typed):
    with pytest.raises(UserError) as refused:
        written.read(typed, Known())
    assert refused.value.way_out or isinstance(refused.value, NotFoundError)


def nested(depth):
    rule = {"kind": "everyone"}
    for _ in range(depth):
        rule = {"kind": "not", "of": rule}
    return rule


@pytest.mark.parametrize("rule", [
    None, [], "everyone", {}, {"kind": "nobody"}, {"kind": "age"}, {"kind": "age", "least": 90, "most": 80},
    {"kind": "flags", "any_of": "x"}, {"kind": "everyone", "more": 1}, {"kind": "round", "answered": True},
    {"kind": "any", "of": {"kind": "everyone"}}, {"kind": "areas", "any_of": ["3号楼"]}, nested(5000),
    {"kind": "any", "of": [{"kind": "everyone"}] * 200},
])  # fmt: skip
def test_a_document_that_is_no_rule_is_refused(rule):
    with pytest.raises(UserError) as refused:
        rules.parsed({"version": 1, "rule": rule})
    assert refused.value.field == "audience"
    assert refused.value.describe(Language.CHINESE)


@pytest.mark.parametrize("document", [None, {}, {"version": 2, "rule": {"kind": "everyone"}}, {"rule": {}}])
def test_only_this_version_is_read(document):
    with pytest.raises(UserError):
        rules.parsed(document)
