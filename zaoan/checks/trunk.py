"""The trunk: does it answer, does the telephone company know us, does the gateway?"""

from collections.abc import Mapping
from typing import Any

from core.settings import Settings
from core.sip_settings import SipTransport, is_here
from zaoan.checks.finding import Finding, ok, warning, wrong
from zaoan.process.trunk_process import ask

CHECK = "provider"
GATEWAY = {
    "answers": ok(CHECK, "The gateway at {proxy} answers."),
    "silent": wrong(
        CHECK,
        "The gateway at {proxy} no longer answers.",
        "Look whether it is switched on and reached from here: every call waits for it.",
    ),
    "unknown": warning(
        CHECK,
        "The gateway at {proxy} has not answered yet (OPTIONS over UDP).",
        "Look at ZAOAN_SIP_PROXY and at the firewall; some gateways answer calls alone.",
    ),
}


def examine_trunk(chosen: Settings) -> list[Finding]:
    """As the trunk itself says it."""
    known = ask(chosen, "GET", "/healthz", chosen.trunk_url)
    if known is None:
        mend = "Start it with `zaoan up`, or with `zaoan trunk` where there are many machines."
        return [wrong(CHECK, "The trunk at {url} does not answer.", mend, url=chosen.trunk_url)]
    found = [ok(CHECK, "The trunk at {url} is there, with {calls} calls.", url=chosen.trunk_url, calls=known["calls"])]
    for peer in known["peers"]:
        found += _peer(peer)
    return [*found, *_secrecy(chosen)]


def _peer(known: Mapping[str, Any]) -> list[Finding]:
    gateway, gaps = GATEWAY.get(known["gateway"], GATEWAY["unknown"]), {"proxy": known["proxy"]}
    stands = Finding(gateway.check, gateway.state, gateway.said, gateway.mend, gaps)
    if known["registered"]:
        return [stands]
    mend = "Look at ZAOAN_SIP_USER and ZAOAN_SIP_PASSWORD, and at the trunk's log: it says what was answered."
    return [wrong(CHECK, "{proxy} has not registered us.", mend, **gaps), stands]


def _secrecy(chosen: Settings) -> list[Finding]:
    trunks = chosen.sip_trunks
    if all(trunk.transport is SipTransport.TLS or is_here(trunk.proxy) for trunk in trunks):
        return []
    mend = "Keep the gateway on a network of your own, or set ZAOAN_SIP_TRANSPORT=tls where it can."
    return [warning(CHECK, "What is said and pressed goes to the gateway unencrypted.", mend)]
