"""The workbook of an office with a whole town in it: a sheet for some buildings each, written by many hands.

What is written differently means the same. Some stand twice, some cells cannot be right, some rows cannot be taken:
each mistake is known.
"""

import io
from dataclasses import dataclass, field
from itertools import groupby

import openpyxl

HEADERS = ["老人姓名", "称呼", "联系电话", "备用电话", "楼栋", "单元", "房号", "出生年", "标记", "同意"]
BUILDINGS_IN_A_SHEET = 8
WRONG_IN = 25
"""One row in so many of a building has a cell that cannot be right, and after one in so many comes a wrong one."""
FIELDS = {"老人姓名": "name", "联系电话": "phone", "房号": "room", "出生年": "birth year"}
"""What the importer calls the columns in which there are mistakes."""
MISTAKES = (
    {"老人姓名": None},
    {"联系电话": "请问女儿"},
    {"联系电话": "0311-860"},
    {"房号": None},
)


@dataclass
class Messy:
    """``content`` is an xlsx file; ``wrong`` has the sheet, the row and the column of each mistake."""

    content: bytes = b""
    wrong: set = field(default_factory=set)


def workbook(rows):
    """All residents of ``rows`` (mappings as ``Town`` writes them), and people with mistakes between them."""
    book, messy = openpyxl.Workbook(), Messy()
    book.active.title = "说明"
    book.active.append(["本表由各楼栋长填写，黄色为新搬来的住户。"])
    sheets = groupby(rows, lambda row: (int(row["楼栋"].removesuffix("号楼")) - 1) // BUILDINGS_IN_A_SHEET)
    for index, people in sheets:
        sheet = book.create_sheet(f"第{index + 1}片")
        if index % 2:
            sheet.append([f"槐东社区第{index + 1}片老人名单"])
        sheet.append(HEADERS)
        _write(sheet, list(people), messy)
    old = book.create_sheet("去年的名单")
    old.sheet_state = "hidden"
    old.append(HEADERS)
    old.append(
        ["去年的人", "奶奶", "0311-86099999", None, "1号楼", "1单元", "909", 1930, "独居", "2025-11-01 书面同意"]
    )
    kept = io.BytesIO()
    book.save(kept)
    messy.content = kept.getvalue()
    return messy


def _write(sheet, people, messy):
    for building, rows in groupby(people, lambda row: row["楼栋"]):
        first = sheet.max_row + 1
        for number, row in enumerate(rows):
            cells = _by_hand(row, number)
            sheet.append(cells)
            if number % WRONG_IN == WRONG_IN - 1:  # they are taken all the same, but for this cell
                sheet.cell(sheet.max_row, HEADERS.index("出生年") + 1, ("去年", 2091)[number % 2])
                messy.wrong.add((sheet.title, sheet.max_row, FIELDS["出生年"]))
            if number == 0 and first % 3 == 0:
                sheet.append(cells)
                messy.wrong.add((sheet.title, sheet.max_row, FIELDS["老人姓名"]))
            if number % WRONG_IN == WRONG_IN // 2:
                _write_mistake(sheet, row, messy)
        column = HEADERS.index("楼栋") + 1
        if building.startswith("2"):  # as the office likes it: one cell for the whole building
            sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=column, end_column=column)


def _write_mistake(sheet, like, messy):
    """Somebody of the same house, whose row cannot be taken."""
    mistake = MISTAKES[len(messy.wrong) % len(MISTAKES)]
    other = {"老人姓名": f"丁{len(messy.wrong)}", "联系电话": f"0311-870{len(messy.wrong):05d}"}
    row = dict(zip(HEADERS, _by_hand(like | {"备用电话": ""}, 0), strict=True)) | other | mistake
    sheet.append([row[header] for header in HEADERS])
    [column] = mistake
    messy.wrong.add((sheet.title, sheet.max_row, FIELDS[column]))


def _by_hand(row, number):
    told = {header: row.get(header) for header in HEADERS}
    told["联系电话"] = _number(row["电话"], number)
    told["备用电话"] = _number(row["备用电话"], number + 1) if row["备用电话"] else ("无", None, "/", "—")[number % 4]
    told["出生年"] = (row["出生年"] + "年", int(row["出生年"]), row["出生年"])[number % 3]
    told["老人姓名"] = row["姓名"] if number % 7 else f" {row['姓名']}　"
    return [told[header] for header in HEADERS]


def _number(number, hand):
    """A landline of the town (E.164) in one of the ways in which people write it."""
    area, there = number[3:6], number[6:]
    return (
        f"0{area}-{there}",
        int(area + there),
        f"（0{area}）{there[:4]} {there[4:]}",
        f"0{area}－{there}".translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}),
        number,
        there,
    )[hand % 6]
