"""The picture of the architecture shows what is there: every floor, and in it every room."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
PICTURE = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()
TABLE = re.findall(r"^\| `(\w+)` \|.*$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
SVG = "{http://www.w3.org/2000/svg}"
NARROWEST, LEAST = 390, 10
"""Pixels: of the screen of a telephone, and of letters that are read on it without a glass."""


def drawn(floor):
    """What is written in a floor of the picture, by the class of the text; nothing where the floor is not drawn."""
    return [(each.get("class"), each.text) for each in PICTURE.iterfind(f"{SVG}g[@id='{floor}']/{SVG}text")]


def rooms(floor):
    """The packages of a floor."""
    return {each.parent.name for each in (ROOT / floor).glob("*/__init__.py")}


def test_the_table_names_every_floor():
    assert sorted(TABLE) == sorted(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_stands_in_the_picture_with_its_rooms_and_no_others(floor):
    written = drawn(floor)
    assert ("name", floor) in written
    assert sorted(text for kind, text in written if kind == "room") == sorted(rooms(floor))


def test_the_rooms_that_the_document_names_stand_in_the_picture():
    document = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = {(floor, room) for floor, room in re.findall(r"`(\w+)/(\w+)/", document) if floor in FLOORS}
    assert len(named) > 15
    assert [each for each in sorted(named) if ("room", each[1]) not in drawn(each[0])] == []


def test_it_is_read_on_the_screen_of_a_telephone():
    width = float(PICTURE.get("width"))
    sizes = [float(each) for each in re.findall(r"font-size:([\d.]+)px", PICTURE.find(f"{SVG}style").text)]
    assert min(sizes) * min(1, NARROWEST / width) >= LEAST
