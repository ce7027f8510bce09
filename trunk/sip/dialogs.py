"""Dialogs: what has to be known of a call to end it from outside the engine that made it (RFC 3261, chapter 12).

All of it stands in the messages that the engine sends and receives, which are read here as they pass.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from trunk.sip.messages import Message, host_of, parsed, uri_of
from trunk.sip.sdp import codec_of

_PROVISIONAL = range(101, 200)
_ANSWERED = range(200, 300)


@dataclass(frozen=True)
class Traced:
    """One message that passes: whether we have sent it, by which transport, and the other side's ``host:port``."""

    is_ours: bool
    transport: str
    peer: str
    message: Message


@dataclass(frozen=True)
class Dialog:
    """One dialog from our side. ``is_answered``: it ends by BYE, before that by CANCEL of the request ``branch``.

    ``local`` and ``remote`` are whole From and To values with their tags, ``target`` is whom requests address,
    ``routes`` the route set in its order, ``sequence`` our last CSeq, ``codec`` what the answer has chosen. ``sent_by``
    is our own ``host:port`` as the other side knows it, which a CANCEL has to repeat (RFC 3261, 17.2.3).
    ``early_target`` and ``early_routes`` are whom requests within the dialog address while it rings (12.1.2); a CANCEL
    goes where its INVITE went.
    """

    call_id: str
    local: str
    remote: str
    target: str
    peer: str
    transport: str
    sequence: int
    branch: str = ""
    contact: str = ""
    routes: Sequence[str] = ()
    is_answered: bool = False
    codec: str = ""
    sent_by: str = ""
    early_target: str = ""
    early_routes: Sequence[str] = ()

    def written(self) -> dict[str, Any]:
        """As it is kept in the journal."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """The dialog that was kept so."""
        return cls(**kept | {name: tuple(kept.get(name, ())) for name in ("routes", "early_routes")})


def traced(is_ours: bool, transport: str, peer: str, packet: bytes) -> Traced | None:
    """A message as it passes; None for what is none."""
    message = parsed(packet)
    return None if message is None else Traced(is_ours, transport, peer, message)


def after(known: Dialog | None, seen: Traced) -> Dialog | None:
    """How a call's dialog stands after this message; the same object where it says nothing new."""
    message = seen.message
    if message.method == "INVITE" and message.status is None:
        return _invited(known, seen)
    if known is None or message.status is None or message.sequence[1] != "INVITE":
        return known
    if seen.is_ours:
        return _we_answered(known, seen)
    if message.status in _ANSWERED:
        return _they_answered(known, message)
    if message.status in _PROVISIONAL and message.header("To") and not known.is_answered:
        return _they_ring(known, message)
    return known


def _they_ring(known: Dialog, message: Message) -> Dialog:
    rung = replace(
        known,
        remote=message.header("To"),
        early_target=uri_of(message.header("Contact")) or known.target,
        early_routes=tuple(reversed(message.headers("Record-Route"))),
    )
    return known if rung == known else rung


def _invited(known: Dialog | None, seen: Traced) -> Dialog | None:
    """An INVITE within a dialog only counts up; the same one again with a password does, too."""
    message = seen.message
    number, _ = message.sequence
    if known is not None and known.is_answered:
        return replace(known, sequence=number) if seen.is_ours and number > known.sequence else known
    if not seen.is_ours:
        return _they_invited(seen)
    return Dialog(
        call_id=message.header("Call-ID"),
        local=message.header("From"),
        remote=message.header("To"),
        target=message.target,
        peer=seen.peer,
        transport=seen.transport,
        sequence=number,
        branch=message.branch,
        contact=message.header("Contact"),
        routes=tuple(message.headers("Route")),
        sent_by=message.sent_by,
    )


def _they_invited(seen: Traced) -> Dialog:
    message = seen.message
    return Dialog(
        call_id=message.header("Call-ID"),
        local=message.header("To"),
        remote=message.header("From"),
        target=uri_of(message.header("Contact")),
        peer=seen.peer,
        transport=seen.transport,
        sequence=0,
        routes=tuple(message.headers("Record-Route")),
    )


def _we_answered(known: Dialog, seen: Traced) -> Dialog:
    if seen.message.status not in _ANSWERED or known.is_answered:
        return known
    message = seen.message
    contact = message.header("Contact")
    return replace(known, local=message.header("To"), is_answered=True, contact=contact, sent_by=host_of(contact),
                   codec=codec_of(message.body))  # fmt: skip


def _they_answered(known: Dialog, message: Message) -> Dialog:
    if known.is_answered:
        return known
    return replace(
        known,
        remote=message.header("To"),
        target=uri_of(message.header("Contact")) or known.target,
        routes=tuple(reversed(message.headers("Record-Route"))),
        is_answered=True,
        codec=codec_of(message.body),
    )
