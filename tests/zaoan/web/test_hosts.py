"""Only by a name of ours: what a page that has given its own name our address (DNS rebinding) comes to."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.ivr.house import House
from zaoan.process import wiring
from zaoan.web.app import web_app
from zaoan.web.hosts import hostname, is_served

PUBLIC = "https://zaoan.example.org/phone"


@pytest.fixture
def client(house_settings):
    chosen = house_settings.model_copy(update={"public_url": PUBLIC, "host": "192.168.7.5"})
    opened = wiring.open_house(chosen)
    connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
    with TestClient(web_app(connected.store), base_url="http://10.1.2.3:8000") as browser:
        yield browser
    connected.voice.close()
    opened.close()


@pytest.mark.parametrize(
    "host",
    ["zaoan.example.org", "Zaoan.Example.ORG.:443", "127.0.0.1", "127.0.0.1:8000", "localhost:8000", "[::1]:8000",
     "192.168.7.5:8000", "10.1.2.3:8000"],
)  # fmt: skip
def test_the_public_host_this_machine_and_the_address_that_was_reached_are_served(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert client.get("/phone/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example@127.0.0.1",
     "127.0.0.1:8000@evil.example", "192.168.7.6", "", "[::1]evil", "zaoan.example.org.evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/healthz", "/static/styles/page.css", "/phone/", "/events", "/nowhere"])
def test_any_other_name_is_refused_whatever_is_asked(client, host, path):
    assert client.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(("language", "said"), [("en", "is no address of Zao'an."), ("zh-CN", "不是早安的地址。")])
def test_the_refusal_says_in_the_readers_language_where_we_are_and_nothing_of_whom_we_ring(client, language, said):
    answer = client.get("/", headers={"Host": "evil.example", "Accept-Language": language, "Accept": "text/html"})
    assert f"evil.example {said}" in answer.text
    assert PUBLIC in answer.text
    assert "ZAOAN_PUBLIC_URL" in answer.text
    assert "槐东" not in answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_the_providers_signed_word_comes_in_whatever_a_proxy_has_made_of_the_name(house_settings):
    """It is signed over the public address; a key that is lost because of a proxy's setting could cost a life."""
    house = House(house_settings)
    house.client.headers["Host"] = "zaoan:8000"
    assert house.turn(0).status_code == 200
    assert "<Gather" in house.turn(1, signed=True, Digits="").text
    assert house.turn(1, signed=False, Digits="1").status_code == 403
    house.close()


@given(st.text(max_size=30))
def test_no_name_passes_that_is_not_the_whole_of_one_of_ours(text):
    served = is_served(text, {"zaoan.example.org"})
    assert served == (hostname(text) in {"zaoan.example.org", "localhost"}) or hostname(text).startswith(("127.", ":"))
