"""Pictures of numbers: what is drawn on the server, and what Apache ECharts draws in its place where scripts run.

The numbers stand in a table beside each picture, so that nothing is told by it alone; what a bar or a line stands for
is told by a pattern besides its colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil, log10
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.reports.monthly.month_words import kind_word
from campaigns.reports.monthly.monthly_report import MonthlyReport
from campaigns.reports.round_report import Moment
from console.view.signs import FROM_WELL, sign_of
from console.view.times import local
from core.i18n import Language, translate

WIDTH, HEIGHT, LEFT, BOTTOM, ROW = 720.0, 240.0, 44.0, 26.0, 30.0
"""Of a picture, in units of its own; ``ROW`` is the height of two bars that lie beside each other."""
NAMES = 190.0
"""What is left for the names of bars that lie."""
LABELS = 10
"""No more labels than these stand below a picture."""


_ROUND = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
"""Tenths of a power of ten at which an axis ends."""


class Shape(StrEnum):
    """How numbers are drawn: one bar on the other, bars that lie, or lines."""

    STACK = "stack"
    ROWS = "rows"
    LINES = "lines"


@dataclass(frozen=True)
class Series:
    """One number for each label; ``mark`` is the class that has its colour and its pattern."""

    name: str
    mark: str
    values: Sequence[int]


@dataclass(frozen=True)
class Box:
    """A bar, or a part of one."""

    mark: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """A picture: its ``title`` says what is in it, ``top`` is the number at the end of its axis."""

    shape: Shape
    title: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def top(self) -> int:
        """A round number that no bar exceeds."""
        highest = max(map(sum, zip(*(each.values for each in self.series), strict=True)), default=0)
        if self.shape is not Shape.STACK:
            highest = max((value for each in self.series for value in each.values), default=0)
        step = int(10 ** int(log10(highest or 1)))
        return next(each for each in (step * of // 10 for of in _ROUND) if each >= highest)

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return ROW * len(self.labels) + BOTTOM if self.shape is Shape.ROWS else HEIGHT

    @property
    def document(self) -> Mapping[str, Any]:
        """What the script draws it from."""
        series = [{"name": each.name, "mark": each.mark, "values": list(each.values)} for each in self.series]
        return {"shape": self.shape, "labels": list(self.labels), "series": series, "top": self.top}

    @property
    def boxes(self) -> Sequence[Box]:
        """All bars."""
        return _lying(self) if self.shape is Shape.ROWS else _stacked(self) if self.shape is Shape.STACK else []

    @property
    def points(self) -> Mapping[str, str]:
        """By mark the corners of its line, as SVG writes them; none where there are bars."""
        if self.shape is not Shape.LINES:
            return {}
        return {each.mark: " ".join(f"{self.at(nth):.1f},{self.high(value):.1f}"
                                    for nth, value in enumerate(each.values)) for each in self.series}  # fmt: skip

    @property
    def shown(self) -> Sequence[tuple[float, str]]:
        """The labels that stand below it, each with where."""
        every = max(1, ceil(len(self.labels) / LABELS))
        return [(self.at(nth), label) for nth, label in enumerate(self.labels) if nth % every == 0]

    def at(self, nth: int) -> float:
        """The middle of the label with this number, from the left."""
        return LEFT + (nth + 0.5) * (WIDTH - LEFT) / max(1, len(self.labels))

    def high(self, value: int) -> float:
        """Where a number is, from above."""
        return (HEIGHT - BOTTOM) * (1 - value / self.top)


def _stacked(chart: Chart) -> Sequence[Box]:
    wide = (WIDTH - LEFT) / max(1, len(chart.labels)) * 0.72
    boxes = []
    for nth in range(len(chart.labels)):
        below = 0
        for each in chart.series:
            if value := each.values[nth]:
                top, bottom = chart.high(below + value), chart.high(below)
                boxes.append(Box(each.mark, chart.at(nth) - wide / 2, top, wide, bottom - top))
            below += value
    return boxes


def _lying(chart: Chart) -> Sequence[Box]:
    thick = (ROW - 8) / len(chart.series)
    longest = (WIDTH - NAMES - LEFT) / chart.top
    return [Box(each.mark, NAMES, ROW * nth + 4 + thick * of, longest * value, thick)
            for of, each in enumerate(chart.series) for nth, value in enumerate(each.values)]  # fmt: skip


def answers_by_day(report: MonthlyReport, language: Language) -> Chart:
    """The check-ins of each day of the month by their sign, from well at the bottom to the most worrying above."""
    days = report.month.days
    by_sign = {day: _by_sign(report.now.days.get(day, {})) for day in days}
    series = [Series(translate(language, f"sign:{sign}"), sign, [by_sign[day].get(sign, 0) for day in days])
              for sign in FROM_WELL]  # fmt: skip
    title = translate(language, "Answers by day")
    return Chart(Shape.STACK, title, [str(day.day) for day in days], [each for each in series if any(each.values)])


def _by_sign(counts: Mapping[str, int]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for outcome, count in counts.items():
        sign = sign_of(outcome or None, None)
        found[sign] = found.get(sign, 0) + count
    return found


def days_shown(chart: Chart, report: MonthlyReport) -> Sequence[tuple[date, Sequence[int]]]:
    """The lines of the table beside ``answers_by_day``: those days of the month that had a round."""
    lines = zip(report.month.days, zip(*(each.values for each in chart.series), strict=True), strict=False)
    return [(day, values) for day, values in lines if day in report.now.days]


def cases_by_kind(report: MonthlyReport, language: Language) -> Chart:
    """The cases of each kind beside those of the month before."""
    labels = [kind_word(each.kind, language) for each in report.kinds]
    series = [Series(translate(language, "this month"), "now", [each.now.opened for each in report.kinds])]
    if report.before:
        series.append(Series(translate(language, "the month before"), "before", [each.before for each in report.kinds]))
    return Chart(Shape.ROWS, translate(language, "Cases by kind"), labels, series)


def morning(moments: Sequence[Moment], zone: ZoneInfo, language: Language) -> Chart:
    """The calls and the answers of a round in each ten minutes in which anything happened."""
    rung = Series(translate(language, "calls"), "calls", [each.rung for each in moments])
    answered = Series(translate(language, "count:answered"), "answered", [each.answered for each in moments])
    labels = [local(each.at, zone) for each in moments]
    return Chart(Shape.LINES, translate(language, "Time line"), labels, [rung, answered])
