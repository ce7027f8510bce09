"""A city's own system looks after three thousand people by the API alone, from a messy workbook to the report."""

from datetime import timedelta
from time import monotonic, sleep
from uuid import UUID

import httpx
import pytest

from core import clock
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading
from tests import signed_in
from tests.faults.messy_workbook import workbook
from tests.generated_client import client_of
from tests.processes import ForkedService, command
from zaoan.process import wiring
from zaoan.rehearsal.morning import CAMPAIGN, DEADLINE_MINUTES, Morning, morning_settings
from zaoan.rehearsal.rehearse import LINE, verdict
from zaoan.rehearsal.running import environment
from zaoan.rehearsal.town import draw_town

SPEED = 30
"""Two busy cores make three thousand calls, and all that comes of them, in some hours of this clock."""
PLANNED = {
    "name": CAMPAIGN, "draft": True, "rule": {"kind": "everyone"},
    "schedule": {"kind": "once", "times": ["08:00"], "on": f"{clock.real_now().date() + timedelta(days=60)}"},
    "deadline_minutes": DEADLINE_MINUTES, "late": "ring-until 20:00",
}  # fmt: skip
LOOK_SECONDS = 1.0
LONGEST_SECONDS = 40 * 60
MOST_WAITS = 30


class Patient(httpx.Client):
    """Asks again when it is told to, as the document says of 503."""

    waits = 0

    def request(self, *which, **how):
        for _ in range(MOST_WAITS):
            answer = super().request(*which, **how)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            self.waits += 1
            sleep(float(answer.headers["Retry-After"]))
        return answer


class City:
    """A program that knows the address of the service, a token, and what its OpenAPI document says."""

    def __init__(self, page, token):
        self._web = Patient(base_url=page, timeout=300)
        self.api = client_of(self._web.get("/api/openapi.json").json(), self._web, token)

    @property
    def waits(self):
        return self._web.waits

    def all_of(self, listing, *which, **how):
        cursor = None
        while True:
            page = listing(*which, limit=200, cursor=cursor, **how)
            yield from page["items"]
            if (cursor := page["next"]) is None:
                return

    def look_after_cases(self):
        """Whoever accepted a case has dealt with it, as people do; True while somebody still has to accept one."""
        for case in self.all_of(self.api.list_cases, state="accepted"):
            self.api.close_case(case["id"], {"finding": "helped"}, idempotency_key=f"close-{case['id']}")
        return bool(self.api.list_cases(state="open", limit=1)["items"])

    def wait_until_all_is_done(self, round_id, until):
        while monotonic() < until:
            is_anything_open = self.look_after_cases()
            if self.api.get_round(round_id)["complete"] and not is_anything_open:
                return True
            sleep(LOOK_SECONDS)
        return False


def area_of(helper):
    return {"areas": helper.area} if helper.area else {}


ROLES = {"楼栋长": "building_head", "志愿者": "volunteer", "网格员": "grid_worker", "社区办公室": "office"}


@pytest.mark.long
@pytest.mark.parametrize("residents", [3000])
def test_a_morning_of_three_thousand_by_the_document_alone_keeps_every_promise(tmp_path, residents, record_property):
    town = draw_town(residents, 31)
    chosen = morning_settings(tmp_path, SPEED, LINE | {"data_dir": tmp_path})
    opened = wiring.open_house(chosen, None)
    try:
        with ForkedService(chosen, Purpose.REHEARSAL, tmp_path) as service:
            service.script(town.subscribers())
            with reading() as session:
                began = installation.follow_clock(session)
            city = City(service.page, signed_in.token())
            round_id = begin(city, town, residents)
            under_way = Morning(service, town, UUID(round_id), SPEED, began)
            rotated = command("keys", "rotate", "--json", environment=environment(chosen))
            assert rotated.returncode == 0, rotated.stderr
            over = city.wait_until_all_is_done(round_id, monotonic() + LONGEST_SECONDS)
            found = verdict(under_way, over)
            record_property("round", f"{found['round']}, asked to wait {city.waits} times")
            assert found["violations"] == []
            reported(city, round_id, residents)
    finally:
        opened.close()


def begin(city, town, residents):
    messy = workbook(town.resident_rows())
    tried = city.api.import_residents(messy.content, filename="名单.xlsx", dry_run=True)
    named = {(each["sheet"], each["row"], each["column"]) for each in tried["problems"]}
    assert named == messy.wrong
    assert all(each["detail"] for each in tried["problems"])
    done = city.api.import_residents(messy.content, filename="名单.xlsx", idempotency_key="list-1")
    assert (done["added"], done["problems"]) == (residents, tried["problems"])
    for helper in town.helpers:
        told = {"name": helper.name, "role": ROLES[helper.role], "phone": helper.number, **area_of(helper)}
        city.api.add_responder(told)
    campaign = city.api.create_campaign(PLANNED)
    checked = city.api.check_campaign(campaign["id"])
    assert (checked["problems"], checked["audience"]["people"]) == ([], residents)
    assert city.api.activate_campaign(campaign["id"], {})["state"] == "active"
    return city.api.start_round(campaign["id"], {}, idempotency_key="round-1")["id"]


def reported(city, round_id, residents):
    report = city.api.get_round(round_id)
    assert report["complete"]
    assert report["enrolled"] == sum(report["counts"].values()) + report["open"] == residents
    asked = list(city.all_of(city.api.list_check_ins, round_id))
    assert len({each["id"] for each in asked}) == residents
    assert len([*city.all_of(city.api.list_residents)]) == residents
    assert city.api.get_report(round_id)["enrolled"] == residents
