"""Responsibilities: the areas that a cell names — buildings, units and grids, of which there may be several."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from contacts.columns.fields import Field
from contacts.places import unit_name
from core.errors import UserError

WHOLE = frozenset({"全部", "全社区", "整个社区", "all", "everywhere"})
"""Words for the whole community."""
_HOUSE = "(?:号楼|栋|幢|座|楼)"
_BETWEEN = re.compile(
    r"[;；、,，/\n]+|(?<=[楼栋幢座元门格])[和及与](?=\S)|\s+(?:and|&)\s+"
    rf"|(?<=[楼栋幢座元门格\d])\s+(?=\S+?{_HOUSE})",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"第?(\d{{1,3}})\s*{_HOUSE}?\s*[至到~]\s*(\d{{1,3}})\s*({_HOUSE})")
_WITH_UNIT = re.compile(
    rf"(?P<building>.+?{_HOUSE})\s*(?P<unit>.+(?:单元|门))|(?P<b>building .+?)\s+(?P<u>unit .+)", re.IGNORECASE
)
_UNIT = re.compile(r"第?[\da-z一二三四五六七八九十]{1,4}(?:单元|门)|unit \S+", re.IGNORECASE)
_UNFINISHED = re.compile(rf"(?P<building>.+?{_HOUSE})\s*(?P<unit>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})")
_MOST_IN_RANGE = 100


class AreaName(NamedTuple):
    """A building, one of its units, or (where ``grid`` is not empty) a grid, as they are written."""

    building: str = ""
    unit: str = ""
    grid: str = ""


def areas_named(text: str) -> tuple[AreaName, ...]:
    """The areas in a cell, each once: ``3号楼、5号楼``, ``3号楼1、2单元``, ``1至4号楼``; none: the whole community.

    Raises ``UserError`` for a unit without its building, and where some name the whole community.
    """
    parts = [" ".join(part.split()) for part in _BETWEEN.split(unicodedata.normalize("NFKC", text))]
    parts = [each for part in parts if part for each in _each_of(part)]
    if any(part.casefold() in WHOLE for part in parts):
        if len(parts) > 1:
            raise _refused(text, "Leave it empty for the whole community, or name buildings, units or grids alone.")
        return ()
    found: list[AreaName] = []
    for part in _with_units(parts):
        _add(found, part, text)
    return tuple(dict.fromkeys(found))


def _add(found: list[AreaName], part: str, text: str) -> None:
    """A unit alone is of the building before it, which is then not meant as a whole."""
    if "网格" in part or "grid" in part.casefold():
        found.append(AreaName(grid=part))
    elif _UNIT.fullmatch(part):
        if not found or not found[-1].building:
            raise _refused(text, "Write the building before the unit, for example 3号楼2单元.")
        building = found[-1].building
        if not found[-1].unit:
            found.pop()
        found.append(AreaName(building, part))
    elif both := _WITH_UNIT.fullmatch(part):
        found.append(AreaName(both["building"] or both["b"], both["unit"] or both["u"]))
    else:
        found.append(AreaName(part))


def _each_of(part: str) -> Sequence[str]:
    """The buildings of a range, ``1至4号楼``."""
    within = _RANGE.fullmatch(part)
    if not within:
        return [part]
    first, last = int(within[1]), int(within[2])
    return (
        [f"{number}{within[3]}" for number in range(first, last + 1)] if 0 <= last - first < _MOST_IN_RANGE else [part]
    )


def _with_units(parts: Sequence[str]) -> list[str]:
    """``3号楼1`` before ``2单元`` is its unit 1."""
    whole = []
    for part, after in zip_longest(parts, parts[1:], fillvalue=""):
        short = _UNFINISHED.fullmatch(part)
        whole.append(f"{short['building']}{unit_name(short['unit'])}单元" if short and _UNIT.fullmatch(after) else part)
    return whole


def _refused(text: str, way_out: str) -> UserError:
    return UserError(
        "“{value}” does not say clearly which areas are meant.", way_out=way_out, field=Field.AREA, value=text
    )
