"""Our own addresses for the turns of a call. They carry all that must not depend on our database.

The step whose answer is expected, so that an answer is understood whatever was heard, lost or overtaken before it; and,
while our database cannot take it, the key that was pressed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from core.i18n import Language
from ivr.dialogue.engine import Position
from ivr.ports.webhook_paths import turn_path

MESSAGE_TURN = 900
"""The number of the turn in which a machine is left a message; the key of a person who heard it is the next turn's."""
LAST_TURN = 999
_TURN = re.compile(
    r".*/telephony/calls/(?P<call>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})/turns/(?P<number>[0-9]{1,3})"
)


@dataclass(frozen=True)
class TurnAddress:
    """Turn ``number`` of a call: where in the dialogue its answer was asked for (None: nowhere yet).

    ``key`` is what was pressed and could not be recorded yet ("" for silence, None when nothing was tried yet), and
    ``tries`` how often that has failed.
    """

    call_id: UUID
    number: int
    position: Position | None = None
    language: Language | None = None
    key: str | None = None
    tries: int = 0

    @classmethod
    def read(cls, call_id: UUID, number: int, query: Mapping[str, str]) -> Self:
        """The address that ``path`` made; what is missing or meaningless in the query is left out."""
        step, play, language = query.get("step"), query.get("play", ""), query.get("language")
        position = Position(step, int(play)) if step and _is_small(play) else None
        tries = query.get("try", "")
        return cls(
            call_id,
            number,
            position,
            Language(language) if language in list(Language) else None,
            query.get("key"),
            int(tries) if _is_small(tries) else 0,
        )

    @classmethod
    def found_in(cls, url: str) -> Self | None:
        """The turn whose address ``url`` is, on whatever host; None when it is no turn's."""
        try:
            parts = urlsplit(url)
        except ValueError:  # "http://[" is no address at all
            return None
        turn = _TURN.fullmatch(parts.path)
        if turn is None:
            return None
        return cls.read(UUID(turn["call"]), int(turn["number"]), dict(parse_qsl(parts.query, keep_blank_values=True)))

    @classmethod
    def of_url(cls, call_id: UUID, url: str) -> Self:
        """The turn of this call whose address ``url`` is; its beginning when it is none of it."""
        found = cls.found_in(url)
        return found if found is not None and found.call_id == call_id else cls(call_id, 0)

    def path(self) -> str:
        """Path and query."""
        carried: dict[str, str | int] = {}
        if self.position:
            carried |= {"step": self.position.step, "play": self.position.play}
        if self.language:
            carried["language"] = self.language
        if self.key is not None:
            carried["key"] = self.key
        if self.tries:
            carried["try"] = self.tries
        query = f"?{urlencode(carried)}" if carried else ""
        return f"{turn_path(self.call_id, self.number)}{query}"

    def next_try(self, key: str) -> Self:
        """The same turn, asked once more with what was heard."""
        return replace(self, key=key, tries=self.tries + 1)


def message_path(call_id: UUID) -> str:
    """What to tell a machine that has answered the call."""
    return TurnAddress(call_id, MESSAGE_TURN).path()


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
