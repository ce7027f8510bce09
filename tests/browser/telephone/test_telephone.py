"""The telephone in a real browser: it rings, is picked up, plays the service's file, and its keys reach the service."""

import io
import re
import wave
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.exchange.running import SID, one, running
from tests.exchange.service import TOKEN, Service
from tests.patience import PATIENCE_SECONDS, wait_for

GRANNY = "+8631186010001"
STRANGER = "+8613800001234"
ANYTHING = re.compile(".+")
READABLE = (Path(__file__).parents[1] / "readable.js").read_text("utf-8")


@pytest.fixture(scope="module")
def service():
    service = Service()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def exchange(service, tmp_path_factory):
    with running(service, tmp_path_factory.mktemp("exchange") / "log", "--speed", "50") as exchange:
        exchange.subscribe(
            {"pick": "answer", "after": 3, "responses": [{"do": "press", "key": "1", "after": 2}]},
            number=GRANNY,
            label="王奶奶",
            group="居民",
            note="3 号楼 2 单元 501",
        )
        exchange.subscribe({"pick": "no_answer"}, number="+8613911110001", label="Li Ming", group="响应人")
        yield exchange


@pytest.fixture
def page(chromium, request):
    width = getattr(request, "param", 1440)
    context = patient(chromium.new_context(viewport={"width": width, "height": 844 if width < 500 else 900}))
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda failure: failures.append(str(failure)))
    yield page
    context.close()
    assert failures == []


def ask(service, name, greeting=8):
    service.says(f"/{name}/key", "<Response><Say>好的，我现在就通知人。</Say><Pause length='30'/></Response>")
    return service.says(
        f"/{name}",
        f'<Response><Gather numDigits="1" finishOnKey="" timeout="20" action="/{name}/key" actionOnEmptyResult="true">'
        f"<Play>{service.url}/sounds/{greeting}-{name}.wav</Play></Gather></Response>",
    )


def open_telephone(page, exchange, number=GRANNY, language="zh-CN"):
    page.goto(f"{exchange.url}/telephones/{number.replace('+', '%2B')}?language={language}")
    expect(page.locator("#dial")).to_be_enabled()


def fits(page):
    """Whether nothing sticks out of the window sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("page", [1440, 390], indirect=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", ("响铃", "接听", "通话中", "您按了 3")), ("en", ("Ringing", "Pick up", "Talking", "You pressed 3"))],
)
def test_it_rings_is_picked_up_plays_the_file_sends_the_key_and_hangs_up(page, exchange, service, language, words):
    ringing, pick_up, talking, pressed = words
    name = f"story-{language}-{page.viewport_size['width']}"
    open_telephone(page, exchange, language=language)
    sid = exchange.call(GRANNY, ask(service, name))
    expect(page.locator("#state")).to_have_text(ringing)
    expect(page.locator("#favicon")).to_have_attribute("href", "/assets/icon-ringing.svg")
    page.get_by_role("button", name=pick_up, exact=True).click()
    expect(page.locator("#state")).to_have_text(talking)
    expect(page.locator("#sound")).to_have_attribute("src", f"{service.url}/sounds/8-{name}.wav")
    wait_for(lambda: page.evaluate("document.getElementById('sound').currentTime > 0.2"), "the sound to be played")
    page.keyboard.press("3")
    assert service.wait_for(f"/{name}/key")[0].form["Digits"] == "3"
    expect(page.get_by_text(pressed)).to_be_visible()
    expect(page.locator("#sound")).not_to_have_attribute("src", ANYTHING)
    expect(page.get_by_text("好的，我现在就通知人。")).to_be_visible()
    assert fits(page)
    page.locator("#hang-up").click()
    expect(page.locator("#dial")).to_be_visible()
    assert one(exchange.ended(sid), "call.ended")["by"] == "subscriber"
    assert one(exchange.log(sid), "key")["by"] == "browser"


def test_enter_picks_up_and_escape_hangs_up(page, exchange, service):
    open_telephone(page, exchange)
    sid = exchange.call(GRANNY, ask(service, "by-keyboard"))
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-asked", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#dial")).to_be_visible()
    assert one(exchange.ended(sid), "call.answered")["by"] == "browser"


def test_an_unknown_number_rings_the_service_from_the_switchboard_and_is_recorded(page, exchange, service):
    service.says("/recorded", "<Response><Say>谢谢</Say><Pause length='20'/></Response>")
    service.says("/inbound/voice", '<Response><Record action="/recorded" maxLength="20" finishOnKey="#"/></Response>')
    page.goto(f"{exchange.url}/?language=zh-CN")
    page.get_by_label("号码", exact=True).fill(STRANGER)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="打开这部电话").click()
    telephone = opened.value
    telephone.get_by_role("button", name="打给早安").click()
    expect(telephone.locator("#recording")).to_be_visible()
    telephone.wait_for_timeout(1500)  # something is said
    telephone.keyboard.press("#")
    (kept,) = service.wait_for("/recorded")
    assert (kept.form["Digits"], kept.form["From"]) == ("#", STRANGER)
    assert 1 <= int(kept.form["RecordingDuration"]) <= 20
    assert int(kept.form["RecordingDuration"]) == pytest.approx(seconds_kept(kept.form["RecordingUrl"]), abs=0.6)
    expect(telephone.get_by_text("录音已送出")).to_be_visible()


def test_the_switchboard_shows_who_rings_and_finds_people(page, exchange, service):
    page.goto(f"{exchange.url}/?language=zh-CN")
    card = page.locator(f'[data-number="{GRANNY}"]')
    expect(card.locator(".does")).to_have_text("接听，按 1")
    link = card.get_by_role("link")
    assert link.get_attribute("href") == "/telephones/%2B8631186010001"
    with page.context.expect_page() as opened:
        link.click()
    expect(card.locator(".word")).to_have_text("空闲 · 有人拿着")
    exchange.call(GRANNY, ask(service, "seen"))
    expect(card).to_have_attribute("data-state", "ringing")
    expect(page.locator("#tempo")).to_have_text("时间：真实速度")
    opened.value.get_by_role("button", name="接听").click()
    expect(card).to_have_attribute("data-state", "talking")
    opened.value.close()
    expect(card.locator(".word")).to_have_text("空闲")
    page.get_by_label("查找").fill("li ming")
    expect(card).to_be_hidden()
    expect(page.locator(".card:visible h3")).to_have_text("Li Ming")


def test_texts_are_shown_and_written(page, exchange, service):
    exchange.twilio.messages.create(to=GRANNY, from_="+8631186000000", body="今天一切都好吗？")
    open_telephone(page, exchange)
    expect(page.get_by_text("今天一切都好吗？")).to_be_visible()
    page.get_by_label("写短信给早安").fill("都好 9")
    page.keyboard.press("Enter")
    expect(page.locator("#texts .mine p")).to_have_text("都好 9")
    assert service.wait_for("/inbound/text")[0].form["Body"] == "都好 9"


def test_a_second_page_takes_the_telephone_and_the_first_says_so(page, exchange):
    open_telephone(page, exchange)
    second = page.context.new_page()
    open_telephone(second, exchange)
    expect(page.get_by_text("这部电话在另一页打开了。")).to_be_visible()
    page.get_by_role("button", name="在这里接着用").click()
    expect(second.get_by_text("这部电话在另一页打开了。")).to_be_visible()
    expect(page.locator("#superseded")).to_be_hidden()


def test_a_lost_line_is_shown_and_comes_back(page, service, tmp_path):
    with running(service, tmp_path / "log") as short_lived:
        open_telephone(page, short_lived)
        port = short_lived.url.rsplit(":", 1)[1]
    expect(page.get_by_text("连接断开了，正在重新连接…")).to_be_visible()
    expect(page.locator("#dial")).to_be_disabled()
    with running(service, tmp_path / "log", "--port", port):
        expect(page.locator("#dial")).to_be_enabled()
        expect(page.get_by_text("连接断开了，正在重新连接…")).to_be_hidden()


def test_axe_finds_nothing_serious_by_day_and_by_night(page, exchange, service):
    page.goto(f"{exchange.url}/?language=zh-CN")
    expect(page.locator(f'[data-number="{GRANNY}"]')).to_be_visible()
    assert serious_by_day_and_by_night(page) == []
    open_telephone(page, exchange)
    assert serious_by_day_and_by_night(page) == []
    exchange.call(GRANNY, ask(service, "axe", greeting=20))
    page.locator("#answer").click()
    expect(page.locator("body")).to_have_attribute("data-asked", "true")
    assert serious_by_day_and_by_night(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everything_can_be_read_and_named_on_a_desk_and_on_a_telephone_by_day_and_by_night(
    page, exchange, service, language
):
    page.goto(f"{exchange.url}/?language={language}")
    expect(page.locator(f'[data-number="{GRANNY}"]')).to_be_visible()
    assert faults(page) == []
    open_telephone(page, exchange, language=language)
    assert faults(page) == []
    exchange.call(GRANNY, ask(service, "read", greeting=60))
    page.locator("#answer").click()
    expect(page.locator("body")).to_have_attribute("data-asked", "true")
    at_rest(page)
    assert faults(page) == []


def seconds_kept(recording):
    """How long what was kept of a recording is."""
    sound = requests.get(f"{recording}.wav", auth=(SID, TOKEN), timeout=PATIENCE_SECONDS)
    with wave.open(io.BytesIO(sound.content)) as file:
        return file.getnframes() / file.getframerate()


def at_rest(page):
    """When all that moves and comes to an end has done so."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => "
        "Number.isFinite(each.effect.getComputedTiming().endTime) && each.finished))"
    )


def look_by(page, scheme):
    """In this light, when the colours have changed; they take a moment."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition)"
        ".map((each) => each.finished))"
    )


def serious_by_day_and_by_night(page):
    found = []
    for scheme in ("light", "dark"):
        look_by(page, scheme)
        found += serious(page)
    return found


def faults(page):
    """What somebody could not read or name, or would have to move sideways for, at each width by day and by night."""
    found = []
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        look_by(page, scheme)
        found += page.evaluate(READABLE)
        if not fits(page):
            found.append(f"it does not fit into {width} px")
    return found
