"""Workbooks whose empty rest is formatted: a million rows that hold nobody, and what they cost."""

import re
import subprocess
import sys
import zipfile

import pytest

from contacts.files import spreadsheets
from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import HEADERS, SHEET, everyone_rung, granny, workbook

ROWS = 1_048_576
"""As many as a sheet of Excel has."""
MOST_MEMORY = 500
"""MB, of the whole command."""
MOST_STEPS = 4
"""Python calls for a row in which nothing is written; each cell must cost none."""
IMPORTING = """
import sys

from zaoan.cli.cli import app

try:
    app(sys.argv[1:])
except SystemExit as end:
    code = end.code
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(f"code={code} megabytes={int(peak) // 1024}")
"""


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def with_formatted_rest(path, last):
    """The same workbook, the rest of whose sheet down to this row has a format."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before, end, after = parts.pop(SHEET).partition(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(before)
            for row in range(4, last + 1):
                sheet.write(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/><c r="C%d" s="0"/></row>' % ((row,) * 4))
            sheet.write(end + after)
    return path


def with_formatted_rest_in_ods(path, last):
    """An OpenDocument file of these people, followed by rows with a format each down to this one."""

    def row(*cells):
        texts = (f'<table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>'
                 for each in cells)  # fmt: skip
        return f"<table:table-row>{''.join(texts)}</table:table-row>"

    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for name in ("office", "table", "text", "style"))  # fmt: skip
    empty = (
        '<table:table-row table:style-name="r"><table:table-cell table:style-name="c" '
        'table:number-columns-repeated="6"/></table:table-row>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(
                f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
                f'<table:table table:name="名单">{row(*HEADERS)}{row(*granny("陶秀兰", "01"))}'
                f"{row(*granny('沈德福', '02'))}".encode()
            )
            for _ in range(4, last + 1):
                content.write(empty.encode())
            content.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")
    return path


def imported(path):
    """What the command says of this file, and the most memory that it holds (MB)."""
    child = subprocess.run(
        [sys.executable, "-c", IMPORTING, "import", str(path)], capture_output=True, text=True, timeout=600, check=False
    )
    found = re.search(r"code=(\S+) megabytes=(\d+)", child.stdout)
    assert found, child.stdout + child.stderr
    assert found[1] in {"0", "None"}, child.stdout + child.stderr
    return child.stdout, int(found[2])


def steps(path):
    """How many Python calls the reading of a file takes."""
    count = 0

    def each(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(each)
    try:
        spreadsheets.read(path)
    finally:
        sys.setprofile(None)
    return count


def test_a_million_formatted_rows_are_no_people_and_cost_little(office):
    people = [granny("陶秀兰", "01"), granny("沈德福", "02")]
    said, megabytes = imported(with_formatted_rest(workbook(office, ("名单", [HEADERS, *people])), ROWS))
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert megabytes < MOST_MEMORY
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_a_million_formatted_rows_of_open_document_cost_as_little(office):
    said, megabytes = imported(with_formatted_rest_in_ods(office.folder / "名册.ods", ROWS))
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert megabytes < MOST_MEMORY
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_cells_in_which_nothing_is_written_cost_no_step_each(office):
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01")]))
    few, many = (steps(with_formatted_rest(path, 3 + rows)) for rows in (0, 20_000))
    assert many - few < MOST_STEPS * 20_000
