"""A list that leaves by ``zaoan export``, goes through a program of the office, and comes back: nothing changes."""

import csv
import datetime
import re

import pytest
from openpyxl import Workbook, load_workbook

from tests.offices import Office

HEADERS = ["姓名", "电话", "楼栋", "单元", "房号", "通话时间", "备注", "同意"]
PEOPLE = [
    ["陶秀兰", "0311-86000201", "3号楼", "2单元", "3-2", "08:30", "2026-11-01", "2026-11-01"],
    ["沈德福", "0311-86000202", "A座", "2单元", "0301", "", "3月2日", "书面同意"],
    ["毛桂芝", "13800138000", "3-2", "", "1E5", "18:00", "00123", "2026/11/1 书面同意"],
    ["贺长顺", "0311-86000204", "12", "3", "1/2", "", "20261101000001", "是"],
    ["邵玉琴", "0311-86000205", "12", "3", "3.10", "", "March 5", "同意"],
]


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    # marked as text, as an office writes such rooms itself
    book = Workbook()
    for row in [HEADERS, *PEOPLE]:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    shown = made.zaoan("import", "in.xlsx")
    assert "新增 5 条" in shown
    return made


def as_a_program_reads(text):
    """What a spreadsheet program makes of a cell in csv."""
    if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE]\d+)?", text):
        return float(text)
    if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text):
        return datetime.date(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})(?:[-/]|月)(\d{1,2})日?", text):
        return datetime.date(2026, int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})", text):
        return datetime.time(int(found[1]), int(found[2]))
    return datetime.date(2026, 3, 5) if text == "March 5" else text


def test_by_csv(office):
    office.zaoan("export", "out.csv")
    with (office.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    book = Workbook()
    for row in rows:
        book.active.append([as_a_program_reads(text) for text in row])
    book.save(office.folder / "back.xlsx")
    assert "新增 0 条，更新 0 条，未变 5 条，有错误 0 条" in office.zaoan("import", "back.xlsx")


def test_by_xlsx_which_is_the_usual_one(office):
    assert "residents.xlsx" in office.zaoan("export")
    book = load_workbook(office.folder / "residents.xlsx")
    assert {cell.number_format for row in book.active.iter_rows() for cell in row} == {"@"}
    book.save(office.folder / "back.xlsx")
    assert "新增 0 条，更新 0 条，未变 5 条，有错误 0 条" in office.zaoan("import", "back.xlsx")


def test_a_name_without_a_suffix_is_a_workbook(office):
    assert "名册.xlsx" in office.zaoan("export", "名册")
