"""The benchmark beside Asterisk can be run: the same work is done by both."""

import pytest

from benchmarks.calls import beside_asterisk, sip_line

pytestmark = pytest.mark.asterisk


def test_both_carry_the_same_calls(monkeypatch):
    for name, few in {"CALLS": 3, "WINDOW_SECONDS": 0.5, "TALKING": 2, "KEYS": 2, "BETWEEN_KEYS_SECONDS": 3.0}.items():
        monkeypatch.setattr(sip_line, name, few)
    figures = beside_asterisk.figures()
    assert len(figures) == 5
    assert all(figure.value > 0 and "Asterisk 16 by ARI" in figure.beside for figure in figures)
    assert all(figure.ratio for figure in figures[1:])
