"""The same POST again does nothing again, whatever happened to its answer."""

from concurrent.futures import ThreadPoolExecutor

from tests.api.conftest import GRANNY


def names(api):
    return [each["name"] for each in api.get("/residents").json()["items"]]


def test_the_same_request_again_is_answered_as_the_first_time(api):
    first, again = (api.post("/residents", GRANNY, key="one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), first.headers["ETag"]) == (again.json(), again.headers["ETag"])
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert names(api) == ["王桂兰"]


def test_without_a_key_the_second_one_is_another_request(api):
    assert [api.post("/residents", GRANNY).status_code for _ in range(2)] == [201, 409]


def test_the_same_key_is_refused_for_another_body_and_another_address(api):
    resident = api.post("/residents", GRANNY, key="one").json()["id"]
    other = api.post("/residents", GRANNY | {"name": "李长海", "phone": "0311-86000102"}, key="one")
    elsewhere = api.post(f"/residents/{resident}/pause", {"reason": "外出"}, key="one")
    assert [(each.status_code, each.json()["field"]) for each in (other, elsewhere)] == [(422, "Idempotency-Key")] * 2
    assert names(api) == ["王桂兰"]


def test_a_request_that_was_refused_may_be_mended_with_the_same_key(api):
    assert api.post("/residents", GRANNY | {"phone": "123"}, key="one").status_code == 422
    assert api.post("/residents", GRANNY, key="one").status_code == 201


def test_the_key_of_one_program_means_nothing_to_another(api, others):
    assert [each.post("/residents", GRANNY, key="one").status_code for each in (api, others)] == [201, 201]
    assert (len(names(api)), len(names(others))) == (1, 1)


def test_of_the_same_at_the_same_moment_one_is_done(api):
    with ThreadPoolExecutor(4) as at_once:
        said = list(at_once.map(lambda _: api.post("/residents", GRANNY, key="one"), range(4)))
    assert {each.status_code for each in said} == {201}
    assert len({each.json()["id"] for each in said}) == 1
    assert sum("Idempotency-Replayed" not in each.headers for each in said) == 1
