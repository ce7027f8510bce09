"""After a morning nothing personal can be found in what the database keeps, and everything is found by who may."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from contacts.models import Relative, ResidentHealth
from contacts.queries.numbers import names_with_numbers
from core import actors
from core.encryption.key_ring import KeyRing
from core.encryption.lookup_key import Alike
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case, CaseKind
from ivr.models import CallTurn, Recording, RecordingState, Text, TextIn
from tests import people
from tests.switchboard import responder, rows

HOME, MOBILE, DAUGHTER, NEIGHBOUR = "+8613800138123", "+8613900139123", "+8613700137123", "+8613600136123"
BUILDING, ROOM = "紫藤楼", "乙1204"
SECRETS = {
    "telephone": HOME, "responder's telephone": MOBILE, "relative's telephone": DAUGHTER,
    "telephone of the key holder": NEIGHBOUR, "building": BUILDING, "room": ROOM, "way in": "密码8352",
    "key holder": "对门卢阿姨", "relative": "卫独梅", "e-mail": "weidumei@example.org", "health": "房颤",
    "notes": "爱听越剧", "case": "已送医院内科", "text": "妈妈说腿疼", "recording": "RIFF-what-she-said",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def unencrypted(monkeypatch):
    """What it would be like if nothing was encrypted."""
    for kind, ways in (
        (KeyRing, ("sealed", "opened", "sealed_bytes", "opened_bytes")),
        (Alike, ("_sealed", "_opened")),
    ):
        for way in ways:
            monkeypatch.setattr(kind, way, lambda _, kept: kept)


def a_morning(switchboard):
    """Granny is unwell: a helper is told where she lives and how to get in, goes there, and writes what was found."""
    with database.unit_of_work() as session:
        home = people.household(session, ROOM, BUILDING, access_notes=SECRETS["way in"])
        home.key_holder, home.key_holder_number = SECRETS["key holder"], NEIGHBOUR
        granny = people.resident(session, "王秀英", HOME, home=home, called="王奶奶", notes=SECRETS["notes"])
        people.relative(session, granny.id, SECRETS["relative"], DAUGHTER, email=SECRETS["e-mail"], wants="everything")
        session.add(ResidentHealth(resident_id=granny.id, notes=SECRETS["health"]))
    helper = responder("田保国", MOBILE)
    with database.unit_of_work() as session:
        case_id = cases.open_case(session, actors.system(), CaseKind.UNWELL, granny.id, None).id
    page = switchboard.pick_up(MOBILE)
    assert BUILDING in page.hears
    page.press("1")
    switchboard.post("/telephony/inbound/text", From=DAUGHTER, MessageSid="SM1", Body=SECRETS["text"])
    with database.unit_of_work() as session:
        cases.close(session, actors.user("田主任"), case_id, SECRETS["case"], Finding.TAKEN_TO_HOSPITAL)
        call_id = session.scalars(select(CallTurn.call_id)).first()
        session.add(Recording(call_id=call_id, provider_id="RE1", seconds=3, state=RecordingState.KEPT,
                              made_at=session.get_one(Case, case_id).opened_at,
                              sound=SECRETS["recording"].encode()))  # fmt: skip
    return helper


def found(switchboard):
    """What of the secrets stands somewhere in the database."""
    kept = everything(switchboard.database)
    return {name for name, secret in SECRETS.items() if any(secret.encode(form) in kept for form in FORMS)}


FORMS = ("utf-8", "utf-16-le", "unicode-escape")


def everything(opened):
    """Every value of every row, and on SQLite every byte of its files."""
    with opened.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows_ = [tuple(row) for name in names for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
    written = b"\n".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                         for row in rows_ for value in row)  # fmt: skip
    path = Path(opened.url.database)
    return written + b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*") if opened.is_sqlite)


def test_after_a_morning_nothing_personal_stands_in_the_database(switchboard):
    a_morning(switchboard)
    assert rows(Text), "the daughter was told"
    assert found(switchboard) == set()


@pytest.mark.usefixtures("unencrypted")
def test_the_same_look_finds_all_of_it_where_nothing_is_encrypted(switchboard):
    a_morning(switchboard)
    assert found(switchboard) == set(SECRETS)


def test_who_may_finds_everything_as_before(switchboard):
    a_morning(switchboard)
    with database.reading() as session:
        assert set(names_with_numbers(session, [HOME, DAUGHTER, MOBILE])) == {"王秀英", SECRETS["relative"], "田保国"}
        assert session.scalars(select(Relative.email).where(Relative.number == DAUGHTER)).all() == [SECRETS["e-mail"]]
    [came] = rows(TextIn, number=DAUGHTER)
    assert came.body == SECRETS["text"]
    [case] = rows(Case, kind=CaseKind.UNWELL)
    assert case.note == SECRETS["case"]
