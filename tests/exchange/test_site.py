"""The pages' words and what the switchboard's board is told, over real HTTP."""

import json
import re
import tomllib

import pytest
import requests

from exchange.pages.site import LANGUAGES, PAGES
from tests.exchange.running import OURS, number
from tests.patience import PATIENCE_SECONDS

SAID = re.compile(r'(?<![.\w])say\("([a-z_]+)"')


def words():
    return tomllib.loads((PAGES / "words.toml").read_text("utf-8"))


def scripts():
    return sorted(PAGES.glob("*.js"))


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_everything_a_script_says_has_words(script):
    assert set(SAID.findall(script.read_text("utf-8"))) <= words().keys()


def test_everything_is_said_in_both_languages_and_every_state_has_its_words():
    assert all(set(said) == set(LANGUAGES) and all(said.values()) for said in words().values())
    states = ("idle", "ringing", "dialling", "talking")
    assert {f"state_{state}" for state in states} | {f"{state}_hint" for state in states} <= words().keys()


@pytest.mark.parametrize(("query", "said"), [("", "拿起任何一部电话"), ("?language=en", "Pick up any telephone")])
def test_the_switchboard_speaks_chinese_unless_it_is_asked_for_english(exchange, query, said):
    answer = requests.get(f"{exchange.url}/{query}", timeout=PATIENCE_SECONDS)
    assert (answer.status_code, said in answer.text) == (200, True)


def test_the_language_is_remembered(exchange):
    with requests.Session() as session:
        session.get(f"{exchange.url}/?language=en", timeout=PATIENCE_SECONDS)
        assert (
            '<html lang="en">'
            in session.get(f"{exchange.url}/telephones/%2B8631186012345", timeout=PATIENCE_SECONDS).text
        )


def test_a_label_cannot_become_part_of_the_page(exchange):
    to = exchange.subscribe(label='<script>"x"')
    page = requests.get(f"{exchange.url}/telephones/{to.replace('+', '%2B')}", timeout=PATIENCE_SECONDS).text
    assert "&lt;script>&quot;x&quot;" in page
    assert '<script>"x"' not in page


@pytest.mark.parametrize("path", ["/assets/words.toml", "/assets/nothing.js", "/assets/..%2Fapp.py"])
def test_nothing_but_the_pages_own_files_is_given_out(exchange, path):
    assert requests.get(exchange.url + path, timeout=PATIENCE_SECONDS).status_code == 404


def told(lines, event):
    """What the next event of this name says."""
    for line in lines:
        if line == f"event: {event}".encode():
            return json.loads(next(lines).removeprefix(b"data: "))
    raise AssertionError(f"no {event}")


def test_the_board_is_told_everybody_first_and_then_what_changes(exchange):
    to = exchange.subscribe(
        {"pick": "no_answer"}, {"pick": "answer", "responses": [{"do": "press", "key": "1"}]}, group="居民", note="3 楼"
    )
    with requests.get(f"{exchange.url}/telephones/events", stream=True, timeout=PATIENCE_SECONDS) as stream:
        lines = iter(stream.iter_lines())
        (card,) = [card for card in told(lines, "all")["cards"] if card["number"] == to]
        assert (card["group"], card["note"], card["state"], card["open"], card["texts"]) == (
            "居民",
            "3 楼",
            "idle",
            False,
            0,
        )
        assert card["habits"] == [{"pick": "no_answer", "keys": ""}, {"pick": "answer", "keys": "1"}]
        exchange.twilio.messages.create(to=to, from_=OURS, body="x")
        while not (changed := told(lines, "some"))["cards"][0]["texts"]:
            assert changed["cards"][0]["number"] == to


def test_a_card_shows_that_the_telephone_rings(exchange, service):
    url = service.says("/board", "<Response/>")
    to = number()
    exchange.subscribe({"pick": "no_answer"}, number=to)
    with requests.get(f"{exchange.url}/telephones/events", stream=True, timeout=PATIENCE_SECONDS) as stream:
        lines = iter(stream.iter_lines())
        told(lines, "all")
        exchange.call(to, url, timeout=60)
        states = []
        while states[-2:] != ["ringing", "idle"]:
            states += [card["state"] for card in told(lines, "some")["cards"] if card["number"] == to]


@pytest.mark.parametrize(
    "path",
    ["/", "/telephones/%2B8631186012345", "/assets/telephone.js", "/exchange/log", "/healthz", "/nowhere",
     "/telephones/abc", "/2010-04-01/Accounts/AC1/Calls.json"],
)  # fmt: skip
def test_every_answer_tells_the_browser_to_run_our_own_files_only_and_to_be_framed_by_nobody(exchange, path):
    headers = requests.get(exchange.url + path, timeout=PATIENCE_SECONDS).headers
    policy = headers["Content-Security-Policy"]
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "\n" not in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda page: page.name)
def test_no_script_stands_in_a_page(page):
    html = page.read_text("utf-8")
    assert all('src="' in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"<style|\son[a-z]+=|javascript:", html)
