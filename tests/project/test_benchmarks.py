"""The benchmarks can be run: each figure of a small house is there, and says beside what it stands."""

import json

from benchmarks import __main__ as benchmarks
from benchmarks import command_line, morning, today
from benchmarks.calls import alert, dispatch, queueing, sip_line, statements
from benchmarks.figures import Figure, at_least, at_most, percentile
from benchmarks.scale import audiences, lists, rounds, scale
from benchmarks.speech import first_call


def test_rounds_and_ticks_have_their_figures(monkeypatch):
    monkeypatch.setattr(rounds, "SIZES", (10,))
    monkeypatch.setattr(rounds, "OLD_CALLS", (0, 30))
    monkeypatch.setattr(rounds, "TICKS", 1)
    monkeypatch.setattr(rounds, "NEW", 3)
    figures = rounds.figures()
    assert [figure.name for figure in figures] == [
        "round of 10 created", "tick beside 0 old calls", "tick beside 30 old calls",
        "first round of new residents, calls placed",
    ]  # fmt: skip
    assert all(figure.value and figure.beside for figure in figures)
    assert figures[1].ratio == 1


def test_the_first_call_of_a_round_has_its_figures(monkeypatch):
    monkeypatch.setattr(first_call, "NEW", 2)
    monkeypatch.setattr(first_call, "KNOWN", 1)
    new, known = first_call.figures()
    assert new.name == "first call to 2 new residents"
    assert "by pyttsx3" in new.beside
    assert min(known.value, new.value) > 0, "which is less a busy machine does not say"


def test_scale_has_its_figures_on_both_databases(monkeypatch):
    for name, value in {
        "OLD": 40,
        "PEOPLE": 20,
        "TICKS": 1,
        "CALLS": 2,
        "TRIES": 1,
        "RESIDENTS": 60,
        "LOOKS": 2,
    }.items():
        monkeypatch.setattr(scale, name, value)
    figures = scale.figures()
    assert len(figures) == 14
    assert {figure.name.rsplit(", ", 1)[-1] for figure in figures if "made" not in figure.name
            and "memory" not in figure.name} == {"SQLite", "PostgreSQL"}  # fmt: skip
    worked = {figure.name: figure.ratio for figure in figures if "work of the database" in figure.name}
    assert len(worked) == 4
    assert all(figure.value > 0 for figure in figures)


def test_audiences_have_their_figures(monkeypatch):
    monkeypatch.setattr(audiences, "SIZE", 40)
    figures = audiences.figures()
    assert [figure.name for figure in figures] == ["an audience counted, SQLite", "an audience counted, PostgreSQL"]
    assert all("32 of 40" in figure.beside for figure in figures)
    assert figures[0].holds


def test_queueing_has_its_figures(monkeypatch):
    monkeypatch.setattr(queueing, "RESIDENTS", 24)
    monkeypatch.setattr(queueing, "KEYS", 6)
    names = [figure.name for figure in queueing.figures()]
    assert names == [
        "a check-in queued", "a key while a round is queued, p50", "a key while a round is queued, most",
    ]  # fmt: skip


def test_a_line_has_its_figures(monkeypatch):
    monkeypatch.setattr(sip_line, "CALLS", 3)
    monkeypatch.setattr(sip_line, "WINDOW_SECONDS", 0.5)
    monkeypatch.setattr(sip_line, "TALKING", 2)
    monkeypatch.setattr(sip_line, "KEYS", 2)
    figures = sip_line.figures()
    assert [figure.unit for figure in figures] == ["% of a core", "MB", "ms", "ms", "ms"]
    assert all(figure.bound and figure.value > 0 for figure in figures)


def test_dispatch_has_its_figures(monkeypatch):
    monkeypatch.setattr(dispatch, "CALLS", 20)
    monkeypatch.setattr(dispatch, "WARM", 4)
    figures = dispatch.figures()
    assert [figure.name for figure in figures] == ["calls placed, SQLite", "calls placed, PostgreSQL"]
    assert all(figure.ratio and "bare" in figure.beside for figure in figures)


def test_statements_have_their_figures(monkeypatch):
    monkeypatch.setattr(statements, "MANY", 4)
    figures = statements.figures()
    assert [figure.name for figure in figures] == ["statements of a key 1", "statements of a key 3"]
    assert all(figure.holds for figure in figures)


def test_commands_have_their_figures(monkeypatch):
    monkeypatch.setattr(command_line, "COMMANDS", ("version", "community show"))
    monkeypatch.setattr(command_line, "TRIES", 1)
    figures = command_line.figures()
    assert [figure.name for figure in figures] == [
        "zaoan version", "zaoan version, memory", "zaoan community show", "zaoan community show, memory",
    ]  # fmt: skip
    assert [figure.unit for figure in figures] == ["s of processor time", "MB"] * 2
    assert all("python -c pass" in figure.beside and figure.ratio > 1 for figure in figures)
    assert [str(figure.bound) for figure in figures] == ["≤ 0.35", "≤ 50", "≤ 0.6", "None"]
    assert figures[1].holds


def test_a_morning_has_its_figures_and_those_of_the_service_are_without_the_exchange(monkeypatch):
    monkeypatch.setattr(morning, "RESIDENTS", 4)
    each, in_a_second, alert_p99 = morning.figures()
    assert [each.unit, in_a_second.unit, alert_p99.unit] == ["ms", "residents", "s"]
    assert round(each.value * in_a_second.value) == 1000
    assert "the exchange besides: 0.0 ms" not in each.beside
    assert (str(each.bound), str(alert_p99.bound)) == ("≤ 50", "≤ 0.4")


def test_today_has_its_figures(monkeypatch):
    monkeypatch.setattr(today, "RESIDENTS", 320)
    monkeypatch.setattr(today, "CHANGES", 2)
    figures = today.figures()
    assert [figure.name for figure in figures] == [
        "whole page of 320", "a change on the page of 320", "a change on the page of 320, sent",
    ]  # fmt: skip
    assert all(figure.value for figure in figures)


def test_lists_have_their_figures(monkeypatch):
    monkeypatch.setattr(lists, "SIZES", (20,))
    monkeypatch.setattr(lists, "IMPORTED", (20, 40))
    monkeypatch.setattr(lists, "EXPORTED", (20, 40))
    monkeypatch.setattr(lists, "TRIES", 1)
    figures = lists.figures()
    assert [figure.name for figure in figures] == [
        "csv of 20 rows imported", "csv of 20 rows imported, memory",
        "xlsx of 20 rows imported", "xlsx of 20 rows imported, memory",
        "a resident imported among 40", "a resident exported among 40",
    ]  # fmt: skip
    assert [figure.unit for figure in figures[:4]] == ["s of processor time", "MB"] * 2
    assert all(figure.ratio and str(figure.bound) == "ratio ≤ 1.1" for figure in figures[4:])


def test_alerts_have_their_figures(monkeypatch):
    for name, few in (("ALERTS", 2), ("AT_ONCE", 2), ("VOLUNTEERS", 4), ("MORNING", 8), ("LOAD", 8)):
        monkeypatch.setattr(alert, name, few)
    figures = alert.figures()
    assert len(figures) == 3
    assert all("p99" in figure.beside and figure.unit == "ms" for figure in figures)
    assert "2 of 2" in figures[2].beside


def test_a_figure_says_whether_it_holds():
    kept, broken = Figure("a", 3, "ms", bound=at_most(3)), Figure("b", 3.1, "ms", bound=at_most(3))
    by_ratio = Figure("c", 90, "a second", "100 a second", 0.9, at_least(0.6, of_ratio=True))
    assert [each.holds for each in (kept, broken, by_ratio, Figure("d", 1, "s"))] == [True, False, True, None]
    assert broken.row() == ("b", "3.1 ms", "", "", "≤ 3", "NO")
    assert percentile([1.0, 2.0, 9.0], 99) <= 9.0


def test_the_figures_are_printed_as_one_document(monkeypatch, capsys):
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {"one": lambda: [Figure("a", 0.5, "s", "b", 0.25, at_most(1))]})
    benchmarks.main(["--json"])
    assert json.loads(capsys.readouterr().out) == [
        {"name": "a", "value": 0.5, "unit": "s", "beside": "b", "ratio": 0.25, "bound": "≤ 1", "holds": True}
    ]
