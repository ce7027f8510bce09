"""The public address: does whoever follows it, the provider above all, really reach *this* service?"""

import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from core.ids import new_id
from core.settings import TWILIO_API_URL, Settings, Telephony
from ivr.ports.events import WebhookRequest
from ivr.ports.webhook_paths import status_path
from ivr.provider.sip import webhooks as sip_webhooks
from ivr.provider.twilio import webhooks as twilio_webhooks
from zaoan.checks.observation import Observation, ok, wrong
from zaoan.checks.settings import has_secret
from zaoan.process.wiring import account_of
from zaoan.web.health import proof
from zaoan.web.hosts import UnknownHostError

CHECK = "address"
REQUEST_SECONDS = 4.0
START = "Start it with `zaoan up` (or `zaoan web`)."
SET = "Set ZAOAN_PUBLIC_URL to the https address at which the internet reaches this service."
REDIRECTS = range(300, 400)


def examine_address(chosen: Settings) -> list[Observation]:
    """Its form; then a fresh nonce through it, and POSTs to the telephone as the provider would send them."""
    if not has_secret(chosen):
        return [wrong(CHECK, "The service has never been started.", START)]
    public = urlsplit(chosen.public_url)
    if public.scheme not in {"http", "https"} or not public.hostname or public.query or public.fragment:
        return [wrong(CHECK, "ZAOAN_PUBLIC_URL={url} is no web address.", SET, url=chosen.public_url)]
    return [*judge_form(chosen), *_reached(chosen)]


def judge_form(chosen: Settings) -> list[Observation]:
    """Whether a provider on the internet could use such an address."""
    if chosen.telephony is not Telephony.TWILIO or chosen.twilio_api_url.rstrip("/") != TWILIO_API_URL:
        return []
    public = urlsplit(chosen.public_url)
    if _is_private(public.hostname or ""):
        return [wrong(CHECK, "Twilio cannot reach {url}: it exists only on this network.", SET, url=chosen.public_url)]
    if public.scheme != "https":
        said = "{url} is not encrypted: names and keys would cross the internet for all to read."
        return [wrong(CHECK, said, SET, url=chosen.public_url)]
    return []


def _reached(chosen: Settings) -> list[Observation]:
    public, local = chosen.public_url.rstrip("/"), f"http://{_local(chosen)}:{chosen.port}"
    is_us = _answers_as_us(chosen, public)
    if is_us:
        return _posts(chosen, public)
    if not _answers_as_us(chosen, local):
        where = public if public == local else f"{public}, {local}"
        return [
            wrong(
                CHECK, "The service is not running: this installation does not answer at {where}.", START, where=where
            )
        ]
    if is_us is None:
        mend = (
            "Mend its name (DNS), the proxy or the firewall, or ZAOAN_PUBLIC_URL. The service itself runs at {local}."
        )
        return [wrong(CHECK, "Nothing answers at {url}.", mend, url=public, local=local)]
    if _is_misnamed(public):
        mend = "Let the proxy pass on the Host header as it came (nginx: proxy_set_header Host $host)."
        return [wrong(CHECK, "{url} leads here, but the proxy asks for another name than ours.", mend, url=public)]
    mend = "Let the proxy forward it to {local}, or mend ZAOAN_PUBLIC_URL (its path prefix, too)."
    return [wrong(CHECK, "{url} leads to another server.", mend, url=public, local=local)]


def _answers_as_us(chosen: Settings, address: str) -> bool | None:
    """True when this installation answers, False when something else does, None when nothing does."""
    nonce = secrets.token_hex(16)
    try:
        answer = requests.get(f"{address}/healthz", params={"nonce": nonce}, timeout=REQUEST_SECONDS)
        return bool(answer.json().get("proof") == proof(chosen.secret(), nonce))
    except (requests.ConnectionError, requests.Timeout):
        return None
    except (requests.RequestException, ValueError, AttributeError):
        return False


def _is_misnamed(address: str) -> bool:
    """Whether it is refused there because of the name that a proxy has put before it."""
    try:
        return requests.get(f"{address}/healthz", timeout=REQUEST_SECONDS).status_code == UnknownHostError.status
    except requests.RequestException:
        return False


def _posts(chosen: Settings, public: str) -> list[Observation]:
    """What is signed by nobody is refused, and what the provider signs is taken: about a call that does not exist."""
    url = f"{public}{status_path(new_id())}"
    report = _report_of_no_call(chosen, url)
    unsigned_headers = {"Content-Type": report.headers["Content-Type"]}
    try:
        unsigned = requests.post(
            url, report.body, headers=unsigned_headers, timeout=REQUEST_SECONDS, allow_redirects=False
        )
        if unsigned.status_code != requests.codes.forbidden:
            return [_not_refused(unsigned, public)]
        signed = requests.post(url, report.body, headers=report.headers, timeout=REQUEST_SECONDS, allow_redirects=False)
    except requests.RequestException as failure:
        mend = "Look at the proxy's log."
        return [
            wrong(CHECK, "{url} answers, but not to a POST: {reason}.", mend, url=public, reason=type(failure).__name__)
        ]
    if signed.status_code == requests.codes.forbidden:
        mend = "Restart it, so that it reads the settings that this command has read."
        return [wrong(CHECK, "The running service has another auth token or public address than these settings.", mend)]
    return [ok(CHECK, "{url} leads here, and what the provider signs arrives whole.", url=public)]


def _report_of_no_call(chosen: Settings, url: str) -> WebhookRequest:
    token = account_of(chosen).token
    if chosen.telephony is Telephony.SIP:
        return sip_webhooks.report_of_no_call(token, url)
    return twilio_webhooks.report_of_no_call(token, url)


def _not_refused(answer: requests.Response, public: str) -> Observation:
    if answer.status_code in REDIRECTS:
        mend = "Set ZAOAN_PUBLIC_URL to the address it leads to ({to})."
        said = "{url} redirects: the provider would lose the keys that residents press."
        return wrong(CHECK, said, mend, url=public, to=_beginning(answer.headers.get("Location", "?")))
    mend = "Let the proxy forward POST {url}/telephony/… unchanged, without the prefix, if there is one."
    said = "A POST to {url}/telephony/… is answered with {status} instead of 403."
    return wrong(CHECK, said, mend, url=public, status=answer.status_code)


def _beginning(location: str) -> str:
    return location.partition("/telephony/")[0]


def _local(chosen: Settings) -> str:
    return "127.0.0.1" if chosen.host in {"0.0.0.0", "::", ""} else chosen.host


def _is_private(hostname: str) -> bool:
    try:
        return not ip_address(hostname).is_global
    except ValueError:
        return hostname == "localhost" or hostname.endswith((".local", ".internal", ".localhost"))
