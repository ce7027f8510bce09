"""The parts a page of Today is made of, so that only those are made and sent of which something has changed.

Each part is one element with a key and the version of its HTML (``data-part``, ``data-version``). A *region* is an
element inside one whose children are parts themselves; its HTML holds a mark in their place. What was made is kept for
all pages of the process, by language, as long as what it shows is equal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns.looking import remark_words
from console.view.cases import CaseLine
from console.view.house_blocks import Block
from console.view.mornings import fronts_of
from console.view.roster import Helper
from console.view.today import Today
from core import clock

TOP = ("danger", "headline", "street", "cases", "happenings", "remarks", "numbers", "everyone")
BLOCK, HOUSE, CASE, OPENED = "b-", "h-", "c-", "o-"
"""How the keys begin of: one house of many, its inside, one case, and its inside where cases are folded."""
CLOSED_SHOWN = 30
"""So many closed cases are told of in a large community, the latest first."""
MOST_WRITTEN = 100_000
HELPERS_SHOWN = 60
"""Where there are more helpers than this, only those who look after the house or the whole community can be chosen."""


@dataclass(frozen=True)
class Part:
    """One part: equal ``value`` means equal HTML. ``regions`` are the keys of the parts inside, by region."""

    key: str
    template: str
    value: object
    shown: Mapping[str, Any] = field(compare=False)
    regions: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Parts:
    """The parts of one look at Today, made when they are asked for."""

    def __init__(self, shown: Today) -> None:
        self._shown = shown
        self._blocks = {f"{BLOCK}{each.key}": each for each in shown.blocks}
        self._cases = {case_key(CASE, each.case_id): each for each in shown.cases}

    def keys(self) -> Iterator[str]:
        """Every part that always stands on the page, those inside a region after the one around them."""
        for key in TOP:
            yield key
            for inside in self.part(key).regions.values():
                yield from inside

    def find(self, key: str) -> Part | None:
        """The part with this key; None where there is none (any more)."""
        if key in TOP or key in self._blocks or key in self._cases:
            return self.part(key)
        if key.startswith(HOUSE) and (block := self._blocks.get(BLOCK + key.removeprefix(HOUSE))):
            return _house(block)
        if key.startswith(OPENED) and (case := self._cases.get(CASE + key.removeprefix(OPENED))):
            return self._opened(case)
        return None

    def part(self, key: str) -> Part:
        """The part with this key; raises ``KeyError``."""
        if key in self._blocks:
            return _block(self._blocks[key])
        if key in self._cases:
            return self._case(self._cases[key])
        return {
            "danger": self._danger, "headline": self._headline, "street": self._street, "cases": self._all_cases,
            "happenings": self._happenings, "remarks": self._remarks, "numbers": self._numbers,
            "everyone": self._everyone,
        }[key]()  # fmt: skip

    def _danger(self) -> Part:
        today = self._shown
        value = (today.dangers, today.troubles, today.zone)
        shown = {"dangers": today.dangers, "troubles": today.troubles, "zone": ZoneInfo(today.zone)}
        return Part("danger", "today/part_danger.html", value, shown)

    def _headline(self) -> Part:
        today, anchor = self._shown, clock.anchor()
        value = (today.headline, today.day, today.campaign, today.started, today.reached, today.tally, today.legend,
                 anchor)  # fmt: skip
        return Part("headline", "today/part_headline.html", value, {"today": today, "anchor": anchor})

    def _street(self) -> Part:
        today = self._shown
        if today.is_large:
            return Part(
                "street", "today/part_blocks.html", today.legend, {"today": today}, {"blocks": list(self._blocks)}
            )
        return Part("street", "today/part_fronts.html", (today.fronts, today.legend), {"today": today})

    def _all_cases(self) -> Part:
        today = self._shown
        closed = today.closed
        if today.is_large:
            closed = sorted(closed, key=lambda case: case.closed, reverse=True)[:CLOSED_SHOWN]
        shown = {"count": len(today.cases), "closed": closed, "closed_count": len(today.closed)}
        value = (len(today.cases), len(today.closed), closed)
        return Part("cases", "cases/part_cases.html", value, shown, {"case-list": list(self._cases)})

    def _case(self, case: CaseLine) -> Part:
        if self._shown.is_large:
            return Part(case_key(CASE, case.case_id), "cases/part_case_brief.html", case, {"case": case})
        return self._in_full(case_key(CASE, case.case_id), "cases/part_case.html", case)

    def _opened(self, case: CaseLine) -> Part:
        return self._in_full(case_key(OPENED, case.case_id), "cases/part_case_opened.html", case)

    def _in_full(self, key: str, template: str, case: CaseLine) -> Part:
        today = self._shown
        written, untold = today.written.get(case.case_id, ()), case.case_id in today.untold
        helpers, not_called = nearby(today.helpers, case), today.not_called.get(case.case_id, ())
        shown = {"case": case, "written": written, "untold": untold, "helpers": helpers, "not_called": not_called,
                 "unreached": today.unreached.get(case.case_id, ()),
                 "cluster": today.clusters.get(case.case_id)}  # fmt: skip
        return Part(key, template, tuple(shown.values()), shown)

    def _happenings(self) -> Part:
        return Part("happenings", "today/part_happenings.html", self._shown.happenings, {"today": self._shown})

    def _remarks(self) -> Part:
        today = self._shown
        shown = {"people": today.remarks, "zone": ZoneInfo(today.zone), "rules_of": remark_words.rules_of}
        return Part("remarks", "today/part_remarks.html", (today.remarks, today.zone), shown)

    def _numbers(self) -> Part:
        return Part("numbers", "today/part_numbers.html", self._shown.numbers, {"today": self._shown})

    def _everyone(self) -> Part:
        lines = [] if self._shown.is_large else self._shown.check_ins
        return Part("everyone", "today/part_everyone.html", lines, {"lines": lines})


def case_key(prefix: str, case_id: UUID) -> str:
    """The key of a case's part."""
    return f"{prefix}{case_id.hex[-12:]}"


def nearby(helpers: Sequence[Helper], case: CaseLine) -> Sequence[Helper]:
    """Whom the page offers to take a case: nobody from that home, and everybody else who is not too many."""
    helpers = [each for each in helpers if case.too_near.isdisjoint(each.numbers)]
    if len(helpers) <= HELPERS_SHOWN or not case.around:
        return helpers
    return [each for each in helpers if not each.area_ids or not each.area_ids.isdisjoint(case.around)]


def versions(written: str) -> dict[str, str]:
    """By key, the versions that a page says it has: ``headline:1f2e3d4c street:…``."""
    pairs = (each.partition(":") for each in written[:MOST_WRITTEN].split())
    return {key: version for key, _, version in pairs if version}


def version_of(html: str) -> str:
    """Short, and different for different HTML."""
    return blake2b(html.encode(), digest_size=4).hexdigest()


def _block(block: Block) -> Part:
    value = (block.name, block.signs, block.needing)
    return Part(f"{BLOCK}{block.key}", "today/part_block.html", value, {"block": block})


def _house(block: Block) -> Part:
    fronts = fronts_of(block.lines)
    return Part(f"{HOUSE}{block.key}", "today/part_house.html", block.lines, {"block": block, "fronts": fronts})
