"""Whoever is erased stands nowhere any more, and all that is counted adds up as before."""

import dataclasses

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.models import CheckIn
from campaigns.people import resident_status
from campaigns.privacy import erasure, holdings
from campaigns.privacy.blanks import columns_with_words
from campaigns.privacy.persons import person
from campaigns.reports.round_report import full_report
from campaigns.reports.verification import verify_round
from campaigns.rounds import auditor
from contacts.models import NOBODY, Resident
from contacts.people.person_lookup import find_resident
from core import actors
from core.errors import ConflictError, NotFoundError, UserError
from core.i18n import Language
from core.running.events import Event
from core.storage.database import Base, current, reading, unit_of_work
from core.subscriptions.models import Delivery
from escalation.cases import cases
from escalation.models import CaseKind
from ivr.models import Call
from tests import people, signed_in
from tests.campaigns.privacy.lives import (
    CALLED,
    HOME,
    KEPT,
    NAME,
    SECRETS,
    leaves,
    on_disk,
    town,
    where,
    where_in,
)
from tests.switchboard import rows
from zaoan.cli.documents import check_in_documents, round_document
from zaoan.cli.resident_documents import resident_document

WHY = "书面要求 2026-17"


def erase(who, reason=WHY):
    with unit_of_work() as session:
        return erasure.erase(session, actors.user("田主任"), who, reason)


def reported(round_id):
    with reading() as session:
        certificate = verify_round(session, round_id)
        document = round_document(session, round_id)
    return certificate, {key: document[key] for key in ("counts", "enrolled", "open", "complete")}


def test_nothing_of_them_is_found_in_any_table_or_file(story, house_settings):
    _, who, _, _ = story
    leaves(who)
    before = where(*SECRETS)
    assert {word for _, word in before} == set(SECRETS)
    told = {"calls", "call_turns", "cases", "texts", "texts_in", "check_ins", "relatives", "recordings", "households"}
    assert {name for name, _ in before} >= told
    assert rows(Delivery)
    assert erase(who).rows > 20
    assert where(*SECRETS) == set()
    assert on_disk(house_settings.data_dir, *SECRETS) == set()


def test_the_neighbour_keeps_everything(story):
    _, who, other, _ = story
    leaves(who)
    before = where(*KEPT)
    erase(who)
    assert where(*KEPT) == before
    with reading() as session:
        assert find_resident(session, "钱奶奶").id == other


def test_the_round_adds_up_as_before_and_is_verified(story):
    _, who, _, round_id = story
    leaves(who)
    before, told = reported(round_id)
    assert before.holds
    erase(who)
    after, still_told = reported(round_id)
    assert after.holds
    assert not after.unchecked
    assert (after.counts, after.enrolled, after.open, still_told) == (before.counts, before.enrolled, before.open, told)
    [left] = rows(Resident, id=who)
    assert (left.name, left.erasure_reason, left.removed_at is None) == (NOBODY, WHY, False)
    assert len(rows(CheckIn, resident_id=who)) == 1


def test_two_who_were_erased_are_not_one_telephone(story):
    _, who, other, round_id = story
    for each in (who, other):
        leaves(each)
    auditor.audit()
    erase(who)
    erase(other)
    assert reported(round_id)[0].holds
    numbers = {each.number for each in rows(Call, owner="check_in")}
    assert len(numbers) == 2


def test_that_it_was_done_by_whom_is_all_that_their_history_tells(story):
    _, who, _, _ = story
    leaves(who)
    erase(who)
    [told] = rows(Event, subject_id=who)
    assert (told.kind, told.actor.name, told.facts) == ("resident.erased", "田主任", {})


def test_erasing_twice_changes_nothing(story):
    _, who, _, _ = story
    leaves(who)
    done = erase(who)
    again = erase(who)
    assert (again.at, again.rows) == (done.at, 0)
    assert len(rows(Event, kind="resident.erased")) == 1


def test_a_new_resident_with_the_same_telephone_is_a_new_person(story):
    _, who, _, _ = story
    leaves(who)
    erase(who)
    with reading() as session, pytest.raises(NotFoundError):
        find_resident(session, HOME)
    with unit_of_work() as session:
        new = people.resident(session, "孙爷爷", HOME).id
    with reading() as session:
        assert find_resident(session, HOME).id == new
        with pytest.raises(NotFoundError):
            find_resident(session, NAME)
        with pytest.raises(NotFoundError):
            find_resident(session, NOBODY)


def test_whoever_is_looked_after_is_not_erased(story):
    _, who, _, _ = story
    with pytest.raises(ConflictError, match="still looked after"):
        erase(who)
    assert where(NAME)


def test_whoever_has_an_open_case_is_not_erased(switchboard):
    who, _ = town()
    leaves(who)
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, who, None).id
    with pytest.raises(ConflictError, match="nobody has closed"):
        erase(who)
    with unit_of_work() as session:
        cases.close(session, actors.system(), case, "好了")
    with unit_of_work() as session:
        for call in session.query(Call):
            call.state = "ended"
            call.hang_up_wanted = False
    assert erase(who).rows


def test_nobody_is_erased_in_the_middle_of_a_call(story):
    _, who, _, _ = story
    leaves(who)
    with unit_of_work() as session:
        session.query(Call).filter_by(number=HOME, owner="check_in").one().state = "placed"
    with pytest.raises(ConflictError, match="under way"):
        erase(who)


def test_the_reason_is_needed_and_does_not_say_who_it_was(story):
    _, who, _, _ = story
    leaves(who)
    for reason in ("", "  ", f"{CALLED}的女儿来信", "电话 0311-8600 0141 的要求"):
        with pytest.raises(UserError) as refused:
            erase(who, reason)
        assert refused.value.field == "reason"
    assert where(NAME)


def test_who_was_erased_does_not_come_back(story):
    _, who, _, _ = story
    leaves(who)
    erase(who)
    with unit_of_work() as session, pytest.raises(ConflictError, match="erased for good"):
        resident_status.restore(session, actors.system(), who)


def test_every_table_is_known_to_hold_something_of_a_person_or_nothing():
    known = {each.table.__tablename__ for each in holdings.HOLDINGS}
    assert known | set(holdings.WITHOUT) == set(Base.metadata.tables)
    assert not known & set(holdings.WITHOUT)


MARK = "这是谁的话"
OURS = {"calls": {"number", "owner", "worker", "provider_id"}, "households": {"room"}, "residents": {"erasure_reason"}}
"""Words of ours that stay."""


def test_no_column_is_forgotten_whatever_stands_in_it(story):
    """Each column that may hold words is given some, also one that somebody adds tomorrow."""
    _, who, _, _ = story
    leaves(who)
    with unit_of_work() as session:
        them = person(session, who)
        found = [(each, list(each.find(session, them))) for each in holdings.HOLDINGS]
        for each, theirs in found:
            for number, row in enumerate(theirs):
                mark(row, number, OURS.get(each.table.__tablename__, set()))
        session.flush()
        for each, theirs in found:
            assert theirs, f"nobody has {each.name} in this story"
            each.erase(session, them, theirs)
    assert where(MARK) == set()


def mark(row, number, ours):
    for name, column in columns_with_words(type(row)):
        if name in ours:
            continue
        kind = column.type.python_type if name != "particulars" else str
        said = f"{MARK}{number}"
        setattr(row, name, {list: [said], dict: {"a": said}, bytes: said.encode()}.get(kind, said)
                if name != "particulars" else f'["{said}"]')  # fmt: skip


def test_each_step_of_the_erasure_is_needed(story, monkeypatch):
    """Without any one of them something of the person is found, or the database refuses what is left over."""
    _, who, _, _ = story
    leaves(who)
    for left_out in [each for each in holdings.HOLDINGS if each.erase is not holdings.keep]:
        without = [dataclasses.replace(each, erase=holdings.keep) if each is left_out else each
                   for each in holdings.HOLDINGS]  # fmt: skip
        monkeypatch.setattr(erasure, "HOLDINGS", without)
        with Session(current().engine) as session:
            theirs = left_out.find(session, person(session, who))
            assert theirs, left_out.name
            keys = [inspect(each).identity for each in theirs]
            try:
                erasure.erase(session, actors.system(), who, WHY)
            except IntegrityError:
                session.rollback()
                continue
            stayed = [session.get(left_out.table, key) for key in keys]
            assert where_in(session, *SECRETS) or all(stayed), left_out.name
            session.rollback()


def test_what_shows_the_round_shows_it_without_the_person(story):
    house, who, _, round_id = story
    leaves(who)
    erase(who)
    signed_in.enter(house.client)
    for path in ("/", "/print"):
        shown = house.client.get(path)
        assert (shown.status_code, [each for each in SECRETS if each in shown.text]) == (200, [])
    with reading() as session:
        for language in Language:
            report = full_report(session, round_id, language)
            assert sum(each.enrolled for each in report.buildings) == report.enrolled == 2
        documents = [resident_document(session, session.get_one(Resident, who))]
        documents += round_document(session, round_id), check_in_documents(session, round_id)
    assert [each for each in SECRETS if each in str(documents)] == []
