"""Remarks about people, over a real database: on the page of today, on the checklist, and on the file."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from campaigns.looking import remark_words
from campaigns.looking.persons import remarked
from campaigns.models import Campaign, CheckIn, Outcome, Round
from campaigns.queries import silences
from campaigns.reports.round_report import full_report
from console.sheets.checklist_sheet import checklist_sheet
from console.shell.part_rendering import piece
from console.view.today import today
from contacts.community.community import the_community
from contacts.models import Resident
from contacts.people.checklist import checklist
from core import clock
from core.i18n import Language
from core.ids import new_id
from core.storage import database
from escalation.models import Case
from ivr.models import Call
from tests.campaigns.looking.town import EIGHT, at, look, ring, settle, start
from tests.switchboard import rows


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def lived_through(campaign_id, days, outcome=Outcome.OK):
    """Everybody has been asked on so many days before, and this came of it."""
    with database.unit_of_work() as session:
        campaign = session.get_one(Campaign, campaign_id)
        residents = session.scalars(select(Resident.id)).all()
        for day in range(days, 0, -1):
            began = EIGHT - timedelta(days=day)
            then = Round(campaign_id=campaign.id, occurrence=began, started_at=began, completed_at=began,
                         deadline=began + timedelta(hours=2))  # fmt: skip
            session.add(then)
            session.flush()
            said = began + timedelta(minutes=5)
            session.execute(insert(CheckIn), [
                {"id": new_id(), "round_id": then.id, "resident_id": each, "numbers": [], "refused": [],
                 "outcome": outcome, "attempts": 1, "decided_at": said,
                 "answered_at": said if outcome is Outcome.OK else None}
                for each in residents
            ])  # fmt: skip


def lately():
    with database.reading() as session:
        found = remark_words.lately(session, the_community(session), clock.now())
        names = dict(session.execute(select(Resident.id, Resident.name)).all())
    return {names[each]: [line.kind for line in lines] for each, lines in found.items()}


def test_the_first_silence_after_months_is_on_the_page_on_paper_and_on_the_file(switchboard):
    campaign = settle(houses=("1", "2"), at_home=2)
    lived_through(campaign, 65)
    round_id = start(campaign)
    ring(round_id, silent={"2"})
    look()
    assert lately() == {"2号楼居民0": ["first_silence"], "2号楼居民1": ["first_silence"]}
    assert {each.kind for each in rows(Case)} == {"no_answer"}  # a remark is no case
    with database.reading() as session:
        community, day = the_community(session), clock.now().date()
        page = piece(Language.ENGLISH, today(session), "remarks")
        sheet = checklist_sheet(community, checklist(session, community, day), day, Language.CHINESE,
                                remark_words.lately(session, community, clock.now()))  # fmt: skip
        report = full_report(session, round_id, Language.ENGLISH)
        who = session.scalars(select(Resident).where(Resident.name == "2号楼居民0")).one()
        [line] = remark_words.of_resident(session, who.id)
    assert "2号楼居民0" in page
    assert "was silent for the first time since 2026-09-19" in page
    assert "They had answered every time for two months or longer" in page
    assert sheet.count("2026-09-19 以来第一次没有回答") == 2
    assert [each.kind for each in report.remarks] == ["first_silence"] * 2
    assert line.facts["rounds"] == 65
    at(EIGHT + timedelta(days=2))
    assert lately() == {}


def test_who_misses_three_rounds_is_rung_on_has_a_case_each_time_and_is_remarked_each_time(switchboard):
    campaign = settle(houses=("1", "2"), at_home=1)
    for day in range(4):
        at(EIGHT + timedelta(days=day))
        ring(start(campaign), silent={"2"})
        look()
        assert lately() == ({"2号楼居民0": ["silent_rounds"]} if day >= 2 else {})
    assert len([each for each in rows(Call) if each.owner == "check_in" and each.ending == "no_answer"]) == 4
    assert len([each for each in rows(Case) if each.kind == "no_answer"]) == 4


def test_as_many_statements_for_forty_as_for_four(switchboard):
    counts = []
    for houses, at_home in ((("1", "2"), 2), (("3", "4"), 18)):
        campaign = settle(houses, at_home) if not counts else more(houses, at_home)
        if not counts:
            lived_through(campaign, 30)
        round_id = start(campaign)
        ring(round_id)
        with database.reading() as session:
            [due] = silences.rounds_to_look_at(session, clock.now())
            counts.append(statements(session, due))
        look()
        at(EIGHT + timedelta(days=1))
    assert counts[0] == counts[1]


def more(houses, at_home):
    from tests import people

    with database.unit_of_work() as session:
        for house in houses:
            home = people.household(session, "101", f"{house}号楼")
            for index in range(at_home):
                people.resident(session, f"{house}号楼居民{index}", f"+86311871{int(house):02d}{index:03d}", home=home)
        return session.scalars(select(Campaign.id)).one()


def statements(session, due):
    counted = []
    engine = database.current().engine
    event.listen(engine, "before_cursor_execute", lambda *_: counted.append(1))
    remarked(session, due)
    return len(counted)
