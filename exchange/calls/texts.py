"""Text messages, in both directions."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from exchange.calls.reporting import API_VERSION, Account
from exchange.log import Direction, Log, Subject
from exchange.messages import By
from exchange.parties.directory import Directory
from exchange.tempo import Tempo
from exchange.webhooks.callbacks import Answer, Callbacks, Kind, Webhook

DELIVERY_SECONDS = 2.0
UNREACHABLE_HANDSET = 30003


class TextStatus(StrEnum):
    """Twilio's words for the state of a text."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    RECEIVED = "received"


@dataclass
class Text:
    """One text; instants are real UTC."""

    direction: Direction
    to: str
    from_: str
    body: str
    status: TextStatus
    status_callback: str | None = None
    sid: str = field(default_factory=lambda: f"SM{secrets.token_hex(16)}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent_at: datetime | None = None
    error_code: int | None = None

    @property
    def number(self) -> str:
        """The subscriber's number."""
        return self.to if self.direction is Direction.OUT else self.from_

    @property
    def subject(self) -> Subject:
        """What log entries about the text are about."""
        return Subject(None, self.number, self.direction)

    @property
    def twilio_direction(self) -> str:
        """Twilio's word for the direction."""
        return "outbound-api" if self.direction is Direction.OUT else "inbound"


class Mailroom:
    """All texts of the exchange."""

    def __init__(self, account: Account, tempo: Tempo, log: Log, callbacks: Callbacks, directory: Directory) -> None:
        self._account = account
        self._tempo = tempo
        self._log = log
        self._callbacks = callbacks
        self._directory = directory
        self._texts: dict[str, Text] = {}
        self._boxes: dict[str, list[Text]] = defaultdict(list)
        self._listeners: list[Callable[[Text], None]] = []

    def accept(self, to: str, from_: str, body: str, status_callback: str | None) -> Text:
        """Takes a text from the service; ``deliver`` carries it."""
        text = Text(Direction.OUT, to, from_, body, TextStatus.QUEUED, status_callback)
        self._enter(text)
        return text

    async def deliver(self, text: Text) -> None:
        """Hands a text to its subscriber after a moment and reports; where nobody is, it is undelivered."""
        await self._tempo.sleep(DELIVERY_SECONDS)
        text.sent_at = datetime.now(UTC)
        text.status = TextStatus.DELIVERED
        if self._directory.find(text.to) is None:
            text.status, text.error_code = TextStatus.UNDELIVERED, UNREACHABLE_HANDSET
        self._log.write(f"text.{text.status}", text.subject, text=text.sid, code=text.error_code)
        if text.status is TextStatus.DELIVERED:
            self._put_into_box(text)
        if text.status_callback is not None:
            self._callbacks.send(Kind.TEXT, Webhook(text.status_callback), self._report(text), text.subject)

    async def receive(self, from_: str, body: str, by: By = By.SCRIPT) -> tuple[Text, Answer]:
        """A subscriber writes to the service; returns what the service answered."""
        text = Text(Direction.IN, self._account.numbers[0], from_, body, TextStatus.RECEIVED)
        self._enter(text, by=by)
        self._put_into_box(text)
        params = self._names(text) | {"Body": body, "NumMedia": "0", "NumSegments": "1", "SmsStatus": text.status}
        return text, await self._callbacks.send(Kind.TEXT, Webhook(self._account.text_url), params, text.subject)

    def find(self, sid: str) -> Text | None:
        """A text by its sid."""
        return self._texts.get(sid)

    def newest_first(self) -> Iterable[Text]:
        """Every text, the latest first."""
        return reversed(self._texts.values())

    def delivered(self) -> dict[str, list[Text]]:
        """What each subscriber has received, the earliest first."""
        boxes = {number: [t for t in box if t.direction is Direction.OUT] for number, box in self._boxes.items()}
        return {number: received for number, received in boxes.items() if received}

    def box(self, number: str) -> Sequence[Text]:
        """What a subscriber has received and written, the earliest first."""
        return self._boxes.get(number, [])

    def tell(self, listener: Callable[[Text], None]) -> None:
        """From now on ``listener`` is called with each text that a subscriber receives or writes."""
        self._listeners.append(listener)

    def _put_into_box(self, text: Text) -> None:
        self._boxes[text.number].append(text)
        for listener in self._listeners:
            listener(text)

    def _enter(self, text: Text, **more: object) -> None:
        self._texts[text.sid] = text
        said = {"text": text.sid, "to": text.to, "from": text.from_, "body": text.body, "report": text.status_callback}
        self._log.write("text", text.subject, **said, **more)

    def _names(self, text: Text) -> dict[str, str]:
        return {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "AccountSid": self._account.sid,
            "From": text.from_,
            "To": text.to,
            "ApiVersion": API_VERSION,
        }

    def _report(self, text: Text) -> dict[str, str]:
        params = self._names(text) | {"MessageStatus": text.status, "SmsStatus": text.status}
        return params if text.error_code is None else params | {"ErrorCode": str(text.error_code)}
