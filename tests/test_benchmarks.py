"""The benchmarks can be run: each figure of a small house is there, and says beside what it stands."""

from benchmarks import alert, command_line, lists, rounds, today


def test_rounds_and_ticks_have_their_figures(monkeypatch):
    monkeypatch.setattr(rounds, "SIZES", (10,))
    monkeypatch.setattr(rounds, "OLD_CALLS", (0, 30))
    monkeypatch.setattr(rounds, "TICKS", 1)
    figures = rounds.figures()
    assert [figure.name for figure in figures] == [
        "round of 10 created", "tick beside 0 old calls", "tick beside 30 old calls",
    ]  # fmt: skip
    assert all(figure.value and figure.beside for figure in figures)


def test_commands_have_their_figures(monkeypatch):
    monkeypatch.setattr(command_line, "COMMANDS", ("version",))
    monkeypatch.setattr(command_line, "TRIES", 1)
    [figure] = command_line.figures()
    assert figure.name == "zaoan version"
    assert "processor time" in figure.value
    assert "python -c pass" in figure.beside


def test_today_has_its_figures(monkeypatch):
    monkeypatch.setattr(today, "RESIDENTS", 320)
    monkeypatch.setattr(today, "CHANGES", 2)
    figures = today.figures()
    assert [figure.name for figure in figures] == ["whole page of 320", "a change on the page of 320"]
    assert all(figure.value and figure.beside for figure in figures)


def test_lists_have_their_figures(monkeypatch):
    monkeypatch.setattr(lists, "SIZES", (20,))
    figures = lists.figures()
    assert [figure.name for figure in figures] == ["csv of 20 rows imported", "xlsx of 20 rows imported"]
    assert all("MB" in figure.value and "10,000" in figure.beside for figure in figures)


def test_alerts_have_their_figures(monkeypatch):
    for name, few in (("ALERTS", 2), ("AT_ONCE", 2), ("VOLUNTEERS", 4), ("MORNING", 8), ("LOAD", 8)):
        monkeypatch.setattr(alert, name, few)
    figures = alert.figures()
    assert len(figures) == 3
    assert all("p99" in figure.value for figure in figures)
    assert "2 of 2" in figures[2].beside
