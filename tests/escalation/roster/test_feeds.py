"""A responder's duty in their own calendar: what it shows, and who can read it."""

import re
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.people import responder_status
from core import clock
from core.storage import database
from escalation.roster import calendar_text, feeds
from escalation.roster.calendar_text import Entry
from escalation.shifts import RosterFeed
from tests.escalation.roster import rosters
from tests.escalation.roster.rosters import OFFICE, away, on_duty, today
from tests.switchboard import responder, rows

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.fixture
def anne(switchboard):
    return responder("魏红", "+8613900000021")


def link(responder_id):
    with database.unit_of_work() as session:
        return feeds.new_link(session, OFFICE, responder_id)


def read(switchboard, address):
    return switchboard.client.get(address.removeprefix(switchboard.chosen.public_url))


def unfolded(text):
    """The lines as RFC 5545 (3.1) has them put together again."""
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def events(text):
    found, event = [], {}
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found.append(event)
        else:
            event[name] = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
    return found


def instants(event):
    return [datetime.strptime(event[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for name in ("DTSTART", "DTEND")]


def test_what_is_planned_is_read_as_a_calendar_over_midnight(switchboard, anne):
    on_duty(anne, time(22), time(6), day=today(1))
    answer = read(switchboard, link(anne))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert unfolded(answer.text)[0] == "BEGIN:VCALENDAR"
    [night] = events(answer.text)
    assert instants(night) == [rosters.local(22, days=1), rosters.local(6, days=2)]
    assert (night["SUMMARY"], night["LOCATION"]) == ("值班", "槐东社区")


def test_every_week_is_there_by_itself_with_a_name_of_its_own_that_stays(switchboard, anne):
    on_duty(anne, time(8), time(12), weekday=today().isoweekday())
    address = link(anne)
    first, again = (events(read(switchboard, address).text) for _ in range(2))
    assert [each["UID"] for each in first] == [each["UID"] for each in again]
    assert len({each["UID"] for each in first}) == len(first) == 4 + 1 + 26
    starts = [instants(each)[0] for each in first]
    assert all(later - earlier == timedelta(days=7) for earlier, later in pairwise(starts))


def test_swaps_and_absences_are_shown_to_both(switchboard, anne):
    berta = responder("李雷", "+8613900000022")
    shift_id = on_duty(anne, time(8), time(12), day=today(3))
    rosters.swap(shift_id, today(3), berta)
    away(anne, rosters.local(0, days=5), rosters.local(0, days=6), "看病；复查")
    on_duty(anne, time(8), time(12), day=today(5))
    hers, his = events(read(switchboard, link(anne)).text), events(read(switchboard, link(berta)).text)
    assert [each["SUMMARY"] for each in his] == ["替魏红值班"]
    assert [each["SUMMARY"] for each in hers] == ["值班（您登记了请假）", "请假：看病；复查"]
    assert [each["TRANSP"] for each in hers] == ["OPAQUE", "TRANSPARENT"]


def test_a_link_is_kept_nowhere_and_ends_with_the_next_and_by_revoking(switchboard, anne):
    first = link(anne)
    assert first.split("/")[-1].removesuffix(".ics") not in str([vars(each) for each in rows(RosterFeed)])
    second = link(anne)
    assert read(switchboard, first).status_code == 404
    assert read(switchboard, second).status_code == 200
    with database.unit_of_work() as session:
        feeds.revoke(session, OFFICE, anne)
    assert read(switchboard, second).status_code == 404


def test_who_helps_no_more_has_no_calendar(switchboard, anne):
    address = link(anne)
    with database.unit_of_work() as session:
        responder_status.remove(session, OFFICE, anne)
    assert read(switchboard, address).status_code == 404
    assert read(switchboard, "/roster/guessed.ics").status_code == 404


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_written_is_one_line_of_its_own_and_is_read_as_it_was(title, place):
    """Nothing that somebody writes as a reason can begin a line of the calendar."""
    text = calendar_text.written(title, [Entry("1", NOW, NOW + timedelta(hours=1), title, place)], NOW)
    [event] = events(text)
    plain = ["".join(each for each in written.replace("\r", "") if each in "\t\n" or (each >= " " and each != "\x7f"))
             for written in (title, place)]  # fmt: skip
    assert [event["SUMMARY"], event.get("LOCATION", "")] == plain
    assert [line.partition(":")[0] for line in unfolded(text)].count("BEGIN") == 2


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(switchboard, anne):
    """The calendar holds instants, so that no program has to know the zone."""
    entry = Entry("1", datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC), "x", "")
    [event] = events(calendar_text.written("x", [entry], clock.now()))
    assert instants(event) == [entry.begins, entry.ends]
