"""Links of relatives: given, sent, used in one browser, renewed by use, and over when they should be."""

from datetime import timedelta

import pytest

from campaigns.family import invitations
from campaigns.family.invitations import TooOftenError
from campaigns.people import resident_merging, resident_status
from contacts import relative_links
from contacts.models import Relative, Removal
from contacts.people import consent, relative_changes
from core import actors, clock
from core.errors import ConflictError, UserError
from core.links import links
from core.links.links import Fault, LinkError
from core.links.models import Link
from core.running.events import Event
from core.storage import database
from escalation.cases import cases, letterheads, relative_words
from escalation.cases.relative_texts import tell_relatives
from escalation.models import CaseKind
from ivr.models import Text
from ivr.sms.segments import MOST_SEGMENTS, segments
from tests import people
from tests.campaigns.family.conftest import DAUGHTER, SON
from tests.switchboard import rows

CLERK = actors.user("李干事")
MINE, OTHERS = "what my browser has", "what another browser has"


def given(story, relative_id=None):
    """The token of the link that a relative is given."""
    return story.do(relative_links.give, CLERK, relative_id or story.daughter).rsplit("/", 1)[1]


def opens(story, token, browser=""):
    """Whether it opens, or why not."""
    try:
        return story.see(relative_links.opened, token, browser).holder_id
    except LinkError as refusal:
        return refusal.fault


def used(token, browser=MINE):
    with database.unit_of_work() as session:
        link = relative_links.opened(session, token, browser)
        links.bind(session, link, browser)
        relative_links.renew(session, link)


def later(monkeypatch, **time):
    then = clock.real_now() + timedelta(**time)
    monkeypatch.setattr(clock, "real_now", lambda: then)


def test_a_link_that_nobody_has_used_is_given_again_and_one_that_was_used_is_not(story):
    first = given(story)
    assert given(story) == first
    used(first)
    assert given(story) != first
    assert len(rows(Event, kind="resident.link_given")) == 3


def test_a_forwarded_link_opens_nowhere_else_and_another_of_hers_opens_where_she_was(story):
    first = given(story)
    used(first)
    assert (opens(story, first, MINE), opens(story, first, OTHERS)) == (story.daughter, Fault.ELSEWHERE)
    second = given(story)
    used(second, OTHERS)
    assert (opens(story, first, OTHERS), opens(story, second, MINE)) == (story.daughter, story.daughter)
    assert opens(story, second, "a third one") is Fault.ELSEWHERE


def test_her_brothers_browser_opens_his_link_and_not_hers(story):
    hers, his = given(story), given(story, story.son())
    used(hers, MINE)
    used(his, OTHERS)
    assert (opens(story, hers, OTHERS), opens(story, his, MINE)) == (Fault.ELSEWHERE, Fault.ELSEWHERE)


def test_it_lasts_ninety_days_from_each_use(story, monkeypatch):
    token = given(story)
    later(monkeypatch, days=89)
    used(token)
    later(monkeypatch, days=89)
    assert opens(story, token, MINE) == story.daughter
    later(monkeypatch, days=2)
    assert opens(story, token, MINE) is Fault.EXPIRED


ENDS = {
    "she is taken off the file": lambda session, story: relative_changes.remove(session, CLERK, story.granny, DAUGHTER),
    "her telephone is another one": lambda session, story: resident_status.change_relative(
        session, CLERK, story.granny, DAUGHTER, {"number": SON}),
    "consent is withdrawn": lambda session, story: consent.withdraw(
        session, CLERK, story.granny, by="本人", how="说的"),
    "the list says no": lambda session, story: consent.refuse_by_list(
        session, CLERK, relative_changes.enrolled(session, story.granny), "不同意"),
    "the resident has died": lambda session, story: resident_status.remove(
        session, CLERK, story.granny, Removal.DECEASED),
    "the office ends them": lambda session, story: relative_links.end(session, CLERK, story.granny, story.daughter),
    "two files become one": lambda session, story: resident_merging.merge(
        session, CLERK, people.resident(session, "王桂兰", "+8631186000109").id, story.granny),
}  # fmt: skip


@pytest.mark.parametrize("why", ENDS)
def test_it_is_over_when(story, why):
    token = given(story)
    used(token)
    story.do(ENDS[why], story)
    assert opens(story, token, MINE) is Fault.REVOKED
    assert rows(Event, kind="resident.links_ended")


def test_without_consent_nobody_is_given_one(story):
    story.do(lambda session: consent.withdraw(session, CLERK, story.granny, by="", how="说的"))
    with pytest.raises(ConflictError):
        given(story)
    assert rows(Link) == []


def test_it_is_texted_to_the_telephone_that_is_written_down_and_to_no_landline(story):
    address = story.do(invitations.send, CLERK, story.daughter)
    [text] = story.texts(DAUGHTER, Text)
    assert address in text
    assert "王奶奶" in text
    with database.unit_of_work() as session:
        session.get_one(Relative, story.daughter).number = "+8631186000777"
    with pytest.raises(UserError) as refusal:
        story.do(invitations.send, CLERK, story.daughter)
    assert refusal.value.field == "number"


def test_whoever_holds_an_old_one_has_a_new_one_sent_three_times_a_day_at_most(story):
    token = given(story)
    used(token)
    old = rows(Link)[0]

    def again(session):
        invitations.send_again(session, session.get_one(Link, old.id))

    for _ in range(3):
        story.do(again)
    with pytest.raises(TooOftenError):
        story.do(again)
    assert len(story.texts(DAUGHTER, Text)) == 3


def test_a_problem_is_told_with_the_link_where_there_is_one(story):
    story.son()
    token = given(story)
    story.do(lambda session: _alarm(session, story))
    [to_her], [to_him] = story.texts(DAUGHTER, Text), story.texts(SON, Text)
    assert to_her.endswith(f"/f/{token}")
    assert "/f/" not in to_him


def _alarm(session, story):
    case = cases.open_case(session, actors.system(), CaseKind.UNWELL, story.granny, None)
    tell_relatives(session, story.granny, "unwell", clock.now(), case, clock.now())


@pytest.mark.parametrize("host", ["https://zaoan.example.org", f"https://{'long.' * 30}example.org"])
@pytest.mark.parametrize("told", ["短。", "王奶奶没有回答。" * 15, "王奶奶没有回答。" * 33, "She is well. " * 20])
def test_a_link_costs_few_segments_and_is_never_cut(story, host, told):
    head = story.see(lambda session: _head(session, story))
    address = f"{host}/f/{'a' * 24}"
    whole = relative_words.linked(head, told, address)
    assert whole in {told, f"{told}查看和回复：{address}"}
    assert segments(whole) <= min(max(segments(told) + 1, 3), MOST_SEGMENTS)


def _head(session, story):
    return letterheads.of(session, session.get_one(Relative, story.daughter), clock.now())
