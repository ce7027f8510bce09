"""Answering machines: left a message after their greeting, told from people, and never taken for an answer."""

import json

from zaoan.rehearsal.behaviours import MACHINE, Behaviour, answer, press

ACCEPTS = Behaviour([answer(press("1"), after=3.0)])


def entries(building, telephone, event):
    lines = building.around.service.exchange_log.read_text("utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["event"] == event and entry.get("number") == telephone]


def asked(building, telephone):
    """Which turns of its calls the service was asked for."""
    return [entry["path"].rpartition("/")[2] for entry in entries(building, telephone, "webhook")
            if entry["kind"] in {"voice", "gather"}]  # fmt: skip


def test_a_machine_is_left_a_message_and_counts_as_voicemail(building):
    telephone = building.home(Behaviour([MACHINE]), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    building.begin(retry_minutes=2).until_over()
    assert building.outcomes() == {"王奶奶": "voicemail"}
    assert "900" in asked(building, telephone)


def test_without_detection_nobody_listens_for_machines(building):
    telephone = building.home(Behaviour([MACHINE, answer(press("1"))]), "王奶奶")
    building.begin(retry_minutes=2, machine_detection=False).until_over()
    assert building.outcomes() == {"王奶奶": "ok"}
    assert "900" not in asked(building, telephone)
    assert "amd" not in {entry["kind"] for entry in entries(building, telephone, "webhook")}
