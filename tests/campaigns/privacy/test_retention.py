"""What is kept for a time goes when it is over, and nothing before; who left long ago is erased."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from campaigns.noticed import Remark
from campaigns.privacy import periods, retention
from campaigns.privacy.periods import Kind
from contacts.community.community import the_community
from contacts.models import NOBODY, Resident
from core import actors, clock, settings
from core.actors import ActorKind
from core.identity import audit
from core.identity.models import AuditEntry, Invitation, User, UserSession
from core.links.models import Link, LinkUse
from core.running.events import Event
from core.storage.database import reading, unit_of_work
from core.subscriptions import delivering
from core.subscriptions.models import Delivery, DeliveryState, Subscription
from escalation.models import Case, CaseState, CaseText, Digest, Report
from ivr.models import Text, TextIn
from tests.campaigns.mornings import later
from tests.campaigns.privacy.lives import NAME, SECRETS, leaves, where
from tests.switchboard import rows


def days(kind):
    return periods.days(kind)


def due(kind):
    with reading() as session:
        return {each.kind: each for each in periods.periods(session)}[kind]


def test_who_left_long_ago_is_erased_and_nobody_before(story):
    _, who, _, _ = story
    leaves(who)
    later(days=days(Kind.PEOPLE) - 1)
    retention.carry_out()
    assert where(NAME)
    assert (due(Kind.PEOPLE).due, due(Kind.PEOPLE).next_at > clock.now()) == (0, True)
    later(days=2)
    assert due(Kind.PEOPLE).due == 1
    retention.carry_out()
    assert where(*SECRETS) == set()
    assert rows(Resident, id=who)[0].erasure_reason == "不再照看已超过 365 天。"
    assert rows(Event, kind="resident.erased")[0].actor.kind == ActorKind.SYSTEM
    assert due(Kind.PEOPLE).due == 0


def test_whoever_has_an_open_case_is_erased_when_it_is_closed(story):
    _, who, _, _ = story
    leaves(who)
    with unit_of_work() as session:
        session.execute(update(Case).where(Case.resident_id == who).values(state=CaseState.OPEN))
    later(days=days(Kind.PEOPLE) + 1)
    retention.carry_out()
    assert where(NAME)
    with unit_of_work() as session:
        session.execute(update(Case).where(Case.resident_id == who).values(state=CaseState.CLOSED))
    retention.carry_out()
    assert rows(Resident, id=who)[0].name == NOBODY


def test_texts_go_when_their_time_is_over_but_not_those_of_an_open_case(story):
    texts, tied = len(rows(Text)), len(rows(CaseText))
    assert texts
    assert tied
    later(days=days(Kind.TEXTS) - 1)
    retention.carry_out()
    assert (len(rows(Text)), len(rows(CaseText)), len(rows(Digest))) == (texts, tied, 1)
    with unit_of_work() as session:
        session.execute(update(Case).values(state=CaseState.OPEN))
    later(days=2)
    retention.carry_out()
    assert len(rows(CaseText)) == tied
    with unit_of_work() as session:
        session.execute(update(Case).values(state=CaseState.CLOSED))
    retention.carry_out()
    assert [rows(table) for table in (Text, TextIn, Report, CaseText, Digest)] == [[], [], [], [], []]


def test_histories_go_and_what_shows_a_consent_stays(story):
    assert rows(Event, kind="resident.changed")
    consents = len(rows(Event, kind="consent.given"))
    assert consents
    later(days=days(Kind.HISTORY) + 1)
    with unit_of_work() as session:
        session.query(Resident).update({Resident.removed_at: None})
    assert due(Kind.HISTORY).due
    retention.carry_out()
    assert (rows(Event, kind="resident.changed"), rows(Remark)) == ([], [])
    assert len(rows(Event, kind="consent.given")) == consents
    [told] = rows(Event, kind="retention.carried_out")
    assert told.facts["history"] > 0


def test_what_was_over_is_told_once_and_a_second_time_nothing_goes(story):
    later(days=days(Kind.HISTORY) + 1)
    retention.carry_out()
    before = {table: len(rows(table)) for table in (Event, Text, TextIn)}
    retention.carry_out()
    assert {table: len(rows(table)) for table in (Event, Text, TextIn)} == before


def test_many_bites_are_taken(story, monkeypatch):
    monkeypatch.setattr(retention, "BITE", 1)
    with unit_of_work() as session:
        session.execute(update(Case).values(state=CaseState.CLOSED))
    later(days=days(Kind.TEXTS) + 1)
    retention.carry_out()
    assert rows(Text) == rows(TextIn) == []


def aged(kind, more):
    return clock.real_now() - timedelta(days=days(kind) + more)


def test_ended_sessions_and_links_go(switchboard):
    with unit_of_work() as session:
        who = User(community_id=the_community(session).id, name="田", name_key="田", role="office",
                   made_at=clock.real_now())  # fmt: skip
        session.add(who)
        session.flush()
        for more in (1, -1):
            at = aged(Kind.SESSIONS, more)
            session.add(UserSession(user_id=who.id, secret=f"a{more}", made_at=at, seen_at=at, expires_at=at))
            session.add(Invitation(user_id=who.id, secret=f"b{more}", made_at=at, expires_at=at))
            link = Link(purpose="case", about_id=who.id, holder_id=who.id, digest=f"c{more}", made_at=at, expires_at=at)
            session.add(link)
            session.flush()
            session.add(LinkUse(link_id=link.id, deed="accept", key="", at=at))
    assert due(Kind.SESSIONS).due == 3
    retention.carry_out()
    assert [len(rows(table)) for table in (UserSession, Invitation, Link, LinkUse)] == [1, 1, 1, 1]


def test_old_entries_of_the_audit_log_go_and_the_database_keeps_the_younger_ones(switchboard):
    with unit_of_work() as session:
        for _ in range(2):
            audit.note(session, actors.user("田主任"), None, "GET /")
            session.flush()
    with unit_of_work() as session:
        aging(session)
        for entry, more in zip(session.query(AuditEntry).order_by(AuditEntry.id), (1, -1), strict=True):
            session.execute(update(AuditEntry).where(AuditEntry.id == entry.id).values(at=aged(Kind.AUDIT, more)))
    assert due(Kind.AUDIT).due == 1
    retention.carry_out()
    assert len(rows(AuditEntry)) == 1


def aging(session):
    """For this test alone entries may be made older."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER audit_log_refused ON audit_log"))
    else:
        session.execute(text("DROP TRIGGER audit_log_UPDATE_refused"))


def test_nobody_can_delete_what_is_younger_than_half_a_year_or_change_anything(switchboard):
    with unit_of_work() as session:
        audit.note(session, actors.user("田主任"), None, "GET /")
    for forbidden in ("DELETE FROM audit_log", "UPDATE audit_log SET deed = 'x'"):
        with pytest.raises(DBAPIError, match="audit log"), unit_of_work() as session:
            session.execute(text(forbidden))
    assert len(rows(AuditEntry)) == 1


def test_deliveries_go_by_their_setting(switchboard):
    settings.use(settings.current().model_copy(update={"keep_deliveries_days": 7}))
    with unit_of_work() as session:
        subscription = Subscription(community_id=the_community(session).id, url="https://example.org", kinds=[],
                                    secret_digest="d", made_at=clock.real_now())  # fmt: skip
        session.add(subscription)
        session.flush()
        for more in (1, -1):
            session.add(Delivery(subscription_id=subscription.id, kind="case.opened", body="{}", made_at=clock.now(),
                                 state=DeliveryState.DELIVERED, ended_at=aged(Kind.DELIVERIES, more)))  # fmt: skip
    assert due(Kind.DELIVERIES).due == 1
    delivering.tidy()
    assert len(rows(Delivery)) == 1


def test_what_would_go_is_counted_and_nothing_is_deleted(story):
    before = {table: len(rows(table)) for table in (Event, Text, TextIn, Resident)}
    later(days=1200)
    with reading() as session:
        found = {each.kind: each for each in periods.periods(session)}
    assert set(found) == set(Kind)
    kept = before[Text] + before[TextIn] + len(rows(Digest))
    assert found[Kind.TEXTS].due == kept - 1  # the neighbour's relative still waits for word
    assert found[Kind.CALLS].due > 0
    assert found[Kind.RECORDINGS].due > 0
    assert all(each.setting.startswith("ZAOAN_KEEP_") for each in found.values())
    assert {table: len(rows(table)) for table in (Event, Text, TextIn, Resident)} == before
