"""While others hold the database, or it is away, every request is answered 503: again in a moment."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import anyio
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from api.problems import MEDIA_TYPE
from console.sign_in import users as users_page
from core.identity import visitor
from core.identity.models import AuditEntry, UserSession
from core.identity.roles import AccessRole
from core.ids import new_id
from core.storage import database
from core.storage.database import Base, Database, TooSlowError
from tests import signed_in
from tests.api.conftest import GRANNY
from tests.signed_in import bearer
from zaoan.process import wiring
from zaoan.web import gate
from zaoan.web.app import web_app
from zaoan.web.unavailable import AGAIN_SECONDS, Unavailable

HTML = {"Accept": "text/html"}
RELOADS = f'<meta http-equiv="refresh" content="{AGAIN_SECONDS}">'
READING = [
    "/",
    "/today/parts",
    "/users",
    "/account",
    "/print",
    "/sign-in",
    "/invitation/abc",
    "/no/such/page",
    "/audit",
]
SENDING = ["/users", "/today/parts", "/sign-in", "/sign-out", f"/today/cases/{'0' * 32}/arrive"]


@pytest.fixture
def house(house_settings, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    monkeypatch.setattr(database, "HURRY_SECONDS", 1.0)
    opened = wiring.open_house(house_settings)
    connected = wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1")
    with TestClient(web_app(connected.store), base_url=house_settings.public_url, raise_server_exceptions=False,
                    follow_redirects=False) as client:  # fmt: skip
        signed_in.enter(client, role=AccessRole.ADMINISTRATOR)
        yield client
    connected.voice.close()
    database.current().close()
    opened.close()


@pytest.fixture
def token(house):
    return bearer(signed_in.token())


@pytest.fixture(params=["held", "away"])
def unavailable(request, house):
    """Call it: from then on the database is held by somebody else, or nothing is where it was."""
    meanwhile = held if request.param == "held" else away

    @contextmanager
    def begun():
        database.current().close()  # SQLite: nobody else has it open who could be asked to share it
        with meanwhile(database.current()):
            yield

    return begun


@contextmanager
def held(opened):
    """Every table is locked against reading and writing, as by a backup or a migration."""
    if opened.is_sqlite:
        with closing(sqlite3.connect(opened.url.database, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(opened.url.set(drivername="postgresql").render_as_string(False)) as other:
        tables = ", ".join(f'"{each}"' for each in Base.metadata.tables)
        other.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def away(opened):
    """Nobody listens there; where a file should be is a folder."""
    folder = Path(opened.url.database or "").parent
    nowhere = f"sqlite:///{folder}" if opened.is_sqlite else "postgresql+psycopg://127.0.0.1:1/nowhere"
    elsewhere = Database(nowhere)
    database.use(elsewhere)
    yield
    database.use(opened)
    elsewhere.close()


def all_told(answers):
    return {path: (answer.status_code, answer.headers.get("Retry-After")) for path, answer in answers.items()}


def test_a_page_asks_again_by_itself_and_the_next_time_it_is_there(house, unavailable):
    assert house.get("/users", headers=HTML).status_code == 200
    with unavailable():
        answers = {path: house.get(path, headers=HTML) for path in READING}
    assert all_told(answers) == dict.fromkeys(READING, (503, str(AGAIN_SECONDS)))
    assert all(RELOADS in answer.text for answer in answers.values())
    assert house.get("/users", headers=HTML).status_code == 200


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "请稍等"), ("en", "One moment, please")])
def test_it_is_said_in_the_language_of_whoever_asks(house, unavailable, language, said):
    with unavailable():
        page = house.get("/users", headers=HTML | {"Accept-Language": language})
        problem = house.get("/api/v1/residents", headers=bearer("x") | {"Accept-Language": language})
    assert f"<h1>{said}</h1>" in page.text
    assert (page.headers["Content-Language"], problem.headers["Content-Language"]) == (language, language)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in page.headers


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "不能确定"), ("en", "it is not certain")])
def test_of_what_was_sent_it_is_not_said_that_it_was_kept_and_nothing_is_sent_again(house, unavailable, language, said):
    with unavailable():
        answers = {path: house.post(path, headers=HTML | {"Accept-Language": language}) for path in SENDING}
    assert all_told(answers) == dict.fromkeys(SENDING, (503, str(AGAIN_SECONDS)))
    assert not any("http-equiv" in answer.text for answer in answers.values())
    assert all(said in answer.text for answer in answers.values())


def test_the_script_of_a_page_gets_no_page_to_put_into_it(house, unavailable):
    with unavailable():
        answers = {path: house.post(path, headers={"X-Parts": "true"}) for path in SENDING if path != "/sign-in"}
        answers |= {path: house.get(path) for path in ("/today/parts", "/events")}
    assert {answer.status_code for answer in answers.values()} == {503}
    assert {answer.headers["Content-Type"] for answer in answers.values()} == {MEDIA_TYPE}


def test_a_program_is_told_by_a_problem_when_to_ask_again(house, token, unavailable):
    once = token | {"Idempotency-Key": "a"}
    with unavailable():
        answers = {
            "list": house.get("/api/v1/residents", headers=token),
            "one": house.get(f"/api/v1/residents/{new_id()}", headers=token),
            "new": house.post("/api/v1/residents", headers=once, json=GRANNY),
            "changed": house.patch(f"/api/v1/residents/{new_id()}", headers=token | {"If-Match": '"1"'}, json={}),
            "nowhere": house.get("/readyz"),
        }
    problems = {name: answer for name, answer in answers.items() if name != "nowhere"}
    assert all_told(problems) == dict.fromkeys(problems, (503, str(AGAIN_SECONDS)))
    assert {each.json()["type"] for each in problems.values()} == {"urn:zaoan:problem:unavailable"}
    assert (answers["nowhere"].status_code, answers["nowhere"].json()["status"]) == (503, "not ready")
    assert house.post("/api/v1/residents", headers=once, json=GRANNY).status_code == 201
    assert len(house.get("/api/v1/residents", headers=token).json()["items"]) == 1


def test_the_process_says_that_it_lives(house, unavailable):
    with unavailable():
        assert house.get("/healthz").json() == {"status": "alive"}


def test_so_is_whoever_has_just_passed_the_gate(house, unavailable, monkeypatch):
    with database.reading() as session:
        known = visitor.of_session(session.scalars(select(UserSession)).one())
    monkeypatch.setattr(gate, "_visitor", lambda _: known)
    with unavailable():
        assert all_told({path: house.get(path, headers=HTML) for path in READING[:5]}) == dict.fromkeys(
            READING[:5], (503, str(AGAIN_SECONDS))
        )


def test_what_is_our_own_mistake_stays_one(house, monkeypatch):
    """A statement that SQLite does not understand is no reason to ask again."""

    def mistaken(*_):
        with database.reading() as session:
            session.execute(text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(gate.sessions, "of_secret", mistaken)
    assert house.get("/users", headers=HTML).status_code == 500


def test_an_answer_that_has_begun_is_not_begun_again():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise TooSlowError("others")

    sent = []

    async def send(message):
        sent.append(message)

    with pytest.raises(TooSlowError):
        anyio.run(Unavailable(app), {"type": "http", "method": "GET", "path": "/"}, None, send)
    assert len(sent) == 1


def test_an_entry_of_the_audit_log_says_what_was_answered(house, monkeypatch):
    def others_hold_it(*_):
        raise TooSlowError("others")

    monkeypatch.setattr(users_page, "_page", others_hold_it)
    assert house.get("/users", headers=HTML).status_code == 503
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.status)).all() == [503]
