"""The report of a round as a page, a PDF and a table: the same residents, in both languages."""

import csv
import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from sqlalchemy import select

from audio.clips.store import ClipStore
from campaigns.changes import round_starts
from campaigns.models import Campaign, Outcome
from console.sheets import pdf as printing
from console.sheets.pdf import LIBRARIES, NoPdfError, pdf
from console.sheets.pdf_worker import NO_FONT, NO_LIBRARIES
from core import actors
from core.i18n import Language
from core.ids import new_id
from core.storage import database
from tests import signed_in
from tests.console import street
from zaoan.web.app import web_app

PAGE = '<html lang="zh-CN"><body style="font-family: sans-serif">{}</body></html>'


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def round_id(browser):
    """A round in which one resident is unwell and another well."""
    begun = street.begin_round()
    street.answer("刘奶奶", Outcome.UNWELL)
    street.answer("王奶奶", Outcome.OK)
    return begun


def the_next_round():
    street.at(street.EIGHT + timedelta(days=1))
    with database.unit_of_work() as session:
        campaign = session.scalars(select(Campaign)).one()
        return round_starts.start_now(session, actors.system(), campaign).id


def read(written):
    return PdfReader(io.BytesIO(written))


def fonts(document):
    return {str(font.get_object()["/BaseFont"]).split("+")[-1] for page in document.pages
            for font in page["/Resources"]["/Font"].values()}  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [
    (Language.CHINESE, ["需要有人处理", "刘玉芬", "1号楼2单元201", "时间线", "完整性证明"]),
    (Language.ENGLISH, ["To be looked after", "刘玉芬", "building 1, unit 2, room 201", "Time line", "Certificate"]),
])  # fmt: skip
def test_the_page_and_the_pdf_say_the_same(browser, round_id, language, words):
    shown = browser.get(f"/rounds/{round_id}?language={language}")
    made = browser.get(f"/rounds/{round_id}/report.pdf?language={language}")
    assert (shown.status_code, made.status_code, made.headers["Content-Type"]) == (200, 200, "application/pdf")
    document = read(made.content)
    printed = "".join(page.extract_text() for page in document.pages)
    assert [each for each in words if each not in shown.text] == []
    assert [each for each in words if each.replace(" ", "") not in "".join(printed.split())] == []
    assert document.trailer["/Root"]["/Lang"] == language
    assert document.pages[0].mediabox.upper_right == pytest.approx((595.28, 841.89), abs=0.1), "A4"
    assert not [each for each in fonts(document) if "CJK-JP" in each], "Japanese shapes of Chinese characters"


def test_the_table_opens_in_spreadsheet_programs(browser, round_id):
    written = browser.get(f"/rounds/{round_id}/report.csv?language=zh-CN").content
    assert written.startswith(b"\xef\xbb\xbf"), "what Excel knows UTF-8 by"
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert len(rows) == len(street.HOMES)
    [unwell] = [row for row in rows if row["居民"] == "刘玉芬"]
    assert (unwell["结果"], unwell["住址"]) == ("身体不舒服", "1号楼2单元201")


def test_today_leads_to_the_report_and_the_report_to_those_before(browser, round_id):
    assert f'href="/rounds/{round_id}"' in browser.get("/").text
    later = the_next_round()
    assert f'href="/rounds/{round_id}"' in browser.get(f"/rounds/{later}").text


def test_a_round_that_is_none_has_no_report(browser):
    answers = [browser.get(f"/rounds/{new_id()}{each}") for each in ("", "/report.csv", "/report.pdf")]
    assert [each.status_code for each in answers] == [404, 404, 404]


def test_without_pango_one_sentence_says_what_to_install_and_the_page_is_there(
    browser, round_id, monkeypatch, tmp_path
):
    monkeypatch.setattr(printing, "_COMMAND", without_pango(tmp_path))
    said = browser.get(f"/rounds/{round_id}/report.pdf?language=en", headers={"Accept": "text/html"})
    assert said.status_code == 503
    assert all(each in said.text for each in LIBRARIES)
    assert browser.get(f"/rounds/{round_id}").status_code == 200
    by_program = browser.get(f"/api/v1/rounds/{round_id}/report.pdf", headers=signed_in.bearer(signed_in.token()))
    assert (by_program.status_code, by_program.json()["type"]) == (503, "urn:zaoan:problem:unavailable")


def without_pango(folder: Path):
    """The worker on a machine on which no library can be opened by name."""
    (folder / "worker.py").write_text(
        "import runpy, cffi\n"
        "def dlopen(self, name, flags=0):\n    raise OSError(f'cannot load library {name}')\n"
        "cffi.FFI.dlopen = dlopen\n"
        "runpy.run_module('console.sheets.pdf_worker', run_name='__main__')\n"
    )
    return (sys.executable, str(folder / "worker.py"))


def test_a_machine_without_a_chinese_font_is_told_which_one_to_install(monkeypatch, tmp_path):
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    with pytest.raises(NoPdfError, match=r"早.*fonts-noto-cjk"):
        pdf(PAGE.format("早安"))
    assert read(pdf(PAGE.format("good morning"))).pages[0].extract_text() == "good morning"


def test_a_character_that_no_font_has_costs_nobody_the_report():
    assert len(read(pdf(PAGE.format("早\ue123安"))).pages) == 1


def test_nothing_is_fetched_for_a_sheet(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    named = f'<link rel="attachment" href="{secret.as_uri()}"><p>早</p>'
    assert read(pdf(PAGE.format(named))).attachments == {}


def test_more_at_once_are_refused_and_not_waited_for(monkeypatch):
    monkeypatch.setattr(printing._turns, "acquire", lambda blocking: False)
    with pytest.raises(NoPdfError, match="Other PDFs"):
        pdf(PAGE.format("早"))


@pytest.mark.parametrize("ended", [1, NO_LIBRARIES, NO_FONT])
def test_whatever_becomes_of_the_worker_is_a_sentence(monkeypatch, ended):
    monkeypatch.setattr(printing, "_COMMAND", (sys.executable, "-c", f"import sys; sys.exit({ended})"))
    with pytest.raises(NoPdfError) as refused:
        pdf(PAGE.format("早"))
    assert refused.value.describe(Language.CHINESE) != refused.value.describe(Language.ENGLISH)


def test_a_worker_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(printing, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(printing, "LONGEST_SECONDS", 0.2)
    with pytest.raises(NoPdfError, match="in time"):
        pdf(PAGE.format("早"))
