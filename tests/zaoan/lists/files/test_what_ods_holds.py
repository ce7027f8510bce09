"""OpenDocument as offices have it; who is rung in the end."""

import zipfile

import pytest

from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import everyone_rung, homes

HEADERS = ["姓名", "电话", "楼栋", "单元", "房号", "同意"]
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"
COVERED = "<table:covered-table-cell/>"


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def cell(text, more=""):
    """A cell with a text, or one that is XML already."""
    return text if text.startswith("<") else _cell(text, more)


def _cell(text, more):
    return f'<table:table-cell {more} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def row(*cells, more=""):
    """A row of cells."""
    return f"<table:table-row {more}>{''.join(map(cell, cells))}</table:table-row>"


def save(office, *rows):
    """An ods file with one sheet."""
    content = (
        f'<?xml version="1.0"?><office:document-content {SPACES} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="名单">{"".join(rows)}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = office.folder / "名册.ods"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def test_merged_cells_hold_and_rows_that_a_filter_hides_are_left_out(office):
    path = save(
        office,
        row(*HEADERS),
        row("陶秀兰", "0311-86000201", cell("3号楼", 'table:number-rows-spanned="3"'),
            cell("1单元", 'table:number-rows-spanned="2"'), "101", "同意"),
        row("沈德福", "0311-86000202", COVERED, COVERED, "201", "同意"),
        row("毛桂芝", "0311-86000203", COVERED, "2单元", "101", "同意"),
        row("贺长顺", "0311-86000204", "3号楼", "2单元", "301", "同意", more='table:visibility="filter"'),
    )  # fmt: skip
    said = office.zaoan("import", path)
    assert "新增 3 条" in said
    assert "有 1 行隐藏着" in said
    assert homes(office) == {
        "陶秀兰": ("3号楼", "1单元", "101"),
        "沈德福": ("3号楼", "1单元", "201"),
        "毛桂芝": ("3号楼", "2单元", "101"),
    }
    assert everyone_rung(office) == {"陶秀兰", "沈德福", "毛桂芝"}


def test_errors_and_formulas_without_a_result_are_mistakes(office):
    error = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    path = save(
        office,
        row(*HEADERS),
        row("陶秀兰", "0311-86000201", "3号楼", "1单元", error, "同意"),
        row("沈德福", "0311-86000202", "3号楼", '<table:table-cell table:formula="of:=A1"/>', "101", "同意"),
        row("毛桂芝", "0311-86000203", "3号楼", "2单元", "101", "同意"),
    )
    said = office.zaoan("import", path, code=1)
    assert "第2行，房号：“#N/A”是公式出错的结果" in said
    assert "第3行，单元：这里的公式还没有结果" in said
    assert everyone_rung(office) == {"毛桂芝"}


@pytest.mark.parametrize("stored", ["PT08H30M00S", "PT08H29M59.942400S", "PT1104536H30M00.000003353S"])
def test_a_time_is_the_one_that_is_shown_whatever_day_is_stored_with_it(office, stored):
    kind = f'office:value-type="time" office:time-value="{stored}"'
    time = f"<table:table-cell {kind}><text:p>8:30</text:p></table:table-cell>"
    path = save(
        office,
        row(*HEADERS, "通话时间"),
        row("陶秀兰", "0311-86000201", "3号楼", "1单元", "101", "同意", time),
    )
    assert "有错误 0 条" in office.zaoan("import", path)
    office.zaoan("export", "out.csv")
    assert ",08:30," in (office.folder / "out.csv").read_text("utf-8-sig")
