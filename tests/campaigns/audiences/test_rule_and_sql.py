"""The SQL of a rule says of everybody what its plain reading says, on both databases."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.audiences.reading import Day, Person, meets
from campaigns.audiences.rules import (
    EVERYONE,
    Aged,
    AllOf,
    AnyOf,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Speaks,
    document,
)
from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome, Round
from campaigns.queries import audiences
from contacts.community.community import the_community
from contacts.models import Area, ResidentList, ResidentListMember
from core.i18n import Language
from core.storage import database
from core.storage.database import Database
from tests import people
from tests.databases import sqlite_in

NOW, YEAR = datetime(2026, 11, 28, 4, tzinfo=UTC), 2026
LISTS, ROUNDS, CAMPAIGN = [UUID(int=1), UUID(int=2)], [UUID(int=number) for number in (11, 12, 13)], UUID(int=21)
FLAGS = ["lives_alone", "aged_80", "aged_90", "爱唱戏"]
BEGUN = [NOW - timedelta(days=days) for days in (3, 1, -1)]
BY_HAND = {"version": 1, "schedule": {"kind": "by_hand"}}
OUTCOMES = [None, *Outcome]
BIRTHS = [None, 1936, 1937, 1946, 1947, 1960]


@dataclass
class Street:
    """Forty residents of all kinds, with what the plain reading knows of each, and all areas."""

    people: dict
    areas: list


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def street(request, tmp_path_factory):
    """The street, in a database that is used by all tests of this file."""
    made = tmp_path_factory.mktemp("street")
    url = sqlite_in(made) if request.param == "sqlite" else request.getfixturevalue("postgresql")()
    opened = Database(url)
    database.use(opened)
    with opened.unit_of_work() as session:
        people.community(session)
        settled = Street(*settle(session))
    yield settled
    opened.close()


def settle(session):
    community = the_community(session)
    session.add_all(ResidentList(id=each, community_id=community.id, name=str(each)) for each in LISTS)
    session.add(Campaign(id=CAMPAIGN, community_id=community.id, name="早安", kind=CampaignKind.CHECK_IN,
                         audience=document(EVERYONE), schedule=BY_HAND))  # fmt: skip
    session.flush()
    session.add_all(
        Round(id=each, campaign_id=CAMPAIGN, occurrence=at, started_at=at, deadline=NOW)
        for at, each in zip(BEGUN, ROUNDS, strict=True)
    )  # fmt: skip
    found = {}
    for number in range(40):
        home = people.household(
            session, f"{number}", f"{number % 3 + 1}号楼", f"{number % 2 + 1}单元" if number % 5 else ""
        )
        flags = [flag for place, flag in enumerate(FLAGS) if number >> place & 1]
        language = Language.ENGLISH if number % 4 == 1 else Language.CHINESE
        who = people.resident(session, f"居民{number}", home=home, flags=flags, language=language,
                              birth_year=BIRTHS[number % len(BIRTHS)])  # fmt: skip
        outcomes = {ROUNDS[0]: OUTCOMES[number % len(OUTCOMES)], ROUNDS[1]: OUTCOMES[(number + 5) % len(OUTCOMES)]}
        if number % 7 == 0:
            del outcomes[ROUNDS[1]]
        outcomes[ROUNDS[2]] = Outcome.OK  # a round that begins later has no say
        session.add_all(CheckIn(round_id=each, resident_id=who.id, numbers=[], refused=[], outcome=outcome)
                        for each, outcome in outcomes.items())  # fmt: skip
        lists = {each for place, each in enumerate(LISTS) if (number >> place) & 1}
        session.add_all(ResidentListMember(list_id=each, resident_id=who.id) for each in lists)
        found[who.id] = (home, flags, language, who.birth_year, lists, outcomes)
    tree = {each.id: each.parent_id for each in session.scalars(select(Area))}
    return {each: _person(tree, *facts) for each, facts in found.items()}, sorted(tree, key=str)


SAID = {Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON}


def _person(tree, home, flags, language, birth_year, lists, outcomes):
    around, area_id = set(), home.area_id
    while area_id:
        around.add(area_id)
        area_id = tree[area_id]
    silent = {each for each, outcome in outcomes.items() if outcome not in SAID | {Outcome.EXCUSED, Outcome.WITHDRAWN}}
    said = {each for each, outcome in outcomes.items() if outcome in SAID}
    return Person(frozenset(flags), language, birth_year, frozenset(around), frozenset(lists), frozenset(said),
                  frozenset(silent))  # fmt: skip


def terms(areas):
    ages = st.sampled_from([None, 79, 80, 89, 90])
    return st.one_of(
        st.just(EVERYONE),
        st.lists(st.sampled_from(FLAGS), max_size=2).map(lambda of: Flagged(any_of=tuple(of))),
        st.tuples(ages, ages).filter(lambda span: span != (None, None) and (span[0] or 0) <= (span[1] or 200)).map(
            lambda span: Aged(least=span[0], most=span[1])),
        st.lists(st.sampled_from(areas), max_size=2).map(lambda of: LivesIn(any_of=tuple(of))),
        st.lists(st.sampled_from(Language), max_size=2).map(lambda of: Speaks(any_of=tuple(of))),
        st.sampled_from(LISTS).map(lambda one: OnList(list_id=one)),
        st.tuples(st.booleans(), st.sampled_from(ROUNDS)).map(lambda one: InRound(answered=one[0], round_id=one[1])),
        st.booleans().map(lambda answered: InRound(answered=answered, campaign_id=CAMPAIGN)),
    )  # fmt: skip


def written_rules(areas):
    return st.recursive(terms(areas), lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda of: AnyOf(of=tuple(of))),
        st.lists(inner, max_size=3).map(lambda of: AllOf(of=tuple(of))),
        inner.map(lambda of: Not(of=of)),
    ), max_leaves=8)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_sql_and_the_plain_reading_mean_the_same_people(street, data):
    rule = data.draw(written_rules(street.areas))
    day = Day(YEAR, {CAMPAIGN: ROUNDS[1]})
    with database.reading() as session:
        community = the_community(session)
        found = audiences.ids_of(session, community.id, audiences.condition(rule, NOW, YEAR))
    assert set(found) == {who for who, person in street.people.items() if meets(rule, person, day)}
