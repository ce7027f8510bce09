"""Figures for Prometheus: what the trunk has counted, and 503 while it does not answer."""

from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.ivr.ports.bench import OURS
from tests.ivr.ports.sip_bench import SipBench
from zaoan.web import metrics


@pytest.fixture
def bench():
    opened = SipBench()
    yield opened
    opened.close()


@pytest.fixture
def asked(monkeypatch):
    """What is answered where this is who carries our calls."""
    app = FastAPI()
    app.include_router(metrics.router)

    def ask(telephony):
        monkeypatch.setattr(metrics, "station", lambda: SimpleNamespace(telephony=telephony))
        with TestClient(app) as client:
            return client.get("/metrics")

    return ask


def test_what_the_trunk_has_counted(asked, bench):
    answer = asked(bench.telephony)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'zaoan_trunk_dial_to_ringing_seconds_count{trunk="1"} 0' in answer.text
    assert OURS not in answer.text


def test_a_trunk_that_is_away_is_no_figure(asked, bench):
    assert asked(bench.unreachable).status_code == 503
