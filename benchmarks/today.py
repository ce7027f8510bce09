"""Today: the processor's time and the bytes that one change costs on the page of 3,000 residents, once for all tabs."""

import re
from collections.abc import Mapping, Sequence
from time import process_time

from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from benchmarks import street
from benchmarks.figures import Figure, at_most
from benchmarks.house import house
from console.sign_in import cookies
from contacts.community.community import the_community
from core import actors
from core.identity import sessions, users
from core.identity.roles import AccessRole
from core.storage.database import unit_of_work
from zaoan.process.service import settle
from zaoan.web.app import web_app

RESIDENTS = 3000
CHANGES = 20
MOST_MS, MOST_BYTES = 100, 150_000
PART = re.compile(r'data-part="([^"]+)" data-version="([^"]+)"')
Versions = dict[str, str]


def figures() -> list[Figure]:
    """The whole page, and what a page that is open is sent after one answer."""
    with house(0) as chosen:
        street.move_in(RESIDENTS)
        street.half_a_morning()
        with TestClient(web_app(ClipStore(chosen.data_dir / "clips")), base_url=chosen.public_url) as client:
            client.cookies.set(cookies.NAME, _somebody_of_the_office())
            settle()  # as the service does when it has started
            return [_whole(client), *_changes(client)]


def _somebody_of_the_office() -> str:
    """The secret of the session of somebody who has signed in."""
    with unit_of_work() as session:
        user, _ = users.create(session, actors.system(), the_community(session).id, "bench", AccessRole.OFFICE)
        return sessions.begin(session, user, "127.0.0.1", "benchmark")


def _whole(client: TestClient) -> Figure:
    client.get("/")
    begun = process_time()
    answer = client.get("/")
    milliseconds = (process_time() - begun) * 1000
    beside = f"{len(answer.content):,} bytes before compression, {answer.text.count('<') // 2:,} elements"
    return Figure(f"whole page of {RESIDENTS:,}", milliseconds, "ms", f"{_sent(answer.headers):,} bytes sent; {beside}")


def _changes(client: TestClient) -> Sequence[Figure]:
    had: Versions = dict(PART.findall(client.get("/").text))
    took, sent = [], []
    for index in range(CHANGES):
        street.change(index)
        begun = process_time()
        answer = client.post("/today/parts", data={"have": " ".join(map(":".join, had.items()))})
        took.append((process_time() - begun) * 1000)
        sent.append(_sent(answer.headers))
        had |= dict(PART.findall(answer.text))
    took.sort()
    beside = f"slowest {took[-1]:.0f} ms, the client's own work included"
    name = f"a change on the page of {RESIDENTS:,}"
    return [
        Figure(name, took[CHANGES // 2], "ms", beside, bound=at_most(MOST_MS)),
        Figure(f"{name}, sent", max(sent), "bytes", bound=at_most(MOST_BYTES)),
    ]


def _sent(headers: Mapping[str, str]) -> int:
    return int(headers["Content-Length"])
