"""Number formats and encodings of Chinese office programs, and what people see in such cells."""

import base64
import io
import re
import struct
import zlib

import pytest
from xlrd.compdoc import CompDoc

from contacts.files.workbook_xls import _records
from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import (
    HEADERS,
    SHEET,
    everyone_rung,
    granny,
    homes,
    repacked,
    rewritten,
    workbook,
)
from tests.zaoan.lists.files.test_what_xls_holds import BOOK

CHINESE = [*range(27, 37), *range(50, 59)]
"""Formats that Chinese editions of Excel have built in (ECMA-376 18.8.30): no file says what they look like."""
TIMES = [32, 33, 34, 35, 55, 56]
MARCH = 46083
"""2 March 2026, which a program has made of 3-2."""
NAMES = [f"陶{a}{b}" for a in "甲乙丙丁" for b in "东南西北中"]
SHARED_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
SHARED_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
}


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def formatted(path, column, formats):
    """The same workbook whose rows have these built-in formats in a column, one each from the second row on."""
    kinds = "".join(f'<xf numFmtId="{each}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
                    for each in (0, *formats))  # fmt: skip

    def styled(xml):
        return re.sub(
            r"<cellXfs.*?</cellXfs>", f'<cellXfs count="{len(formats) + 1}">{kinds}</cellXfs>', xml, flags=re.S
        )

    def celled(xml):
        for style in range(1, len(formats) + 1):
            place = f"{column}{style + 1}"
            xml = re.sub(rf'<c r="{place}"(?: s="\d+")?', f'<c r="{place}" s="{style}"', xml)
        return xml

    return rewritten(rewritten(path, styled, "xl/styles.xml"), celled)


def people(spoil, count):
    """Rows of so many people; ``spoil`` says what is written in place of what."""
    rows = [granny(NAMES[at], f"{at + 1:02}") for at in range(count)]
    for row in rows:
        for place, value in spoil.items():
            row[place] = value
    return rows


@pytest.mark.parametrize(("place", "letter", "title"), [(2, "C", "楼栋"), (3, "D", "单元"), (4, "E", "房号")])
@pytest.mark.parametrize("value", [MARCH, MARCH + 0.5, 0.127777777777778])
def test_places_that_became_dates_or_times_of_any_chinese_format_are_refused_by_cell(
    office, place, letter, title, value
):
    path = workbook(office, ("名单", [HEADERS, *people({place: value}, len(CHINESE)), granny("沈德福", "30")]))
    said = office.zaoan("import", formatted(path, letter, CHINESE), code=1)
    assert f"新增 1 条，更新 0 条，未变 0 条，有错误 {len(CHINESE)} 条" in said
    shown = {MARCH: "“2026-03-02”是日期", MARCH + 0.5: "“2026-03-02 12:00”是日期"}.get(value, "“03:04”是时间")
    for row in range(2, len(CHINESE) + 2):
        assert f"第{row}行，{title}：{shown}" in said
    assert everyone_rung(office) == {"沈德福"}


@pytest.mark.parametrize("value", [0.354166666666667, 0.354166, MARCH + 0.354166666666667])
def test_times_of_any_chinese_format_are_the_times_that_people_see(office, value):
    rows = [[*each, value] for each in people({}, len(TIMES))]
    path = workbook(office, ("名单", [[*HEADERS, "通话时间"], *rows]))
    assert "有错误 0 条" in office.zaoan("import", formatted(path, "H", TIMES))
    office.zaoan("export", "out.csv")
    assert (office.folder / "out.csv").read_text("utf-8-sig").count(",08:30,") == len(TIMES)


@pytest.mark.parametrize("kind", CHINESE)
def test_a_room_that_became_a_date_is_refused_in_excel_97_as_well(office, kind):
    content = bytearray(zlib.decompress(base64.b85decode(BOOK)))
    _, start, size = CompDoc(bytes(content), logfile=io.StringIO()).locate_named_stream("Workbook")
    for at, record, body in list(_records(bytes(content[start : start + size]))):
        if record == 0x00E0:  # XF
            struct.pack_into("<H", content, start + at + 6, kind)
        elif record == 0x00FD and body[:4] == struct.pack("<HH", 1, 4):  # LABELSST of the first room, now RK
            cell = struct.pack("<HH", 0x027E, 10) + body[:6] + struct.pack("<I", MARCH << 2 | 2)
            content[start + at : start + at + len(cell)] = cell
    path = office.folder / "名册.xls"
    path.write_bytes(content)
    assert "第2行，房号：“2026-03-02”是日期" in office.zaoan("import", path, code=1)
    assert "陶秀兰" not in homes(office)


@pytest.mark.parametrize(
    "room",
    ["2026年3月", "3月", "三月二日", "二〇二六年三月二日", "二〇二六年三月", "8时30分", "上午8时30分00秒", "3:02"],
)
def test_rooms_that_a_text_file_shows_as_dates_or_times_are_refused(office, room):
    path = office.save("名册.csv", [granny("陶秀兰", "01", room=room), granny("沈德福", "02", room="3-2")], HEADERS)
    assert f"第2行，房号：“{room}”是" in office.zaoan("import", path, code=1)
    assert homes(office) == {"沈德福": ("3号楼", "2单元", "3-2")}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8时30分", "08:30"),
        ("8时30分00秒", "08:30"),
        ("上午8时30分", "08:30"),
        ("下午2时05分00秒", "14:05"),
        ("上午12时30分", "00:30"),
        ("下午12时30分", "12:30"),
        ("下午14:05", "14:05"),
        ("8:30 AM", "08:30"),
        ("2:05:30 pm", "14:06"),
        ("8点", "08:00"),
        ("8：30", "08:30"),
    ],
)
def test_times_are_read_as_a_text_file_shows_them(office, written, meant):
    path = office.save("名册.csv", [[*granny("陶秀兰", "01"), written]], [*HEADERS, "通话时间"])
    assert "有错误 0 条" in office.zaoan("import", path)
    office.zaoan("export", "out.csv")
    assert f",{meant}," in (office.folder / "out.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("written", ["24时", "8时75分", "早上", "30分", "下午"])
def test_what_is_no_time_costs_the_cell(office, written):
    path = office.save("名册.csv", [[*granny("陶秀兰", "01"), written]], [*HEADERS, "通话时间"])
    said = office.zaoan("import", path, code=1)
    assert f"第2行，通话时间：“{written}”" in said
    assert everyone_rung(office) == {"陶秀兰"}


def inline(text):
    return lambda path: rewritten(path, lambda xml: xml.replace("ESCAPED", text))


def shared(text):
    """Puts the text into the table of strings, as Excel does."""

    def change(parts):
        table = f'<sst xmlns="{next(iter(STRICT))}" count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'
        kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_TYPE}"/></Types>'
        relation = f'<Relationship Id="rIdS" Type="{SHARED_RELATION}" Target="sharedStrings.xml"/></Relationships>'
        types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
        cell = r'<c r="(\w+)"[^>]*><is><t>ESCAPED</t></is></c>'
        return parts | {
            "xl/sharedStrings.xml": table,
            SHEET: re.sub(cell, r'<c r="\1" t="s"><v>0</v></c>', parts[SHEET]),
            types: parts[types].replace("</Types>", kind),
            relations: parts[relations].replace("</Relationships>", relation),
        }

    return lambda path: repacked(path, change)


@pytest.mark.parametrize("stored", [inline, shared])
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("门铃坏了_x000D_&#10;请敲门", "门铃坏了\n请敲门"),
        ("门铃坏了_x000D_请敲门", "门铃坏了\n请敲门"),
        ("门铃坏了_x000A_请敲门", "门铃坏了\n请敲门"),
        ("型号_x005F_x000D_请敲门", "型号_x000D_请敲门"),
    ],
)
def test_escaped_characters_are_what_people_see(office, stored, text, read):
    path = stored(text)(workbook(office, ("名单", [[*HEADERS, "备注"], [*granny("陶秀兰", "01"), "ESCAPED"]])))
    office.zaoan("import", path)
    assert office.json("resident", "show", "陶秀兰")["notes"] == read


def test_a_text_file_holds_what_a_program_left_of_a_line_break(office):
    path = office.save("名册.csv", [[*granny("陶秀兰_x000D_", "01"), "门铃坏了_x000D_\n请敲门"]], [*HEADERS, "备注"])
    office.zaoan("import", path)
    assert office.json("resident", "show", "陶秀兰")["notes"] == "门铃坏了\n请敲门"


def test_a_style_with_an_empty_fill_is_read(office):
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01")]))
    rewritten(path, lambda xml: re.sub(r"<fill>.*?</fill>|<fill ?/>", "<fill/>", xml, flags=re.S), "xl/styles.xml")
    assert "<fill/>" in repacked_text(path, "xl/styles.xml")
    assert "新增 1 条" in office.zaoan("import", path)


def repacked_text(path, part):
    """One part of a workbook."""
    found = {}
    repacked(path, lambda parts: found.update(parts) or parts)
    return found[part]


def strict(parts):
    """The parts of a workbook that was saved as strict Open XML."""
    for loose, namespace in STRICT.items():
        parts = {name: xml.replace(loose, namespace) for name, xml in parts.items()}
    book = "xl/workbook.xml"
    return parts | {book: parts[book].replace("<workbook ", '<workbook conformance="strict" ', 1)}


def test_strict_open_xml_is_read_with_its_merged_cells_hidden_rows_and_errors(office):
    def change(book):
        book.active.merge_cells("C2:C3")
        book.active.row_dimensions[4].hidden = True

    rows = [
        granny("陶秀兰", "01"),
        granny("沈德福", "02", ""),
        granny("毛桂芝", "03"),
        granny("贺长顺", "04", room="#N/A"),
    ]
    path = repacked(workbook(office, ("名单", [HEADERS, *rows]), change=change), strict)
    said = office.zaoan("import", path, code=1)
    assert "新增 2 条" in said
    assert "有 1 行隐藏着" in said
    assert "第5行，房号：“#N/A”是公式出错的结果" in said
    assert homes(office)["沈德福"] == ("3号楼", "2单元", "302")


def test_dates_of_strict_open_xml_are_dates(office):
    path = repacked(workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01", room="ROOM")])), strict)
    cell = r'<c r="E2"[^>]*><is><t>ROOM</t></is></c>'
    rewritten(path, lambda xml: re.sub(cell, '<c r="E2" t="d"><v>2026-03-02</v></c>', xml))
    assert "第2行，房号：“2026-03-02”是日期" in office.zaoan("import", path, code=1)
