"""Non-person rows: those of a list that are surely no people, such as headers printed again, totals and signatures."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contacts.columns.columns import Column, Field, Layout
from contacts.files.sheets import ERROR, Row, Spot


class NonPerson(StrEnum):
    """What a row is that is nobody."""

    HEADER = "repeated header"
    TOTAL = "total"
    SIGNATURE = "signature"
    NOTE = "note below the list"


@dataclass(frozen=True)
class NonPersonRow:
    """A row that is nobody, and why."""

    row: Spot
    kind: NonPerson


_NUMBERS = frozenset({Field.PHONE, Field.SECOND_PHONE, Field.RELATIVE_PHONE})
_PLACES = (Column(Field.BUILDING), Column(Field.ROOM))
_LEAST_DIGITS = 5
"""No shorter number can be rung; what is shorter in a column of telephones is a count of them."""
_LONG_NUMBER = re.compile(r"\d{7}")
_COUNT = r"\d+(?:[人户名位条]|people|persons)?"
_TOTAL = re.compile(
    r"(?:.*[楼栋幢座单元社区格页月计数\d])?(?:合计|总计|小计|共计|累计|总数|总人数|总户数|(?:sub|grand)?total)(?:人数|户数)?:?"
    rf"(?:{_COUNT})?|共:?{_COUNT}"
)
_SIGNATURE = re.compile(
    r"(?:(?:社区|单位|部门)?(?:填表|制表|填报|填写|审核|审批|审定|复核|核对|经办|统计|登记|报送|汇总|编制|负责|主管)"
    r"(?:人|员|者|单位|部门|日期|时间)?(?:\(?(?:签字|签名|签章|盖章)\)?)?|日期|公章|盖章|签字|签名|单位\(?盖章\)?):.*"
    r"|(?:填表|制表|填报|审核|审批|复核|经办)人(?:签字|签名)?"
)
_NOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|note|(?:社区|居委会|物业|值班|咨询|监督)(?:联系)?电话|联系人|联系电话)\d*:.*"
    r"|\(?(?:本页)?以下(?:空白|无正文|无内容)\)?|\(?第\d+页[,/]?(?:共\d+页)?\)?|page\d+(?:of\d+)?"
)


def non_person_rows(layout: Layout, above: Sequence[Row], rows: Sequence[Row]) -> Iterator[NonPersonRow]:
    """The rows that are nobody; ``above`` are the headers and what stands above them.

    A row is left to be read as somebody's where it has a number that can be rung, or where a formula has failed in a
    cell that may hold one, and where a name stands beside a home.
    """
    heads = [_written(each) for each in above]
    for row in rows:
        if kind := _kind(layout, heads, row):
            yield NonPersonRow(row.spot, kind)


def _kind(layout: Layout, heads: Sequence[Mapping[int, str]], row: Row) -> NonPerson | None:
    if _may_be_somebody(layout, row):  # nearly every row is, and no more is asked of it
        return None
    written = _written(row)
    if not written:
        return None
    if _is_head(layout, heads, written):
        return NonPerson.HEADER
    name = _plain(layout.text(row, Column(Field.NAME)) or "")
    first = next(iter(written.values()))
    if _is_total(name, written):
        return NonPerson.TOTAL
    if _SIGNATURE.fullmatch(first) and not _has_home(layout, written):
        return NonPerson.SIGNATURE
    if _NOTE.fullmatch(first) and len(written) == 1:
        return NonPerson.NOTE
    return None


def _may_be_somebody(layout: Layout, row: Row) -> bool:
    """Whether a cell for a number holds one that can be rung, or a formula that has failed; so for the name."""
    first = next((place for place, text in enumerate(row.cells) if text), 0)
    for column, place in layout.places.items():
        if place in row.uncalculated and (column.field in _NUMBERS or column.field is Field.NAME):
            return True
        if column.field not in _NUMBERS or place >= len(row.cells):
            continue
        text = row.cells[place]
        merged_note = place in row.spread and text == row.cells[first]
        if ERROR.fullmatch(text) or (not merged_note and sum(map(str.isdigit, text)) >= _LEAST_DIGITS):
            return True
    return False


def _is_head(layout: Layout, heads: Sequence[Mapping[int, str]], written: Mapping[int, str]) -> bool:
    """Whether a row says what one of the rows above the people does; of the headers themselves it may lack some."""
    if any(written == head for head in heads):
        return True
    name = layout.places[Column(Field.NAME)]
    headers = heads[-1] if heads else {}
    return len(written) > 1 and name in written and all(headers.get(at) == text for at, text in written.items())


def _is_total(name: str, written: Mapping[int, str]) -> bool:
    """Whether a row has the word for a total, no name beside it, and no long number anywhere."""
    if name and not _TOTAL.fullmatch(name) and not re.fullmatch(_COUNT, name):
        return False
    texts = written.values()
    return any(_TOTAL.fullmatch(text) for text in texts) and not any(_LONG_NUMBER.search(text) for text in texts)


def _has_home(layout: Layout, written: Mapping[int, str]) -> bool:
    texts = (written.get(layout.places.get(column, -1), "") for column in _PLACES)
    return all(text and ":" not in text for text in texts)


def _written(row: Row) -> dict[int, str]:
    """The cells in which something is written, each merged one once, without blanks."""
    return {at: _plain(text) for at, text in enumerate(row.cells) if text and at not in row.spread}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
