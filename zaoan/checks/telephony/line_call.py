"""A call to oneself over the telephone line: it rings, says a sentence, and waits for a key. What came of it."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any

from contacts import phones
from contacts.community.community import find_community
from core.errors import UserError
from core.i18n import InWords, Language, in_words, translate
from core.settings import Settings, Telephony
from ivr.network_reasons import NOT_CARRIED, why
from ivr.ports.events import WebhookRequest
from ivr.ports.provider import UNKNOWN, CallOrder
from ivr.provider.sip.adapter import SipTelephony
from ivr.provider.sip.webhooks import opened
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking
from zaoan.process.trunk_process import ask, trunk_secret
from zaoan.process.wiring import dialled_by

CHECK = "call"
RING_SECONDS, KEY_SECONDS = 45, 15
LONGEST_SECONDS = 120.0
LOOK_SECONDS = 0.3
ASKED = "This is a test call of Zao'an. Please press any key."
THANKS = "Thank you, the key has arrived."
LOOK_AT_KEYS = (
    "Where one was pressed: let the gateway send keys by RFC 4733, by SIP INFO, "
    "or in the sound with PCMA or PCMU alone."
)


def call_oneself(chosen: Settings, number: str) -> list[Observation]:
    """Rings ``number`` (as people write it) once and tells what came of it; nothing of it is stored."""
    if chosen.telephony is not Telephony.SIP:
        return [warning(CHECK, "Only a telephone line (ZAOAN_TELEPHONY=sip) makes test calls.", "Leave --call out.")]
    try:
        to = _parsed(chosen, number)
    except UserError as mistake:
        said = InWords(mistake.describe(Language.CHINESE), mistake.describe(Language.ENGLISH))
        return [wrong(CHECK, "{what}", "Give a number that may be rung.", what=said)]
    with _desk(chosen) as desk:
        return _rung(chosen, to, desk)


def _parsed(chosen: Settings, number: str) -> str:
    region, area_code = chosen.region, chosen.area_code
    try:
        with looking(chosen) as session:
            if (kept := find_community(session)) is not None:
                region, area_code = kept.region, kept.area_code
    except (NoDatabaseError, UnreachableError):
        pass  # another check says so
    return phones.parse(number, region, area_code)


class _Desk:
    """Answers the trunk in this call as the service does in every other; ``pressed`` is None until somebody was asked.

    Whatever is not sealed with the trunk's secret is refused.
    """

    def __init__(self, secret: str, language: Language) -> None:
        self._secret, self._language = secret, language
        self.url, self.pressed = "", ""

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        if opened(self._secret, WebhookRequest(self.url + path, headers, body)) is None:
            return None
        if path == "/key":
            self.pressed = str(json.loads(body).get("keys", ""))
            return self._said(THANKS) if self.pressed else b'{"hear": []}'
        if path == "/status":
            return b"{}"
        asked = {"url": f"{self.url}/key", "keys": 1, "seconds": KEY_SECONDS, "also_silence": True}
        return self._said(ASKED, ask=asked)

    def _said(self, words: str, **then: object) -> bytes:
        spoken = {"say": translate(self._language, words), "language": self._language.value}
        return json.dumps({"hear": [{"quiet": 1}, spoken], **then}, ensure_ascii=False).encode()


@contextmanager
def _desk(chosen: Settings) -> Iterator[_Desk]:
    desk = _Desk(trunk_secret(chosen), chosen.language)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = desk.answer(self.path, self.headers, body)  # type: ignore[arg-type]
            self.send_response(403 if reply is None else 200)
            self.send_header("Content-Length", str(len(reply or b"")))
            self.end_headers()
            self.wfile.write(reply or b"")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()


def _rung(chosen: Settings, to: str, desk: _Desk) -> list[Observation]:
    telephony = SipTelephony(chosen.trunk_url, trunk_secret(chosen), dialled_by(chosen))
    order = CallOrder(to, chosen.sip_caller[0], RING_SECONDS, f"{desk.url}/words", f"{desk.url}/status", None,
                      f"{desk.url}/words")  # fmt: skip
    try:
        call_id = telephony.place(order).provider_id
    except UNKNOWN as refusal:
        mend = "Look at what else is said of the provider, and at the trunk's log."
        return [wrong(CHECK, "{number} could not be rung: {reason}.", mend, number=to, reason=refusal)]
    until = monotonic() + LONGEST_SECONDS
    while (known := ask(chosen, "GET", f"/calls/{call_id}", chosen.trunk_url)) is None or not known["outcome"]:
        if monotonic() > until:
            telephony.hang_up(call_id)
            return [wrong(CHECK, "The call to {number} did not end.", "Look at the trunk's log.", number=to)]
        sleep(LOOK_SECONDS)
    return [_result(chosen, to, known, desk.pressed)]


def _result(chosen: Settings, to: str, known: Mapping[str, Any], pressed: str) -> Observation:
    gaps = {"number": to, "trunk": known["carried_by"], "codec": known["codec"] or "?",
            "offered": ", ".join(chosen.sip_codecs).upper(), "key": pressed}  # fmt: skip
    if pressed:
        said = "{number} was answered, and key {key} arrived. By {trunk}, with {codec} (offered: {offered})."
        return ok(CHECK, said, **gaps)
    if known["is_answered"]:
        said = "{number} was answered, and no key arrived. By {trunk}, with {codec} (offered: {offered})."
        return warning(CHECK, said, LOOK_AT_KEYS, **gaps)
    return wrong(CHECK, "{number} was not reached by {trunk}: {why}", "{doubt}", **gaps | _reason(known))


def _reason(known: Mapping[str, Any]) -> dict[str, object]:
    words = why(known["code"] or 0)
    said = words.said if words else NOT_CARRIED if known["outcome"] == "network" else "Nobody has answered."
    doubt = (words.doubt if words else "") or "Ring it from another telephone, to compare."
    return {"why": in_words(said), "doubt": in_words(doubt)}
