"""Files that would fill the memory or never end: each is refused by name, and nobody is imported by half."""

import csv
import io
import sys
import zipfile

import pytest

from contacts.files import bounds
from tests.offices import HEADERS as CSV_HEADERS
from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import HEADERS, granny, repacked, rewritten, workbook

PEOPLE = [HEADERS, granny("王桂兰", "01"), granny("李长海", "02")]
FAR = "2000000000"
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="名单">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def refused(office, path, *said):
    """What the command says of a file of which it takes nobody."""
    for words in (("import", "--dry-run", path), ("import", path)):
        answer = office.zaoan(*words, code=1)
        assert all(each in answer for each in said), answer
    office.zaoan("import", office.save("还有.csv", [["陶秀兰", "0311-86000909", "9号楼", "909", "", ""]]))
    assert [each["name"] for each in office.json("resident", "list")] == ["陶秀兰"]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace('<row r="3"', f'<row r="{FAR}"').replace('r="A3"', f'r="A{FAR}"'),
        lambda xml: xml.replace('r="A3"', f'r="A{FAR}"'),
        lambda xml: xml.replace("</sheetData>", f'<row r="{FAR}"><c r="A{FAR}"><v>1</v></c></row></sheetData>'),
        lambda xml: xml.replace("</sheetData>", f'<row r="{FAR}"><c><v>1</v></c></row></sheetData>'),
        lambda xml: xml.replace("</sheetData>", f'<row><c r="ZZZ{FAR}" t="str"><v></v></c></row></sheetData>'),
    ],
)
def test_a_row_far_outside_never_ends(office, change):
    path = rewritten(workbook(office, ("名单", PEOPLE)), change)
    refused(office, path, FAR)


def ods(office, *rows):
    path = office.folder / "名册.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", CONTENT.format(rows="".join(rows)))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def ods_row(cells, row="", cell=""):
    texts = "".join(f'<table:table-cell office:value-type="string" {cell}><text:p>{each}</text:p></table:table-cell>'
                    for each in cells)  # fmt: skip
    return f"<table:table-row {row}>{texts}</table:table-row>"


@pytest.mark.parametrize(
    "repeated", [f'table:number-rows-repeated="{FAR}"', 'table:number-columns-repeated="30000000"']
)
def test_what_is_repeated_for_ever_in_ods_is_refused(office, repeated):
    where = {"row": repeated} if "rows" in repeated else {"cell": repeated}
    refused(office, ods(office, ods_row(HEADERS), ods_row(granny("王桂兰", "01"), **where)), "名单")


def test_an_error_that_is_repeated_is_one_in_each_cell(office):
    broken = ('<table:table-cell table:number-columns-repeated="2" office:value-type="string"'
              ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
              ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>')  # fmt: skip
    row = ods_row(granny("王桂兰", "01")[:5]).replace("</table:table-row>", broken + "</table:table-row>")
    said = office.zaoan("import", ods(office, ods_row(HEADERS), row), code=1)
    assert said.count("#N/A") == 2


@pytest.mark.parametrize("believed", [True, False])
def test_what_is_small_only_while_it_is_packed_is_refused(office, monkeypatch, believed):
    monkeypatch.setattr(bounds, "MOST_UNPACKED_MEGABYTES", 2)
    path = repacked(workbook(office, ("名单", PEOPLE)), lambda parts: parts | {"docProps/app.xml": " " * 3_000_000})
    if not believed:  # it says that the part has 100 bytes
        content = path.read_bytes()
        path.write_bytes(content.replace((3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert path.stat().st_size < 20_000
    refused(office, path, "2 MB")


def test_too_much_text_is_refused(office, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_TEXT_MEGABYTES", 1)
    shared = {"xl/sharedStrings.xml": f"<sst><si><t>{'早' * 400_000}</t></si></sst>"}
    refused(office, repacked(workbook(office, ("名单", PEOPLE)), lambda parts: parts | shared), "1 MB")


def test_merged_cells_one_upon_the_other_are_refused(office):
    merged = "".join(f'<mergeCell ref="A{at}:G100000"/>' for at in range(1, 30))
    wide = f'</sheetData><mergeCells count="29">{merged}</mergeCells>'
    rows = [*PEOPLE, *(granny("王桂兰", "01") for _ in range(30))]
    refused(
        office, rewritten(workbook(office, ("名单", rows)), lambda xml: xml.replace("</sheetData>", wide)), "名册.xlsx"
    )


def test_too_large_a_file_is_not_even_opened(office, monkeypatch):
    path = office.save("名册.csv", [["王桂兰", "0311-86000201", "3号楼", "301", "", ""]])
    with monkeypatch.context() as patched:
        patched.setattr(bounds, "MOST_MEGABYTES", 0)
        assert "0 MB" in office.zaoan("import", path, code=1)
    assert "新增 1" in office.zaoan("import", path)


@pytest.mark.parametrize(
    ("bound", "most", "rows"),
    [
        ("MOST_ROWS", 5, [["王桂兰", f"0311-8600020{at}", "3号楼", f"30{at}", "", ""] for at in range(6)]),
        ("MOST_CELLS", 20, [["王桂兰", f"0311-8600020{at}", "3号楼", f"30{at}", "", "否"] for at in range(4)]),
        ("MOST_COLUMNS", 1000, [["王桂兰", "0311-86000201", "3号楼", "301", *["x"] * 1000]]),
        ("LONGEST_CELL", 32767, [["王桂兰", "0311-86000201", "3号楼", "301", "", "好" * 32768]]),
        ("LONGEST_CELL", 32767, [["王桂兰", "0311-86000201", "3号楼", "301", "", "好" * 200_000]]),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_bound_is_named_with_a_way_out(office, monkeypatch, bound, most, rows, kind):
    with monkeypatch.context() as patched:
        patched.setattr(bounds, bound, most)
        if kind == "csv":
            path = office.save("名册.csv", rows)
        else:
            path = workbook(office, ("名单", [CSV_HEADERS, *([text[:32767] for text in row] for row in rows)]))
        if kind == "xlsx" and bound == "LONGEST_CELL":
            patched.setattr(bounds, bound, most - 1)
            most -= 1
        answers = {}
        for language in ("zh-CN", "en"):
            patched.setenv("ZAOAN_LANGUAGE", language)
            answers[language] = office.zaoan("import", path, code=1)
        outside = kind == "xlsx" and bound == "MOST_CELLS"  # the same bound, of the rectangle that holds them all
        assert outside or all(f"{most}" in each.replace(",", "") for each in answers.values())
        assert "请" in answers["zh-CN"]
        assert "Divide it" in answers["en"] or "Delete" in answers["en"] or "Shorten" in answers["en"]


def steps(work):
    """How many functions a piece of work calls: what does not depend on the machine."""
    called = 0

    def count(_, event, __):
        nonlocal called
        called += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return called


def test_rows_that_say_the_same_cost_no_more_than_as_many_people(office):
    row = ["王桂兰", "0311-86000201", "3号楼", "301", "", ""]
    paths = [office.save(f"{count}.csv", [row] * count) for count in (500, 2000)]
    assert "有错误 499 条" in office.zaoan("import", "--dry-run", paths[0], code=1)
    few, many = (steps(lambda path=path: office.zaoan("import", "--dry-run", path, code=1)) for path in paths)
    assert many < 5 * few  # four times as many; were each looked up among all, it would be sixteen


def test_an_unclosed_quotation_mark_in_every_line_is_read_once(office):
    rows = io.StringIO()
    csv.writer(rows).writerow(CSV_HEADERS)
    for at in range(3000):
        rows.write(f'"王{at},0311-86{at:06d},3号楼,{at + 101},,\n')
    path = office.folder / "引号.csv"
    path.write_text(rows.getvalue(), encoding="utf-8-sig")
    assert "引号" in office.zaoan("import", "--dry-run", path, code=1)
