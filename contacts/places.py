"""Names of places: one spelling for each building, unit and room, and the address as it is spoken."""

import re
import unicodedata

from core.i18n import Language

_BUILDING = re.compile(
    r"(?:building|bldg\.?|block|no\.?|第|#)?\s*(?P<core>[\da-z]{1,4})\s*(?:号楼|栋|幢|座|楼|号|#)?", re.IGNORECASE
)
_HOUSE_NUMBER = re.compile(r"(?:^|[^\da-z])(?P<core>[\da-z]{1,4})\s*(?:号楼|栋|幢|座|楼|号|#)?$", re.IGNORECASE)
_UNIT = re.compile(r"(?:unit|entrance|第)?\s*(?P<core>[\da-z]{1,4})\s*(?:单元|门)?", re.IGNORECASE)
_ROOM = re.compile(r"(?:room|flat|apartment|apt\.?|no\.?|#)?\s*(?P<core>[\da-z-]{1,8}?)\s*(?:室|号|房)?", re.IGNORECASE)
_ONES = "一二三四五六七八九"
_NUMERAL = re.compile(f"(?<![{_ONES}十])(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}])(?=号楼|栋|幢|座|楼|单元|门)")
_DIGITS = {character: value for value, character in enumerate(_ONES, 1)}


def building_name(text: str) -> str:
    """``3号楼``, ``三号楼``, ``3栋``, ``Building 3`` and ``3`` are all ``3``; other names stay as they are."""
    return _core(_BUILDING, text)


def house_number(building: str) -> str:
    """What is left of a building's name without its estate's: ``3`` of ``幸福家园3栋``; empty where that is all."""
    found = re.search(_HOUSE_NUMBER, _counted(building_name(building)))
    return found["core"].upper() if found else ""


def unit_name(text: str) -> str:
    """``2单元``, ``二单元``, ``Unit 2`` and ``2`` are all ``2``."""
    return _core(_UNIT, text)


def room_name(text: str) -> str:
    """``301室``, ``Room 301`` and ``301`` are all ``301``."""
    return _core(_ROOM, text)


def spoken_building(language: str, building: str) -> str:
    """A building as it is spoken: ``3号楼``, ``A座``, ``building 3``."""
    return _spoken(language, building, "{}座" if building.isalpha() else "{}号楼", "building {}")


def spoken_unit(language: str, unit: str) -> str:
    """A unit as it is spoken: ``2单元``, ``unit 2``."""
    return _spoken(language, unit, "{}单元", "unit {}")


def spoken_place(language: str, building: str, unit: str, room: str) -> str:
    """An address as it is spoken: ``3号楼2单元301``, ``building 3, unit 2, room 301``."""
    parts = [spoken_building(language, building), spoken_unit(language, unit), _spoken(language, room, "{}", "room {}")]
    return ("" if language == Language.CHINESE else ", ").join(part for part in parts if part)


def spelled_place(language: str, building: str, unit: str, room: str) -> str:
    """An address in this language, however its parts are spelled: ``3号楼`` is ``building 3``."""
    return spoken_place(language, building_name(building), unit_name(unit), room_name(room))


def _core(pattern: re.Pattern[str], text: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    found = pattern.fullmatch(_counted(tidy))
    return found["core"].upper() if found else tidy


def _counted(text: str) -> str:
    """Chinese numerals before the words for buildings and units as digits."""
    return _NUMERAL.sub(lambda numeral: str(_number(numeral[0])), text)


def _number(numeral: str) -> int:
    """The value of a Chinese numeral below one hundred."""
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _spoken(language: str, name: str, chinese: str, english: str) -> str:
    """Names that are more than a number or a letter speak for themselves."""
    if not re.fullmatch("[0-9A-Z-]{1,8}", name):
        return name
    return (chinese if language == Language.CHINESE else english).format(name)
