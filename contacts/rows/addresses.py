"""Addresses: building, unit and room of an address that is written in one cell, where it says surely which they are."""

import re
import unicodedata

from contacts import places
from contacts.columns.fields import Field
from contacts.profiles import Address
from core.errors import UserError
from core.i18n import Language

_PART = "[0-9a-z一二三四五六七八九十]{1,4}"
_BUILDING = (
    rf"(?P<building>(?<![0-9a-z])第?{_PART}(?:号楼|#楼?|栋楼?|幢楼?|座|楼(?=-?(?:{_PART}|[东西南北中])单元)"
    rf"|号(?=-?(?:{_PART}单元|[0-9]{{3,4}}室))))"
)
_UNIT = rf"(?P<unit>第?(?:{_PART}|[东西南北中])(?:单元|门洞?)|[0-9]{{1,2}}(?=-[0-9a-z]{{1,6}}(?:室|号|房|户)?$))"
_FLOOR = rf"(?P<floor>{_PART}[楼层])"
_SIDE = "[东西南北中左右][东西南北边侧]?(?=[户门室])"
_ROOM = rf"(?P<room>[0-9]{{1,2}}-[0-9a-z]{{1,4}}|[0-9a-z]{{1,8}}|{_SIDE})(?P<kind>[室号房户门]?)"
_WRITTEN = re.compile(rf"(?P<before>.*?)-?{_BUILDING}-?{_UNIT}?-?{_FLOOR}?-?{_ROOM}")
_DASHED = re.compile(r"(?P<before>(?:.*[^0-9a-z-])?)(?P<building>[0-9]{1,3}|[a-z])-(?P<unit>[0-9]{1,2})-"
                     r"(?P<room>[0-9]{3,4}[a-z]?)室?")  # fmt: skip
"""Two numbers are not enough: nobody knows whether 3-501 names a building or a unit."""
_ENGLISH = re.compile(
    r"(?:building|bldg\.?|block)\s*(?P<building>\w{1,4})[,\s]+(?:(?:unit|entrance)\s*(?P<unit>\w{1,4})[,\s]+)?"
    r"(?:room|flat|apartment|apt\.?|no\.?|#)\s*(?P<room>[\w-]{1,8})",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,8}?[市州])?(?:[\u4e00-\u9fff]{1,8}?(?<![小社])[区县旗])?"
    r"(?:[\u4e00-\u9fff]{1,8}?(?:街道|镇|乡))?"
)
"""Province, city, district and street office, which are the same for everybody."""
_OF_COMMUNITY = "社区|小区|居委会|居民委员会|家属院|大院|新村|村|苑"


def address(text: str, community: str) -> Address:
    """``槐东社区3号楼2单元501室``, ``3栋2单元501`` and ``3-2-501`` in the spelling of the database.

    What stands before the building is left out where it says no more than the ``community``; another estate's name
    stays with its building, which is another one. Raises ``UserError`` where building or room are not surely named.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if english := _ENGLISH.fullmatch(written):
        return Address(
            places.building_name(english["building"]),
            places.unit_name(english["unit"] or ""),
            places.room_name(english["room"]),
        )
    plain = _plain(written)
    found = _WRITTEN.fullmatch(plain) or _DASHED.fullmatch(plain)
    if found is None:
        raise UserError(
            "“{value}” does not say clearly which building and which room are meant.",
            way_out="Write it like 3号楼2单元501室, or building, unit and room into columns of their own.",
            field=Field.ADDRESS,
            value=text,
        )
    building, estate = (
        places.building_name(found["building"].replace("#楼", "号楼")),
        _estate(found["before"], community),
    )
    if estate and found["building"].endswith("号"):
        building = estate + found["building"]
    elif estate:
        building = estate + places.spoken_building(Language.CHINESE, building)
    return Address(building, places.unit_name(found["unit"] or ""), _room(found))


def _plain(written: str) -> str:
    """Without blanks, of which those between two numbers keep them apart."""
    dashed = re.sub(r"(?<=\D)[,、]", "", re.sub(r"[‐‑‒–—―−/.]", "-", written.casefold()))
    return re.sub(r"\s+", "", re.sub(r"(?<=[0-9a-z])\s+(?=[0-9a-z])", "-", dashed))


def _estate(before: str, community: str) -> str:
    """What stands before the building, as far as it says more than the community does."""
    core = re.sub(rf"(?:{_OF_COMMUNITY})$", "", _plain(community)) or _plain(community)
    if re.fullmatch(rf"(?:.*[省市区县镇乡街道路号巷弄])?{re.escape(core)}(?:{_OF_COMMUNITY})?-?", before):
        return ""
    around = _AROUND.match(before)
    return before[around.end() if around else 0 :].strip("-")


def _room(found: re.Match[str]) -> str:
    """The room; on a floor whose number it does not begin with, both."""
    room = places.room_name(found["room"])
    floor = found.groupdict().get("floor") or ""
    kind = found.groupdict().get("kind") or ""
    if not room[:1].isdigit():
        return floor + room + kind
    number = places.unit_name(floor.rstrip("楼层")) if floor else ""
    return room if not floor or (len(room) > 2 and room.startswith(number)) else floor + room + kind
