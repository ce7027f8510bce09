"""The trunk: does it answer, does the telephone company know us, does the gateway?"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.settings import Settings
from core.sip_settings import SipSrtp, SipTransport, is_here
from zaoan.checks.observation import Observation, ok, warning, wrong
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


def examine_trunk(chosen: Settings) -> list[Observation]:
    """As the trunk itself says it."""
    known = ask(chosen, "GET", "/healthz", chosen.trunk_url)
    if known is None:
        mend = "Start it with `zaoan up`, or with `zaoan trunk` where there are many machines."
        return [wrong(CHECK, "The trunk at {url} does not answer.", mend, url=chosen.trunk_url)]
    found = [ok(CHECK, "The trunk at {url} is there, with {calls} calls.", url=chosen.trunk_url, calls=known["calls"])]
    for peer in known["peers"]:
        found += [*_peer(peer), *_codecs(peer, chosen.sip_codecs)]
    return [*found, *_secrecy(chosen)]


def _peer(known: Mapping[str, Any]) -> list[Observation]:
    gateway, gaps = GATEWAY.get(known["gateway"], GATEWAY["unknown"]), {"proxy": known["proxy"]}
    stands = Observation(gateway.check, gateway.state, gateway.said, gateway.mend, gaps)
    if known["registered"]:
        return [stands]
    mend = "Look at ZAOAN_SIP_USER and ZAOAN_SIP_PASSWORD, and at the trunk's log: it says what was answered."
    return [wrong(CHECK, "{proxy} has not registered us.", mend, **gaps), stands]


def _codecs(known: Mapping[str, Any], ours: Sequence[str]) -> list[Observation]:
    """Of a gateway that names them in its answer to OPTIONS; it may still choose otherwise in a call."""
    if not (theirs := known.get("codecs")):
        return []
    offered = [each.upper() for each in ours]
    gaps = {"proxy": known["proxy"], "theirs": ", ".join(theirs), "ours": ", ".join(offered)}
    if any(each in theirs for each in offered):
        return [ok(CHECK, "The gateway at {proxy} knows {theirs}; we offer {ours}.", **gaps)]
    mend = "Let the gateway allow one of them, or change ZAOAN_SIP_CODECS."
    return [wrong(CHECK, "The gateway at {proxy} knows {theirs}, and none of what we offer ({ours}).", mend, **gaps)]


def _secrecy(chosen: Settings) -> list[Observation]:
    """Signalling carries the keys of the sound: without TLS nothing is secret, and with TLS alone the sound is not."""
    away = [trunk for trunk in chosen.sip_trunks if not is_here(trunk.proxy)]
    found = []
    if any(trunk.transport is not SipTransport.TLS for trunk in away):
        mend = "Keep the gateway on a network of your own, or set ZAOAN_SIP_TRANSPORT=tls where it can."
        found.append(warning(CHECK, "What is said and pressed goes to the gateway unencrypted.", mend))
    for trunk in away:
        if trunk.transport is SipTransport.TLS and trunk.srtp is not SipSrtp.REQUIRED:
            found.append(_plain_sound(trunk.proxy, trunk.srtp is SipSrtp.OFFERED))
    return found


def _plain_sound(proxy: str, is_offered: bool) -> Observation:
    said = (
        "{proxy} may choose plain sound: what is said and pressed is encrypted only where it wants."
        if is_offered
        else "Who rings whom is encrypted (TLS) on its way to {proxy}; what is said and pressed is not (no SRTP)."
    )
    return warning(CHECK, said, "Set ZAOAN_SIP_SRTP=required where the gateway can.", proxy=proxy)
