"""What is kept about a resident, exported and erased by a program."""

import io
import json
import zipfile

from campaigns.people import resident_status
from contacts.models import Removal, Resident
from core import actors
from core.identity.roles import Scope
from core.storage.database import reading, unit_of_work
from tests import signed_in
from tests.api.conftest import GRANNY, Api

SECRETS = ("王桂兰", "王奶奶", "86000101", "腿脚不便")
WHY = {"reason": "written request 2026-17"}


def removed(api, granny):
    answer = api.post(f"/residents/{granny['id']}/remove", {"because": "deceased"})
    assert answer.status_code == 200


def test_an_archive_has_everything_in_the_language_asked_for(api):
    granny = api.granny()
    answer = api.ask("GET", f"/residents/{granny['id']}/export", {"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    document = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    assert document["about"].startswith("Everything that this service keeps about 王桂兰")
    told = json.dumps(document, ensure_ascii=False)
    assert [each for each in SECRETS if each not in told] == []


def test_whoever_was_removed_is_erased_once_and_for_good(api):
    granny = api.granny()
    refused = api.post(f"/residents/{granny['id']}/erase", WHY)
    assert (refused.status_code, refused.json()["field"]) == (409, "resident")
    removed(api, granny)
    done = api.post(f"/residents/{granny['id']}/erase", WHY).json()
    assert done["rows"] > 3
    again = api.post(f"/residents/{granny['id']}/erase", WHY).json()
    assert again == done | {"rows": 0}
    seen = api.get(f"/residents/{granny['id']}/file")
    assert [each for each in SECRETS if each in seen.text] == []
    assert api.get("/residents", phone="0311-86000101").json()["items"] == []
    assert api.get("/residents", removed=True).json()["items"] == []
    assert api.get(f"/residents/{granny['id']}/export").status_code == 404
    homes = api.get("/households").json()["items"]
    assert [each["home"]["room"] for each in homes] == ["501"]
    assert api.granny()["id"] != granny["id"]


def test_what_was_answered_before_is_forgotten_and_not_done_again(api):
    answers = [api.post("/residents", GRANNY, key="enrol") for _ in range(2)]
    granny = answers[0].json()
    assert answers[1].json() == granny
    removed(api, granny)
    api.post(f"/residents/{granny['id']}/erase", WHY, key="erase")
    again = api.post("/residents", GRANNY, key="enrol")
    assert (again.status_code, again.json()["field"]) == (410, "Idempotency-Key")
    assert "王桂兰" not in again.text
    with reading() as session:
        assert len(session.query(Resident).all()) == 1


def test_each_needs_a_scope_of_its_own(api, house):
    granny = api.granny()
    removed(api, granny)
    others = Api(house, signed_in.token(*[each for each in Scope if each not in (
        Scope.RESIDENTS_EXPORT, Scope.RESIDENTS_ERASE)]))  # fmt: skip
    assert others.get(f"/residents/{granny['id']}/export").status_code == 403
    assert others.post(f"/residents/{granny['id']}/erase", WHY).status_code == 403


def test_nobody_of_another_community_is_reached(api, others):
    granny = api.granny()
    with unit_of_work() as session:
        from uuid import UUID

        resident_status.remove(session, actors.system(), UUID(granny["id"]), Removal.DECEASED)
    assert others.get(f"/residents/{granny['id']}/export").status_code == 404
    assert others.post(f"/residents/{granny['id']}/erase", WHY).status_code == 404
