"""The pages of months: what they say, to whom, by name or not, and as which files."""

import csv
import html
import io
import json
import re
from contextlib import closing
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from audio.clips.store import ClipStore
from campaigns.reports.monthly.month import Month
from console.shell.rendering import template
from contacts.models import Resident
from core import clock
from core.clock import Anchor
from core.identity.models import AuditEntry
from core.identity.roles import AccessRole, Scope
from core.storage import database
from tests import signed_in
from tests.months import Town, everything
from zaoan.process import wiring
from zaoan.web.app import web_app

AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
ONE = "/reports/2026-11"


@pytest.fixture
def house(house_settings):
    with closing(wiring.open_house(house_settings)) as opened:
        clock.set_anchor(Anchor(clock.real_now(), AT))
        yield opened


@pytest.fixture
def staff(house, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), follow_redirects=False, headers=PAGE) as client:
        signed_in.enter(client)
        yield client


@pytest.fixture
def names(house):
    """Two months of a small town; the names of everybody in it."""
    with database.unit_of_work() as session:
        town = Town(session, 12)
        town.has_a_month(Month(2026, 10))
        town.has_a_month(Month(2026, 11), AT)
        return {each.name for each in everything(session, Resident)}


def named_in(text, names):
    return {each for each in names if each in text}


def shown(text):
    return text.split("<main")[1].split("</main>")[0]


def audited():
    with database.reading() as session:
        return [(each.deed, each.subject) for each in everything(session, AuditEntry) if "/reports" in each.deed]


def test_before_the_first_round_there_is_a_way_to_the_campaigns(staff):
    page = staff.get("/reports").text
    assert ("There has been no round yet" in page, 'href="/campaigns"' in page) == (True, True)
    empty = staff.get(ONE)
    assert (empty.status_code, "There was no case." in empty.text) == (200, True)


def test_the_months_lead_to_their_reports_and_these_to_each_other(staff, names):
    assert re.findall(r'href="/reports/([\d-]+)">([^<]+)</a></h2><p>([^<]+)<', staff.get("/reports").text) == [
        ("2026-11", "November 2026", "21 rounds"), ("2026-10", "October 2026", "32 rounds")]  # fmt: skip
    page = staff.get(ONE).text
    assert 'rel="prev" href="/reports/2026-10"' in page
    assert 'rel="next"' not in page
    assert 'rel="next" href="/reports/2026-11"' in staff.get("/reports/2026-10").text


def test_months_of_years_are_shown_a_dozen_at_a_time(staff, house):
    with database.unit_of_work() as session:
        town = Town(session, 1)
        for number in (1, 12):
            town.has_a_month(Month(2025, number))
    page = staff.get("/reports").text
    assert len(re.findall(r'href="/reports/\d', page)) == 12
    [earlier] = re.findall(r'href="(/reports\?before=[^"]+)"', page)
    assert re.findall(r'href="/reports/([\d-]+)"', staff.get(earlier).text)[-1] == "2025-01"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_month_is_told_without_names_and_with_them_where_they_are_asked_for(staff, names, language):
    page = staff.get(f"{ONE}?language={language}")
    assert page.status_code == 200
    assert named_in(page.text, names) == set()
    assert audited() == []
    named = staff.get(f"{ONE}?language={language}&names=1").text
    assert named_in(named, names)
    assert audited() == [("GET /reports/{month}", "2026-11")]
    assert ("noted" in named) == (language == "en")


def test_each_picture_has_its_numbers_in_the_table_beside_it(staff, names):
    page = staff.get(ONE).text
    charts = {name: json.loads(html.unescape(data))
              for name, data in re.findall(r'id="([\w-]+)" data-chart="([^"]+)"', page)}  # fmt: skip
    assert {name: each["shape"] for name, each in charts.items()} == {"by-day": "stack", "by-kind": "rows"}
    for name, heading in (("by-day", "day"), ("by-kind", "what is wrong")):
        table = page.split(f'id="{name}"')[1].split("<tbody>")[1].split("</tbody>")[0]
        rows = [re.findall(r'<td class="number">(\d+)</td>', row) for row in table.split("</tr>")[:-1]]
        series = [[str(value) for value in each["values"]] for each in charts[name]["series"]]
        drawn = list(zip(*series, strict=True))
        if name == "by-day":
            drawn = drawn[: len(rows)]
        assert [tuple(row[: len(series)]) for row in rows] == drawn
        assert heading in page
    assert page.count("<script>") == 0


def test_an_auditor_reads_a_month_and_may_not_ask_for_names(staff, names):
    signed_in.enter(staff, role=AccessRole.AUDITOR)
    page = staff.get(ONE)
    assert (page.status_code, "names=1" in page.text) == (200, False)
    for address in (ONE, f"{ONE}/report.csv", f"{ONE}/report.pdf"):
        for asked in ("names=1", "names=true", "n%61mes=1", "names=on&names=0"):
            assert staff.get(f"{address}?{asked}").status_code == 403, asked
    assert staff.get(f"{ONE}/report.csv").status_code == 200


def test_nobody_else_reads_it(staff, names):
    for role in (AccessRole.RESPONDER, AccessRole.RELATIVE):
        signed_in.enter(staff, role=role)
        assert {staff.get(each).status_code for each in ("/reports", ONE)} == {403}


@pytest.mark.parametrize(("address", "status"), [("/reports/2026-12", 404), ("/reports/2026-13", 422),
                                                 ("/reports/x", 422), ("/reports?before=x", 422)])  # fmt: skip
def test_what_is_no_month_or_has_not_begun_is_said(staff, address, status):
    assert staff.get(address).status_code == status


def test_the_table_opens_in_spreadsheet_programs(staff, names):
    answer = staff.get(f"{ONE}/report.csv?language=en")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report-2026-11.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    answers = {row["what"]: int(row["number"]) for row in rows if row["section"] == "Answers"}
    assert answers.pop("rounds") == 20
    assert sum(answers.values()) == 20 * 12
    assert named_in(answer.text, names) == set()
    assert named_in(staff.get(f"{ONE}/report.csv?names=1").text, names)


def test_the_pdf_says_the_same_in_both_languages(staff, names):
    for language, words in (("en", "Report of November 2026"), ("zh-CN", "2026年11月月报")):
        answer = staff.get(f"{ONE}/report.pdf?language={language}")
        said = "".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.content)).pages)
        assert (answer.status_code, words in said) == (200, True)
        assert named_in(said, names) == set()


def test_the_pictures_of_the_pdf_have_the_colours_and_the_patterns_of_the_sheet(staff, names):
    styles = template("sheets/sheet.css.html").render()
    colour = dict(re.findall(r"\.(\w+) \.base \{ fill: (#\w+)", styles))
    paint = "".join(map(_painted, PdfReader(io.BytesIO(staff.get(f"{ONE}/report.pdf").content)).pages))
    used = {tuple(map(float, each.split())) for each in re.findall(r"([\d.]+ [\d.]+ [\d.]+) rg", paint)}
    for mark in ("well", "unwell", "needs_supplies", "now", "before"):
        assert any(_alike(_parts(colour[mark]), each) for each in used), mark
    assert len(set(re.findall(r"/p\d+ scn", paint))) > 1


def _painted(page):
    """What the page and everything in it is drawn with."""
    return page.get_contents().get_data().decode("latin1") + "".join(_parts_painted(page["/Resources"]))


def _parts_painted(resources):
    for each in resources.get("/XObject", {}).values():
        part = each.get_object()
        yield part.get_data().decode("latin1")
        yield from _parts_painted(part.get("/Resources", {}))


def _parts(colour):
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(2 * each for each in digits)
    return tuple(int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4))


def _alike(one, other):
    return all(abs(a - b) < 0.005 for a, b in zip(one, other, strict=True))


def test_a_program_reads_a_month_with_the_scope_of_rounds(staff, names):
    def asked(*scopes, query=""):
        return staff.get(f"/api/v1/reports/2026-11{query}", headers=signed_in.bearer(signed_in.token(*scopes)))

    assert asked(Scope.CASES_READ).status_code == 403
    told = asked(Scope.ROUNDS_READ).json()
    assert (told["month"], told["check_ins"]["asked"], told["before"]["month"]) == ("2026-11", 240, "2026-10")
    assert sum(told["check_ins"]["counts"].values()) == 240
    assert {each["resident"] for each in told["hardest"]} == {None}
    assert {each["resident"] for each in asked(Scope.ROUNDS_READ, query="?names=true").json()["hardest"]} <= names


def test_the_pictures_are_drawn_by_a_file_of_ours_that_is_kept_and_small(staff, names):
    page = staff.get(ONE)
    [address] = re.findall(r'src="(/static/scripts/echarts\.js\?v=\w+)"', page.text)
    script = staff.get(address, headers={"Accept-Encoding": "gzip"})
    assert (script.status_code, script.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in script.headers["Cache-Control"]
    plain = staff.get(address, headers={"Accept-Encoding": "identity"})
    assert (plain.content == script.content, "Content-Encoding" in plain.headers) == (True, False)
    assert b"new Function" not in script.content
    assert staff.head(address).status_code == 200
