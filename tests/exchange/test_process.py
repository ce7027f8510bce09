"""The exchange as a process: its beginning, its pace, its end, and the log it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from itertools import pairwise

import pytest
import requests

from tests.exchange.running import SECRETS, command, number, one, read, running
from tests.patience import PATIENCE_SECONDS, wait_for

ENVIRONMENT = os.environ | SECRETS


def start(service, log, *more):
    process = subprocess.Popen(
        command(service, log, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    assert process.stdout.readline().startswith("exchange listening on http://127.0.0.1:")
    return process


@pytest.mark.parametrize("end_signal", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_quickly_in_the_middle_of_a_call(service, tmp_path, end_signal):
    with running(service, tmp_path / "log") as exchange:
        url = service.says("/endless", "<Response><Pause length='100000'/></Response>")
        sid = exchange.call(exchange.subscribe({"pick": "answer", "after": 0}), url)
        exchange.wait(sid, lambda entries: any(entry["event"] == "call.answered" for entry in entries))
        exchange.process.send_signal(end_signal)
        assert exchange.process.wait(PATIENCE_SECONDS) == 0
    assert read(tmp_path / "log")[-1]["event"] != "call.ended"


def test_it_ends_when_its_parent_is_gone(service, tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    exchange = start(service, tmp_path / "log", "--parent-pid", str(parent.pid))
    time.sleep(0.6)  # it looks for its parent meanwhile
    assert exchange.poll() is None
    parent.kill()
    parent.wait()
    assert exchange.wait(PATIENCE_SECONDS) == 0
    exchange.communicate()
    parent.stdin.close()


def test_it_ends_when_the_parent_that_started_it_dies_and_nobody_has_buried_it(service, tmp_path):
    program = "import os,subprocess,sys; subprocess.Popen(sys.argv[1:]+['--parent-pid',str(os.getpid())]); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", program, *command(service, tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    url = parent.stdout.readline().split()[-1]
    parent.kill()
    wait_for(lambda: gone(url), "the exchange to end")
    parent.communicate()


def test_it_ends_when_its_parent_is_long_dead_and_not_buried(service, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    exchange = start(service, tmp_path / "log", "--parent-pid", str(dead.pid))
    assert exchange.wait(PATIENCE_SECONDS) == 0
    exchange.communicate()
    dead.wait()


def gone(url):
    """Whether nothing answers at ``url`` any more."""
    try:
        requests.get(f"{url}/healthz", timeout=PATIENCE_SECONDS)
    except requests.ConnectionError:
        return True
    return False


def test_subscribers_are_read_from_a_file_and_given_back(service, tmp_path):
    someone = {
        "number": number(),
        "label": "李爷爷",
        "behaviour": "presses-2",
        "group": "居民",
        "note": "3 楼",
        "refuse": None,
        "calls": [
            {
                "pick": "answer",
                "after": 4,
                "say_seconds": 5.0,
                "responses": [{"do": "press", "key": "2", "after": 1.5, "from": "start"}],
                "then_call": {"after": 60, "responses": []},
            }
        ],
    }
    (tmp_path / "people.json").write_text(json.dumps([someone]), "utf-8")
    with running(service, tmp_path / "log", "--subscribers", str(tmp_path / "people.json")) as exchange:
        assert requests.get(f"{exchange.url}/exchange/subscribers", timeout=PATIENCE_SECONDS).json() == [someone]
        assert one(exchange.log(), "subscriber") | someone == one(exchange.log(), "subscriber")


def test_a_script_that_makes_no_sense_is_explained_and_not_begun(service, tmp_path):
    (tmp_path / "people.json").write_text('[{"number": "+8631186012345", "calls": [{"pick": "sleep"}]}]')
    line = command(service, tmp_path / "log", "--subscribers", str(tmp_path / "people.json"))
    done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, env=ENVIRONMENT)
    assert done.returncode == 2
    assert "subscribers[0].calls[0].pick: 'sleep' is none of answer, machine" in done.stderr


def test_queued_calls_leave_at_the_lines_pace_whatever_the_speed(service, tmp_path):
    with running(service, tmp_path / "log", "--speed", "1000", "--calls-per-second", "1") as exchange:
        url = service.says("/pace", "<Response/>")
        sids = [exchange.call(number(), url, timeout=60) for _ in range(5)]
        assert exchange.twilio.calls(sids[-1]).fetch().status == "queued"
        for sid in sids:
            exchange.ended(sid)
        rang = [datetime.fromisoformat(e["at"]) for e in exchange.log() if e["event"] == "call.ringing"]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(rang)]
    assert len(gaps) == 4
    assert sum(gaps) / len(gaps) >= 0.9


def test_a_canceled_call_in_the_queue_never_rings(service, tmp_path):
    with running(service, tmp_path / "log", "--speed", "100", "--calls-per-second", "0.2") as exchange:
        url = service.says("/queue", "<Response/>")
        sids = [exchange.call(number(), url, timeout=5) for _ in range(3)]
        assert exchange.twilio.calls(sids[1]).update(status="canceled").status == "canceled"
        exchange.ended(sids[2])
        assert [e["event"] for e in exchange.log(sids[1]) if e["event"].startswith("call.")] == [
            "call.requested",
            "call.ended",
        ]


def test_the_log_is_continued_by_the_next_exchange_and_given_out_in_part(service, tmp_path):
    for _ in range(2):
        with running(service, tmp_path / "log") as exchange:
            exchange.subscribe()
    (tmp_path / "log").open("ab").write(b'{"seq":3,"torn')
    with running(service, tmp_path / "log") as exchange:
        exchange.subscribe()
        rest = requests.get(f"{exchange.url}/exchange/log?after=1", timeout=PATIENCE_SECONDS).json()
        assert requests.get(f"{exchange.url}/exchange/log?after=99", timeout=PATIENCE_SECONDS).json() == []
        assert requests.get(f"{exchange.url}/exchange/log?after=x", timeout=PATIENCE_SECONDS).status_code == 400
    assert [entry["seq"] for entry in read(tmp_path / "log")] == [1, 2, 3]
    assert rest == read(tmp_path / "log")[1:]


def test_a_wrong_list_of_subscribers_changes_nothing(exchange):
    before = requests.get(f"{exchange.url}/exchange/subscribers", timeout=PATIENCE_SECONDS).json()
    answer = requests.put(
        f"{exchange.url}/exchange/subscribers", json=[{"number": "+8631186012345", "x": 1}], timeout=PATIENCE_SECONDS
    )
    assert (answer.status_code, "unknown x" in answer.json()["error"]) == (400, True)
    assert requests.get(f"{exchange.url}/exchange/subscribers", timeout=PATIENCE_SECONDS).json() == before


def test_all_calls_can_be_seen(exchange, service):
    sid = exchange.call(number(), service.says("/seen", "<Response/>"), timeout=1)
    assert requests.get(f"{exchange.url}/exchange/calls", timeout=PATIENCE_SECONDS).json()[0]["sid"] == sid


def test_the_token_does_not_stand_in_the_list_of_processes_and_is_asked_for(service, tmp_path):
    line = command(service, tmp_path / "log")
    assert SECRETS["EXCHANGE_AUTH_TOKEN"] not in line
    without = {name: value for name, value in ENVIRONMENT.items() if name not in SECRETS}
    done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, env=without)
    assert (done.returncode, "EXCHANGE_AUTH_TOKEN is not set" in done.stderr) == (2, True)
