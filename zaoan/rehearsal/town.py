"""A town for a rehearsal: residents and responders drawn from a seed, as the spreadsheets a community would import."""

import csv
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zaoan.rehearsal.behaviours import OFFICE, RESIDENTS, RESPONDERS, Behaviour

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = ("秀兰", "桂英", "玉珍", "淑华", "凤英", "建国", "德福", "国强", "振华", "长海", "玉梅", "文彬", "素芳", "志远")
FLAGS = ("独居", "空巢", "80岁以上", "90岁以上", "慢性病", "听力不好")
HOMES_IN_A_BUILDING = 40
TELEPHONES = "+86311860"
MOST_RESIDENTS = 5000
Subscriber = dict[str, object]
"""A telephone and its script, as the exchange reads them."""


@dataclass(frozen=True)
class Home:
    """The people at one telephone and what they do; ``numbers`` in E.164, the second telephone last.

    ``label``, ``group`` and ``note`` are what the exchange's switchboard shows of them.
    """

    names: Sequence[str]
    numbers: Sequence[str]
    does: str
    behaviour: Behaviour
    label: str = ""
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Helper:
    """A responder and what they do when they are rung."""

    name: str
    role: str
    area: str
    number: str
    does: str
    behaviour: Behaviour


Person = tuple[str, str]
"""A resident's name and first telephone."""


@dataclass(frozen=True)
class Expected:
    """What a resident does and what has to come of it."""

    phones: Sequence[str]
    behaviour: str
    outcome: str


@dataclass(frozen=True)
class Town:
    """Everybody with a telephone."""

    homes: Sequence[Home]
    helpers: Sequence[Helper]
    others: Sequence[Subscriber] = ()

    def write(self, directory: Path) -> tuple[Path, Path]:
        """The spreadsheets of residents and responders."""
        residents, responders = directory / "residents.csv", directory / "responders.csv"
        _write(residents, self.resident_rows())
        _write(responders, (_responder_row(helper) for helper in self.helpers))
        return residents, responders

    def resident_rows(self) -> Iterable[Mapping[str, str]]:
        """The rows of the residents' spreadsheet, by its headers."""
        return (row for index, home in enumerate(self.homes) for row in _resident_rows(index, home))

    def expected(self) -> Mapping[Person, Expected]:
        """What has to come of every resident's morning."""
        return {
            (name, home.numbers[0]): Expected(home.numbers, home.does, outcome)
            for home in self.homes
            for name, outcome in zip(home.names, home.behaviour.expected, strict=True)
        }

    def subscribers(self) -> list[Subscriber]:
        """Everybody's script for the exchange."""
        helpers = [
            subscriber(each.number, each.behaviour, label=each.name, does=each.does, group=each.role, note=each.area)
            for each in self.helpers
        ]
        return [*(script for home in self.homes for script in home_scripts(home)), *helpers, *self.others]


def draw_town(residents: int, seed: int) -> Town:
    """A town of exactly so many residents; the same seed draws the same town."""
    chance = random.Random(seed)
    homes = list(_draw_homes(residents, chance))
    buildings = range(1, -(-len(homes) // HOMES_IN_A_BUILDING) + 1)
    return Town(homes, list(_draw_helpers(buildings, chance)))


def home_scripts(home: Home) -> list[Subscriber]:
    """The scripts of a home's telephones."""
    label = home.label or "、".join(home.names)
    shown = {"label": label, "does": home.does, "group": home.group, "note": home.note}
    first, *second = home.numbers
    return [
        subscriber(first, home.behaviour, **shown),
        *(subscriber(number, Behaviour(home.behaviour.second_phone), **shown) for number in second),
    ]


def subscriber(
    number: str, behaviour: Behaviour, *, label: str, does: str = "", group: str = "", note: str = ""
) -> Subscriber:
    """One telephone and its script, in the words of the exchange."""
    return {
        "number": number,
        "label": label,
        "behaviour": does,
        "group": group,
        "note": note,
        "refuse": behaviour.refuse,
        "calls": [{key: value for key, value in call.items() if value is not None} for call in behaviour.calls],
    }


def _draw_homes(residents: int, chance: random.Random) -> Iterable[Home]:
    telephones = _telephones()
    left = residents
    while left:
        possible = {name: each for name, each in RESIDENTS.items() if each.people <= left}
        does = chance.choices(list(possible), [each.share for each in possible.values()])[0]
        behaviour = possible[does]
        names = _draw_names(behaviour.people, chance)
        numbers = [next(telephones) for _ in range(2 if behaviour.second_phone else 1)]
        left -= behaviour.people
        yield Home(names, numbers, does, behaviour)


def _draw_helpers(buildings: Sequence[int], chance: random.Random) -> Iterable[Helper]:
    mobiles = (f"+861390000{index:04d}" for index in range(1, 10_000))
    for building in buildings:
        for role, name in (("楼栋长", "楼长"), ("志愿者", "志愿者"), ("志愿者", "志愿者")):
            yield _draw_helper(f"{name}{building}", role, f"{building}号楼", next(mobiles), chance)
    for index in range(1, 3):
        yield _draw_helper(f"网格员{index}", "网格员", "", next(mobiles), chance)
    for index in range(1, 4):
        yield Helper(f"办公室{index}", "社区办公室", "", next(mobiles), "office", OFFICE)


def _draw_helper(name: str, role: str, area: str, number: str, chance: random.Random) -> Helper:
    does = chance.choices(list(RESPONDERS), [each.share for each in RESPONDERS.values()])[0]
    return Helper(f"{name}{chance.choice(SURNAMES)}", role, area, number, does, RESPONDERS[does])


def _draw_names(people: int, chance: random.Random) -> Sequence[str]:
    """Different names for the people of one home."""
    return [surname + given for surname, given in
            zip(chance.sample(SURNAMES, people), chance.sample(GIVEN, people), strict=True)]  # fmt: skip


def _telephones() -> Iterator[str]:
    return (f"{TELEPHONES}{index:05d}" for index in range(10_000, 99_000))


def _resident_rows(index: int, home: Home) -> Iterable[Mapping[str, str]]:
    building, within = divmod(index, HOMES_IN_A_BUILDING)
    for person, name in enumerate(home.names):
        title = "爷爷" if person else "奶奶"
        yield {
            "姓名": name,
            "称呼": f"{name[0]}{title}",
            "电话": home.numbers[0],
            "备用电话": home.numbers[1] if len(home.numbers) > 1 else "",
            "楼栋": f"{building + 1}号楼",
            "单元": f"{within // 10 + 1}单元",
            "房号": f"{within % 10 // 2 + 1}0{within % 2 + 1}",
            "出生年": str(1932 + index % 18),
            "标记": FLAGS[index % len(FLAGS)],
            "同意": "2026-11-01 书面同意",
        }


def _responder_row(helper: Helper) -> Mapping[str, str]:
    return {"姓名": helper.name, "角色": helper.role, "负责区域": helper.area, "电话": helper.number}


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    written = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(written[0]))
        writer.writeheader()
        writer.writerows(written)
