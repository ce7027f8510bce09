"""Systems outside are told what happens: once it has been committed, signed, and until they have taken it."""

from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from uuid import UUID

import pytest

from api.work import webhook_events as described
from campaigns import queries
from campaigns.models import Outcome
from campaigns.rounds import check_ins
from core import clock
from core.identity.roles import Scope
from core.running import events, troubles
from core.storage.database import reading, unit_of_work
from core.subscriptions import delivering
from core.subscriptions.models import Delivery
from tests import signed_in
from tests.api.conftest import Api
from tests.api.test_work import begun, unwell
from tests.receivers import receiver

ALL = ["check_in.decided", "case.opened", "case.accepted", "case.closed"]


@pytest.fixture
def api(house):
    """A program whose token outlives whatever time passes here."""
    return Api(house, signed_in.token(days=30))


@pytest.fixture
def there():
    with receiver() as listening:
        yield listening


@pytest.fixture
def later(monkeypatch):
    """Real time is later by what it is told."""
    begun_at, passed = clock.real_now, [timedelta(0)]
    monkeypatch.setattr(clock, "real_now", lambda: begun_at() + passed[0])

    def after(**time):
        passed[0] += timedelta(**time)

    return after


def subscribed(api, there, *kinds):
    made = api.post("/webhooks", {"url": there.url, "events": list(kinds or ALL)})
    assert made.status_code == 201, made.text
    return made.json()


def delivered(api, webhook):
    return api.get(f"/webhooks/{webhook['id']}/deliveries").json()["items"]


def is_signed(secret, headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = b64encode(digest(b64decode(secret.removeprefix("whsec_")), signed, sha256)).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")


def test_a_morning_is_told_as_it_happens(api, there):
    webhook = subscribed(api, there)
    round_ = begun(api)
    case = unwell(round_["id"])
    [responder] = api.get("/responders").json()["items"]
    api.post(f"/cases/{case}/accept", {"responder_id": responder["id"]})
    api.post(f"/cases/{case}/close", {"finding": "helped", "note": "只给办公室看"})
    delivering.deliver()
    told = {each["type"]: each["data"] for each in there.told}
    assert sorted(told) == sorted(ALL)
    assert (told["check_in.decided"]["outcome"], told["check_in.decided"]["round"]) == ("unwell", round_["id"])
    assert {each["case"] for name, each in told.items() if name != "check_in.decided"} == {case}
    assert (told["case.accepted"]["responder"], told["case.closed"]["finding"]) == (responder["id"], "helped")
    assert all(is_signed(webhook["secret"], headers, body) for headers, body in there.got)
    assert not any(word in body for _, body in there.got for word in ("王", "0101", "办公室"))
    assert {each["state"] for each in delivered(api, webhook)} == {"delivered"}


def test_what_was_taken_back_is_told_to_nobody(api, there):
    webhook = subscribed(api, there)
    round_ = begun(api)
    with pytest.raises(RuntimeError):
        _killed_before_the_commit(round_["id"])
    delivering.deliver()
    assert (there.got, delivered(api, webhook)) == ([], [])


def _killed_before_the_commit(round_id):
    with unit_of_work() as session:
        for each in queries.check_ins(session, UUID(round_id)):
            check_ins.hear(session, each, Outcome.UNWELL)
        session.flush()
        assert session.query(Delivery).count() == 2
        raise RuntimeError


def test_only_what_was_subscribed_to_is_told_and_only_of_the_own_community(api, others, there):
    subscribed(api, there, "case.opened")
    subscribed(others, there)
    unwell(begun(api)["id"])
    delivering.deliver()
    assert [each["type"] for each in there.told] == ["case.opened"]


def test_whoever_is_decided_from_the_beginning_of_a_round_is_told_too(api, there):
    subscribed(api, there, "check_in.decided")
    first = begun(api)
    again = api.post(f"/campaigns/{first['campaign_id']}/rounds", {}).json()
    delivering.deliver()
    [told] = there.told
    assert (told["data"]["round"], told["data"]["outcome"]) == (again["id"], "excused")
    api.post(f"/rounds/{first['id']}/stop", {})
    delivering.deliver()
    assert [each["data"]["round"] for each in there.told] == [again["id"], first["id"]]


def test_what_is_not_taken_is_sent_again_with_the_same_id_and_longer_pauses(api, there, later):
    webhook = subscribed(api, there, "case.opened")
    unwell(begun(api)["id"])
    there.status = 503
    for _ in range(4):
        delivering.deliver()
        later(minutes=15)
    [failed] = delivered(api, webhook)
    assert (failed["state"], failed["tries"], failed["status"], failed["reason"]) == ("waiting", 4, 503, "refused")
    there.status = 200
    later(minutes=15)
    delivering.deliver()
    [done] = delivered(api, webhook)
    assert (done["state"], done["tries"], done["reason"]) == ("delivered", 5, "")
    assert set(there.ids()) == {done["id"]}
    assert api.get(f"/webhooks/{webhook['id']}").json()["failures"] == 0


def test_nothing_is_sent_again_before_its_pause_is_over(api, there, later):
    subscribed(api, there, "case.opened")
    unwell(begun(api)["id"])
    there.status = 503
    for _ in range(3):
        delivering.deliver()
    assert len(there.got) == 1
    later(seconds=6)
    delivering.deliver()
    delivering.deliver()
    assert len(there.got) == 2


def test_a_process_that_dies_before_or_after_sending_loses_nothing(api, there, later, monkeypatch):
    webhook = subscribed(api, there, "case.opened")
    unwell(begun(api)["id"])
    for dies in ("_post", "_taken"):
        with monkeypatch.context() as killed:
            killed.setattr(delivering, dies, lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                delivering.deliver()
        delivering.deliver()
        later(minutes=2)
    delivering.deliver()
    [done] = delivered(api, webhook)
    assert (done["state"], done["tries"]) == ("delivered", 3)
    assert there.ids() == [done["id"]] * 2


def test_after_three_days_it_is_given_up_and_the_office_is_told(api, there, later):
    webhook = subscribed(api, there, "case.opened")
    unwell(begun(api)["id"])
    there.status = 500
    for _ in range(60):
        delivering.deliver()
        later(hours=1, minutes=20)
    [gone] = delivered(api, webhook)
    assert (gone["state"], gone["next_try_at"]) == ("given_up", None)
    sent = len(there.got)
    delivering.deliver()
    assert len(there.got) == sent > 10
    said = api.client.get("/readyz").json()["troubles"]["receiver_silent"]["said"]
    assert ("127.0.0.1" in said, "zaoan?from" in said) == (True, False)
    there.status = 200
    api.post(f"/webhooks/{webhook['id']}/test")
    delivering.deliver()
    with reading() as session:
        assert [each.kind for each in troubles.known(session)] == []


def test_a_receiver_that_fails_rests_whatever_waits_for_it(api, there):
    subscribed(api, there)
    unwell(begun(api)["id"])
    there.status = 500
    delivering.deliver()
    assert len(there.got) == 1
    with reading() as session:
        assert session.query(Delivery).count() == 2


def test_a_secret_is_shown_once_and_changed_without_a_gap(api, there, later):
    first = api.post("/webhooks", {"url": there.url, "events": ALL}, key="one")
    again = api.post("/webhooks", {"url": there.url, "events": ALL}, key="one")
    assert (again.status_code, again.json()) == (201, first.json() | {"secret": None})
    own = f"/webhooks/{first.json()['id']}"
    assert "secret" not in api.get(own).json()
    second = api.post(f"{own}/rotate").json()["secret"]
    assert second != first.json()["secret"]
    api.post(f"{own}/test")
    delivering.deliver()
    later(hours=25)
    api.post(f"{own}/test")
    delivering.deliver()
    both = [[is_signed(secret, *sent) for secret in (first.json()["secret"], second)] for sent in there.got]
    assert both == [[True, True], [False, True]]
    assert there.told[0]["type"] == "webhook.test"


def test_a_webhook_is_changed_and_revoked_and_what_waits_is_not_sent(api, there):
    webhook = subscribed(api, there)
    own = f"/webhooks/{webhook['id']}"
    seen = api.get(own).headers["ETag"]
    assert api.patch(own, {"events": ["case.closed"]}, seen).json()["events"] == ["case.closed"]
    assert api.patch(own, {"events": ALL}, seen).status_code == 412
    assert api.patch(own, {"events": ALL}).status_code == 428
    assert api.post(f"{own}/test").status_code == 202
    assert api.ask("DELETE", own).status_code == 204
    delivering.deliver()
    assert there.got == []
    assert (api.get(own).status_code, api.ask("DELETE", own).status_code) == (404, 404)
    assert api.get("/webhooks").json()["items"] == []
    with reading() as session:
        kinds = [each.kind for each in events.latest(session) if each.kind.startswith("webhook.")]
        assert kinds == ["webhook.revoked", "webhook.tested", "webhook.changed", "webhook.created"]


def test_nobody_is_told_by_a_webhook_what_they_may_not_ask_for(house, there):
    program = Api(house, signed_in.token(Scope.WEBHOOKS_WRITE, Scope.WEBHOOKS_READ, Scope.CASES_READ))
    refused = program.post("/webhooks", {"url": there.url, "events": ["check_in.decided", "case.opened"]})
    assert (refused.status_code, refused.json()["field"], "rounds:read" in refused.text) == (403, "events", True)
    made = subscribed(program, there, "case.opened")
    widened = program.patch(f"/webhooks/{made['id']}", {"events": ALL}, "*")
    assert widened.status_code == 403


@pytest.mark.parametrize(
    "url", ["http://city.example/", "https://10.0.0.1/", "https://169.254.169.254/latest", "ftp://x/"]
)
def test_an_address_inside_is_refused(api, url):
    refused = api.post("/webhooks", {"url": url, "events": ALL})
    assert (refused.status_code, refused.json()["field"], refused.json()["value"]) == (422, "url", url)


def test_the_same_address_is_told_once_and_there_are_not_too_many(api, there):
    subscribed(api, there)
    assert api.post("/webhooks", {"url": there.url, "events": ALL}).status_code == 409
    said = [api.post("/webhooks", {"url": f"{there.url}{each}", "events": ALL}).status_code for each in range(20)]
    assert said == [201] * 19 + [409]


def test_the_document_describes_what_is_sent(api, there):
    webhook = subscribed(api, there)
    api.post(f"/webhooks/{webhook['id']}/test")
    unwell(begun(api)["id"])
    delivering.deliver()
    models = {"check_in.decided": described.CheckInDecided, "webhook.test": described.TestEvent}
    for told in there.told:
        model = models.get(told["type"], described.CaseEvent)
        assert model.model_validate(told).model_dump(mode="json").keys() == told.keys()
        assert told["data"].keys() == model.model_fields["data"].annotation.model_fields.keys()
    document = api.client.get("/api/openapi.json").json()
    assert set(document["webhooks"]) == {*ALL, "webhook.test"}
