"""Reports, and how one is kept on this machine's disk while our database cannot take it.

A piece is JSON: ``kind``, ``subject``, ``told`` and ``at``. What an earlier version has kept has ``fields`` instead of
``told``: the provider's own words, which its adapter reads, beside ours. Nothing that was kept is lost by an update.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

from ivr.ports.events import CallReport, InboundText, MachineReport, RecordingReport, TextReport, Webhook
from ivr.ports.provider import Telephony
from ivr.ports.turn_url import TurnAddress
from ivr.webhooks.spool import Piece


class Kind(StrEnum):
    """What is reported."""

    ENDED = "ended"
    MACHINE = "machine"
    INBOUND_ENDED = "inbound_ended"
    TEXT = "text"
    TEXT_FARED = "text_fared"
    RECORDED = "recorded"


@dataclass(frozen=True)
class RecordedTurn:
    """What was heard at turn ``number`` of the provider's call is a recording; ``step``: where, if that is known."""

    provider_id: str
    number: int
    recording: RecordingReport
    step: str | None = None
    play: int = 1

    @classmethod
    def at(cls, address: TurnAddress, provider_id: str, recording: RecordingReport) -> Self:
        """What was heard at this turn."""
        if address.position is None:
            return cls(provider_id, address.number, recording)
        return cls(provider_id, address.number, recording, address.position.step, address.position.play)


Told = CallReport | MachineReport | InboundText | TextReport | RecordedTurn


@dataclass(frozen=True)
class Report:
    """What the provider told us of one of our calls or texts ("": it knows only its own).

    ``at`` is the instant at which it came, where that matters.
    """

    kind: Kind
    subject: str
    told: Told
    at: datetime | None = None


_TYPES: Mapping[Kind, type[Told]] = {
    Kind.ENDED: CallReport,
    Kind.MACHINE: MachineReport,
    Kind.INBOUND_ENDED: CallReport,
    Kind.TEXT: InboundText,
    Kind.TEXT_FARED: TextReport,
    Kind.RECORDED: RecordedTurn,
}
_ADAPTERS: Mapping[Kind, TypeAdapter[Any]] = {kind: TypeAdapter(told) for kind, told in _TYPES.items()}


def piece_of(report: Report) -> Piece:
    """The report as it is kept."""
    told = _ADAPTERS[report.kind].dump_python(report.told, mode="json")
    at = {"at": report.at.isoformat()} if report.at else {}
    return {"kind": report.kind.value, "subject": report.subject, "told": told} | at


def report_of(piece: Piece, telephony: Telephony) -> Report:
    """The report that was kept; raises ``ValueError`` or ``LookupError`` for what is none."""
    kind, subject, at = Kind(piece["kind"]), piece["subject"], piece.get("at")
    if "told" not in piece:
        return _earlier(kind, subject, piece["fields"], telephony)
    told = _ADAPTERS[kind].validate_python(piece["told"])
    return Report(kind, subject, told, datetime.fromisoformat(at) if at else None)


_READ: Mapping[Kind, Callable[[Webhook], Told]] = {
    Kind.ENDED: lambda webhook: webhook.call_report(),
    Kind.MACHINE: lambda webhook: webhook.machine_report(),
    Kind.INBOUND_ENDED: lambda webhook: webhook.call_report(),
    Kind.TEXT: lambda webhook: webhook.inbound_text(),
    Kind.TEXT_FARED: lambda webhook: webhook.text_report(),
}


def _earlier(kind: Kind, subject: str, fields: Mapping[str, str], telephony: Telephony) -> Report:
    webhook = telephony.kept(fields)
    if kind is Kind.RECORDED:
        recording = RecordingReport(fields["recording"], int(fields["seconds"]))
        told = RecordedTurn(webhook.turn().provider_id, int(fields["number"]), recording, fields.get("step"),
                            int(fields.get("play", 1)))  # fmt: skip
        return Report(kind, subject, told)
    at = datetime.fromisoformat(fields["at"]) if kind is Kind.TEXT else None
    return Report(kind, subject, _READ[kind](webhook), at)
