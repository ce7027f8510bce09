"""As much of Asterisk's REST interface (ARI) as a call needs that plays a prompt and hears keys.

https://docs.asterisk.org/Asterisk_16_Documentation/API_Documentation/Asterisk_REST_Interface/
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

APPLICATION = "figures"


@dataclass(frozen=True)
class Answered:
    """Somebody picked up."""

    channel: str


@dataclass(frozen=True)
class Pressed:
    """A key was pressed; Asterisk tells it when it has been let go."""

    channel: str
    key: str


@dataclass(frozen=True)
class NotPlayed:
    """A prompt could not be played; what cuts it off is no failure."""

    prompt: str


Event = Answered | Pressed | NotPlayed


def event_from(text: str) -> Event | None:
    """What a message of the WebSocket says; None for what is of no concern. Raises ``KeyError``, ``ValueError``."""
    told: dict[str, Any] = json.loads(text)
    match told["type"]:
        case "StasisStart":
            return Answered(told["channel"]["id"])
        case "ChannelDtmfReceived":
            return Pressed(told["channel"]["id"], told["digit"])
        case "PlaybackFinished" if told["playback"]["state"] == "failed":
            return NotPlayed(told["playback"]["id"])
        case _:
            return None


class Ari:
    """Asterisk's REST interface at ``url`` (``http://host:port/ari``), for a user and its password."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: str, password: str) -> None:
        self._session, self._url = session, url
        self._known = {"api_key": f"{user}:{password}"}

    async def events(self) -> AsyncIterator[Event]:
        """What happens in calls of our application, for ever; it is opened before the first call is placed."""
        named = self._known | {"app": APPLICATION}
        async with self._session.ws_connect(f"{self._url}/events", params=named) as opened:
            async for message in opened:
                if (event := event_from(message.data)) is not None:
                    yield event

    async def place(self, channel: str, endpoint: str, caller: str, ring_seconds: int) -> None:
        """Rings an endpoint. Raises ``aiohttp.ClientError``."""
        await self._ask("POST", "channels", endpoint=endpoint, app=APPLICATION, channelId=channel, callerId=caller,
                        timeout=str(ring_seconds))  # fmt: skip

    async def play(self, channel: str, prompt: str, file: str) -> None:
        """Begins to play a ``file``, named without its ending, as ``prompt``. Raises ``aiohttp.ClientError``."""
        await self._ask("POST", f"channels/{channel}/play/{prompt}", media=f"sound:{file}")

    async def stop(self, prompt: str) -> None:
        """Cuts off what is being played. Raises ``aiohttp.ClientError``."""
        await self._ask("DELETE", f"playbacks/{prompt}")

    async def applications(self) -> int:
        """How many programs listen. Raises ``aiohttp.ClientError`` as long as Asterisk is not ready."""
        return len(json.loads(await self._ask("GET", "applications")))

    async def _ask(self, method: str, path: str, **asked: str) -> bytes:
        async with self._session.request(method, f"{self._url}/{path}", params=self._known | asked) as answered:
            answered.raise_for_status()
            return await answered.read()
