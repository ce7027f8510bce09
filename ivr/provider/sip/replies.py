"""Our replies in the trunk's words: a JSON object with ``hear``, and what is done then."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivr.ports.provider import Bridge, Connection, Dial, Gather, Pause, Record, Reply, Sound, Utterance
from ivr.ports.turn_url import TurnAddress

Dialled = Callable[[str], str]


def of_reply(reply: Reply, dialled: Dialled) -> str:
    """What somebody hears next; without anything that follows, the end."""
    then: dict[str, Any] = {}
    match reply:
        case Gather():
            then["ask"] = {"url": reply.url, "keys": reply.digits, "seconds": reply.wait_seconds,
                           "also_silence": not reply.closes}  # fmt: skip
        case Record():
            then["record"] = {"url": reply.url, "max_seconds": reply.max_seconds,
                              "silence_seconds": reply.silence_seconds, "status_url": reply.status_url}  # fmt: skip
        case Dial():
            then["connect"] = _connection(reply.url, reply.connection, dialled)
        case Bridge():
            then["bridge"] = True
        case _:
            pass
    return _written(reply.utterances, then)


def of_redirect(utterances: Sequence[Utterance], url: str) -> str:
    """These words, and where to go on."""
    return _written(utterances, {"go_on": url})


def _connection(url: str, connection: Connection, dialled: Dialled) -> Mapping[str, Any]:
    """The leg's own id is its id at the trunk; its addresses name it."""
    address = TurnAddress.found_in(connection.whisper_url)
    return {
        "url": url,
        "leg": str(address.call_id) if address else connection.whisper_url,
        "number": connection.number,
        "dialled": dialled(connection.number),
        "from_": connection.from_,
        "ring_seconds": connection.ring_seconds,
        "talk_seconds": connection.talk_seconds,
        "whisper_url": connection.whisper_url,
        "status_url": connection.status_url,
    }


def _written(utterances: Sequence[Utterance], then: Mapping[str, Any]) -> str:
    """Halves of characters are none in UTF-8, and nobody hears them."""
    text = json.dumps({"hear": [_heard(each) for each in utterances], **then}, ensure_ascii=False)
    return text.encode("utf-8", "ignore").decode()


def _heard(utterance: Utterance) -> Mapping[str, Any]:
    if isinstance(utterance, Sound):
        return {"sound": utterance.url}
    if isinstance(utterance, Pause):
        return {"quiet": utterance.seconds}
    return {"say": utterance.text, "language": utterance.language}
