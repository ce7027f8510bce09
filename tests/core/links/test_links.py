"""Signed links: what a link is good for, and everything else, which it is not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import update

from core import clock, settings
from core.ids import new_id
from core.links import links, queries, tokens
from core.links.links import Fault, LinkError, Purpose
from core.links.models import Link, LinkUse
from core.storage.database import reading, unit_of_work, write
from ivr.sms.segments import segments
from zaoan.process import wiring

HELPERS, FAMILIES = Purpose("helper", "/r"), Purpose("family", "/f")
MINE, OTHERS = "what my browser has", "what another browser has"
HOUR = timedelta(hours=1)


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield
    opened.close()


def made(purpose=HELPERS, about=None, holder=None, lasts=HOUR):
    """A link, and its token as a text carries it."""
    with unit_of_work() as session:
        link = links.make(session, purpose, about or new_id(), holder or new_id(), lasts)
        return link, links.address_of(purpose, link).rsplit("/", 1)[1]


def opened(token, purpose=HELPERS, browser=""):
    """The link that opens, or why none does."""
    with reading() as session:
        try:
            return links.opened(session, purpose, token, browser).id
        except LinkError as refusal:
            return refusal.fault


def bound(link_id, browser):
    with unit_of_work() as session:
        links.bind(session, session.get_one(Link, link_id), browser)


def later(monkeypatch, by):
    then = clock.real_now() + by
    monkeypatch.setattr(clock, "real_now", lambda: then)


def test_a_link_opens_for_its_purpose_as_often_as_one_likes(house):
    link, token = made()
    assert [opened(token), opened(token)] == [link.id, link.id]
    assert opened(token, FAMILIES) is Fault.UNKNOWN


def test_its_address_is_short_and_one_taps_it_whole(house):
    link, token = made()
    assert links.address_of(HELPERS, link) == f"http://127.0.0.1:8000/r/{token}"
    assert (len(token), token.isalnum(), token.islower()) == (24, True, True)
    assert segments(f"【槐东社区】三号楼有一位居民身体不适，请您去看看。 https://zaoan.example.cn/r/{token}") == 2
    assert opened(f" {token.upper()}\n") == link.id


def test_nobody_finds_a_token_in_the_database(house):
    link, token = made()
    with reading() as session:
        kept = session.get_one(Link, link.id)
        assert token not in str({column.name: getattr(kept, column.name) for column in Link.__table__.columns})


@given(st.text(max_size=60))
def test_whatever_somebody_types_is_no_link(token):
    assert tokens.typed(token) in {None, token.strip().lower()}


@pytest.mark.parametrize("token", ["", "a", "a" * 24, "a" * 25, "../../etc", "ａ" * 24, "%00", "1" * 24, "é" * 24])
def test_forged_links_lead_nowhere(house, token):
    made()
    assert opened(token) is Fault.UNKNOWN


def test_one_letter_that_differs_is_another_link(house):
    _, token = made()
    others = {f"{token[:at]}{'a' if token[at] != 'a' else 'b'}{token[at + 1 :]}" for at in range(len(token))}
    assert {opened(each) for each in others} == {Fault.UNKNOWN}


@pytest.mark.parametrize("changed", [
    {"purpose": "family"}, {"holder_id": UUID(int=7)}, {"about_id": UUID(int=7)},
    {"expires_at": clock.real_now() + timedelta(days=400)},
])  # fmt: skip
def test_whoever_writes_in_the_database_without_the_key_makes_no_link(house, changed):
    link, token = made()
    with unit_of_work() as session:
        session.execute(update(Link).where(Link.id == link.id).values(**changed))
    assert {opened(token), opened(token, FAMILIES)} == {Fault.UNKNOWN}


def test_a_link_of_another_key_leads_nowhere(house, house_settings):
    _, token = made()
    settings.use(house_settings.model_copy(update={"secret_key": SecretStr("another key, long enough")}))
    assert opened(token) is Fault.UNKNOWN
    link, token = made()
    assert opened(token) == link.id


def test_its_time_is_real_time_and_ends(house, monkeypatch):
    _, token = made(lasts=HOUR)
    later(monkeypatch, HOUR - timedelta(seconds=5))
    assert isinstance(opened(token), UUID)
    later(monkeypatch, timedelta(seconds=5))
    assert opened(token) is Fault.EXPIRED


def test_links_about_one_thing_are_revoked_and_no_others(house):
    about, mine, theirs = new_id(), new_id(), new_id()
    made_for = {"one": made(about=about, holder=mine), "two": made(about=about, holder=theirs),
                "elsewhere": made(holder=mine), "family": made(FAMILIES, about, mine)}  # fmt: skip
    assert write(lambda session: links.revoke(session, HELPERS, about, mine)) == 1
    assert opened(made_for["one"][1]) is Fault.REVOKED
    assert opened(made_for["two"][1]) == made_for["two"][0].id
    assert write(lambda session: links.revoke(session, HELPERS, about)) == 1
    assert opened(made_for["two"][1]) is Fault.REVOKED
    assert opened(made_for["elsewhere"][1]) == made_for["elsewhere"][0].id
    assert opened(made_for["family"][1], FAMILIES) == made_for["family"][0].id


def test_a_link_that_was_forwarded_opens_only_where_it_was_used(house):
    link, token = made()
    assert {opened(token), opened(token, browser=OTHERS)} == {link.id}
    bound(link.id, MINE)
    assert opened(token, browser=MINE) == link.id
    assert {opened(token), opened(token, browser=OTHERS)} == {Fault.ELSEWHERE}
    bound(link.id, MINE)
    with pytest.raises(LinkError, match="another telephone"):
        bound(link.id, OTHERS)
    assert opened(token, browser=MINE) == link.id


def test_of_two_browsers_at_the_same_moment_one_has_it(house):
    link, token = made()
    browsers = [f"browser {number}" for number in range(8)]

    def tried(browser):
        with suppress(LinkError):
            bound(link.id, browser)
            return browser

    with ThreadPoolExecutor(8) as threads:
        has_it = [each for each in threads.map(tried, browsers) if each]
    assert len(has_it) == 1
    assert [each for each in browsers if opened(token, browser=each) == link.id] == has_it


def test_why_a_link_is_not_good_is_known_after_the_unit_of_work(house):
    link, token = made()
    bound(link.id, MINE)
    with pytest.raises(LinkError) as refused:
        write(lambda session: links.opened(session, HELPERS, token, OTHERS))
    assert (refused.value.link.about_id, refused.value.link.holder_id) == (link.about_id, link.holder_id)


def used(link, deed, key=""):
    with unit_of_work() as session:
        return links.use(session, session.get_one(Link, link.id), deed, key)


def test_what_is_sent_twice_is_done_once(house):
    link, _ = made()
    other, _ = made()
    assert [used(link, "accept"), used(link, "accept"), used(other, "accept")] == [True, False, True]
    assert [used(link, "note", "a"), used(link, "note", "b"), used(link, "note", "a")] == [True, True, False]


def test_what_failed_may_be_done_again(house):
    link, _ = made()

    def fails(session):
        assert links.use(session, session.get_one(Link, link.id), "accept")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(fails)
    assert used(link, "accept")


def test_eight_at_the_same_moment_do_it_once(house):
    link, _ = made()
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: used(link, "accept"), range(8)))
    assert sorted(done) == [False] * 7 + [True]


def test_a_key_that_is_too_long_is_a_key_all_the_same(house):
    link, _ = made()
    assert [used(link, "note", "x" * 5000), used(link, "note", "x" * 5000)] == [True, False]


def test_the_links_of_one_person_are_found_the_latest_first(house):
    about, who = new_id(), new_id()
    first, second = made(about=about, holder=who)[0], made(about=about, holder=who)[0]
    made(about=about)
    with reading() as session:
        found = queries.of_holder(session, HELPERS.name, about, who)
        assert [each.id for each in found] == [second.id, first.id]
        since = clock.real_now() - HOUR
        assert queries.made_since(session, HELPERS.name, about, who, since) == 2
        assert queries.made_since(session, HELPERS.name, about, who, since + 2 * HOUR) == 0


def test_what_was_done_by_a_link_goes_with_it(house):
    link, _ = made()
    assert used(link, "accept")
    with unit_of_work() as session:
        session.delete(session.get_one(Link, link.id))
    with reading() as session:
        assert session.query(LinkUse).count() == 0
