"""``zaoan webhook``: which systems outside are told what happens."""

import pytest

from core.subscriptions import delivering
from tests.offices import Office
from tests.receivers import receiver


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def test_a_webhook_is_made_tried_listed_and_revoked(office):
    with receiver(503) as there:
        made = office.json("webhook", "create", there.url, "--events", "case.opened, case.closed")
        assert (made["secret"].startswith("whsec_"), made["events"]) == (True, ["case.opened", "case.closed"])
        assert office.zaoan("webhook", "rotate", there.url).strip().splitlines()[-1] != made["secret"]
        assert office.json("webhook", "test", made["id"])["event"] == "webhook.test"
        with office.open():
            delivering.deliver()
        [tried] = office.json("webhook", "deliveries", there.url)
        assert (tried["tries"], tried["status"], tried["reason"]) == (1, 503, "refused")
        assert "503" in office.zaoan("webhook", "deliveries", there.url)
        [listed] = office.json("webhook", "list")
        assert (listed["url"], listed["failures"], "secret" in listed) == (there.url, 1, False)
        office.zaoan("webhook", "revoke", made["id"][-8:])
    assert office.json("webhook", "list") == []
    assert "没有通知地址" in office.zaoan("webhook", "revoke", there.url, code=1)


def test_mistakes_name_the_way_out(office):
    office.zaoan("user", "create", "wangfang")
    assert "只有 https" in office.zaoan("webhook", "create", "http://city.example/", code=1)
    assert "ZAOAN_WEBHOOK_NETWORKS" in office.zaoan("webhook", "create", "https://10.0.0.1/", code=1)
    assert "没有事件 everything" in office.zaoan("webhook", "create", "https://city.example/", "--events", "everything",
                                            code=2)  # fmt: skip
