from json import dumps, loads
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Uuid, column, inspect, select, table, text
from sqlalchemy.orm import Session

import zaoan.process.service  # noqa: F401 - every table of the service
from campaigns.models import Trial
from contacts.models import Area, Household, Phone, RefusedNumber, Relative, ResidentHealth
from core.encryption import lookup_key
from core.errors import ConflictError
from core.storage import migrating
from core.storage.database import Base, Database
from core.storage.migrating import migrate
from ivr.dialogue.engine import Dialogue
from ivr.dialogue.particulars import filled
from ivr.dispatch.call_dialogues import dialogue_of
from ivr.models import Call, CallTurn, StoredDialogue, TextIn
from ivr.turns.kept_replies import unpacked


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = (
        request.getfixturevalue("postgresql")(empty=True)
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path}/z.db"
    )
    opened = Database(url)
    yield opened
    opened.close()


def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def indexes(database):
    """Every index of the database by its name, as the database itself would write it."""
    with database.engine.connect() as connection:
        written = connection.execute(text(INDEXES[connection.dialect.name])).all()
        return {name: "".join(sql.replace('"', "").split()) for name, sql in written if "alembic" not in name}


def test_the_migrations_make_exactly_the_indexes_of_the_models(database):
    Base.metadata.create_all(database.engine)
    of_the_models = indexes(database)
    assert "WHERE" in of_the_models["uq_calls_active_number"]
    Base.metadata.drop_all(database.engine)
    migrate(database)
    assert indexes(database) == of_the_models


def test_migrating_again_changes_nothing(database):
    migrate(database)
    migrate(database)


def first_morning(database, rows):
    """The database as the first version has left it, with these rows."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for table, values in rows:
            named = ", ".join(f"'{value}'" for value in values.values())
            connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({named})")
        connection.commit()


AT, ONE = "2026-11-01 00:00:00", "00000000000000000000000000000001"
COMMUNITY = {"id": ONE, "community_id": ONE}
PLACES = [
    ("communities", {"id": ONE, "name": "x", "timezone": "Asia/Shanghai", "language": "zh-CN", "region": "CN",
                     "area_code": "0311", "call_from": "07:30:00.000000", "call_until": "21:00:00.000000"}),
    ("areas", COMMUNITY | {"kind": "community", "name": "x"}),
    ("households", COMMUNITY | {"area_id": ONE, "room": "101", "access_notes": ""}),
]  # fmt: skip


def a_resident(number):
    return ("residents", {"id": f"{number:032x}", "community_id": ONE, "household_id": ONE, "name": f"{number}",
                          "called": "王奶奶", "language": "zh-CN", "notes": ""})  # fmt: skip


def test_cases_that_pages_refer_to_survive_every_migration(database):
    at, one, community = AT, ONE, COMMUNITY
    first_morning(
        database,
        [
            *PLACES,
            a_resident(1),
            ("responders", community | {"name": "楼长", "role": "office", "number": "+1", "email": "",
                                        "chat_address": "", "language": "zh-CN"}),
            ("calls", {"id": one, "direction": "out", "number": "+1", "owner": "page", "dialogue": "{}", "urgency": 0,
                       "state": "ended", "ring_seconds": 45, "due_at": at, "not_after": at, "by_machine": 0,
                       "hang_up_wanted": 0}),
            ("cases", community | {"resident_id": one, "kind": "unwell", "state": "open", "urgency": 0,
                                   "opened_at": at, "note": ""}),
            ("pages", {"id": one, "case_id": one, "responder_id": one, "call_id": one, "state": "unanswered",
                       "asked_at": at}),
        ],
    )  # fmt: skip
    migrate(database)
    with database.engine.connect() as connection:
        [(case_id, state)] = connection.exec_driver_sql(
            "SELECT pages.case_id, cases.state FROM pages JOIN cases ON cases.id = pages.case_id"
        ).all()
        assert (str(case_id).replace("-", ""), state) == (one, "open")
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


CONSENTS = {
    2: [("书面同意", None)],
    3: [("不同意", None)],
    4: [("#N/A", None)],
    5: [("书面同意", None), ("拒绝", None)],
    6: [("未签", None), ("2026-11-20 书面同意", None)],
    7: [("书面同意", "2026-11-09 00:00:00"), ("口头", "2026-11-09 00:00:00")],
    8: [("书面同意", "2026-11-09 00:00:00"), ("2026-11-20 再次同意", None)],
    9: [("✓", None)],
    10: [("FALSE", None)],
}
"""By resident, what the first version has stored of their consents, and when it was withdrawn."""


def test_refusals_that_were_stored_as_consents_are_refusals(database):
    rows = [*PLACES, *(a_resident(number) for number in CONSENTS)]
    for number, consents in CONSENTS.items():
        for index, (statement, withdrawn_at) in enumerate(consents):
            row = {"id": f"{number * 100 + index:032x}", "resident_id": f"{number:032x}", "statement": statement,
                   "recorded_at": f"2026-11-{8 + 5 * index:02d} 00:00:00"}  # fmt: skip
            rows.append(("consents", row | ({"withdrawn_at": withdrawn_at} if withdrawn_at else {})))
    first_morning(database, rows)
    migrate(database)
    with database.engine.connect() as connection:
        agreed = connection.exec_driver_sql("SELECT resident_id FROM consents WHERE withdrawn_at IS NULL").all()
        out = connection.exec_driver_sql("SELECT resident_id, source FROM opt_outs WHERE lifted_at IS NULL").all()
        lifted = connection.exec_driver_sql("SELECT resident_id FROM opt_outs WHERE lifted_at IS NOT NULL").all()
    assert sorted(_number(each) for (each,) in agreed) == [2, 6, 8, 9]
    assert sorted((_number(each), source) for each, source in out) == [
        (3, "list"), (5, "list"), (7, "resident"), (10, "list")
    ]  # fmt: skip
    assert sorted(_number(each) for (each,) in lifted) == [6, 8]


def test_local_numbers_that_were_read_as_another_provinces_get_the_area_code(database):
    told = {2: "+8685195678", 3: "+8631186000101", 4: "+8613800138000", 5: "+8620962405"}
    rows = [*PLACES, *(a_resident(number) for number in told)]
    for number, phone in told.items():
        key = {"id": f"{number:032x}", "resident_id": f"{number:032x}", "number": phone}
        rows.append(("phones", key | {"position": 0}))
        rows.append(("relatives", key | {"name": "x", "relation": "", "language": "zh-CN", "wants": "problems"}))
    responder = {"name": "x", "role": "office", "email": "", "chat_address": "", "language": "zh-CN"}
    rows.append(("responders", COMMUNITY | responder | {"number": "+8687095123"}))
    first_morning(database, rows)
    migrate(database)
    with database.engine.connect() as connection:
        for name in ("phones", "relatives"):
            found = connection.exec_driver_sql(f"SELECT number FROM {name}").all()
            assert {lookup_key.current().numbers.opened(each) for (each,) in found} == {
                "+8631185195678", "+8631186000101", "+8613800138000", "+8631120962405"
            }  # fmt: skip
        [(number,)] = connection.exec_driver_sql("SELECT number FROM responders").all()
        assert lookup_key.current().numbers.opened(number) == "+8631187095123"


def test_whoever_looked_after_one_area_still_does_and_nobody_else_becomes_responsible_for_less(database):
    responder = {"name": "x", "role": "office", "email": "", "chat_address": "", "language": "zh-CN"}
    there = COMMUNITY | responder | {"number": "+8613900000001", "area_id": ONE}
    everywhere = COMMUNITY | responder | {"number": "+8613900000002", "id": f"{2:032x}"}
    first_morning(database, [*PLACES, ("responders", there), ("responders", everywhere)])
    migrate(database)
    with database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT responder_id, area_id FROM responder_areas").all()
        assert [(_number(who), _number(where)) for who, where in kept] == [(1, 1)]
        assert connection.exec_driver_sql("SELECT count(*) FROM responders").scalar() == 2


def _number(resident_id):
    return int(str(resident_id).replace("-", ""), 16)


FLAGGED = {"version": 1}


def test_flags_that_were_kept_as_they_were_typed_choose_and_are_carried_by_their_keys(database):
    campaign = {"community_id": ONE, "kind": "check-in", "state": "active", "attempts": 3, "retry_minutes": 10,
                "ring_seconds": 60, "deadline_minutes": 120}  # fmt: skip
    rows = [*PLACES, a_resident(2), a_resident(3)]
    told = {4: '["独居", "空巢老人", "lives_alone"]', 5: '["爱唱戏"]', 6: None}
    for number, flags in told.items():
        row = campaign | {"id": f"{number:032x}", "name": f"{number}"} | ({"flags": flags} if flags else {})
        rows.append(("campaigns", row))
    for number, flag in ((2, "独居老人"), (2, "高龄"), (2, "aged_80"), (3, "爱唱戏"), (3, "empty_nest")):
        rows.append(("resident_flags", {"resident_id": f"{number:032x}", "flag": flag}))
    first_morning(database, rows)
    migrate(database)
    campaigns = table("campaigns", column("name"), column("audience", JSON()))
    carried = table("resident_flags", column("resident_id", Uuid()), column("flag"))
    with database.engine.connect() as connection:
        assert dict(connection.execute(select(campaigns.c.name, campaigns.c.audience)).all()) == {
            "4": FLAGGED | {"rule": {"kind": "flags", "any_of": ["lives_alone", "empty_nest"]}},
            "5": FLAGGED | {"rule": {"kind": "flags", "any_of": ["爱唱戏"]}},
            "6": FLAGGED | {"rule": {"kind": "everyone"}},
        }  # fmt: skip
        assert sorted((_number(each), flag) for each, flag in connection.execute(select(carried))) == [
            (2, "aged_80"), (2, "lives_alone"), (3, "empty_nest"), (3, "爱唱戏")
        ]  # fmt: skip


EVENTS = [
    ("text.received", {"writer": "resident", "number": "+8631186000101"}, {"writer": "resident"}),
    ("resident.changed", {"what": "telephones", "before": ["+8631186000101"], "after": []}, {"what": "telephones"}),
    ("consent.given", {"by": "王奶奶", "how": "签字", "actor": {"kind": "user", "name": "田主任"}},
     {}),
    ("consent.withdrawn", {"actor": {"kind": "caller", "name": "王奶奶", "id": ONE}},
     {}),
    ("campaign.created", {"name": "每日早安"}, {"name": "每日早安"}),
]  # fmt: skip
"""What the first versions have written to the event log, and what stays of it."""


def test_nobodys_name_or_number_stays_in_the_event_log(database):
    rows = [("events", {"id": number, "at": "2026-11-08 00:00:00", "kind": kind, "facts": dumps(facts)})
            for number, (kind, facts, _) in enumerate(EVENTS, 1)]  # fmt: skip
    first_morning(database, rows)
    migrate(database)
    events = table("events", column("id"), column("facts", JSON()))
    with database.engine.connect() as connection:
        kept = connection.scalars(select(events.c.facts).order_by(events.c.id)).all()
    assert kept == [after for _, _, after in EVENTS]


DOINGS = [
    ("consent.given", {"actor": {"kind": "user", "name": "田主任"}}, ("user", None, "田主任")),
    ("consent.withdrawn", {"actor": {"kind": "caller", "name": "王奶奶", "id": ONE}}, ("caller", 1, None)),
    ("campaign.paused", {"actor": {"kind": "system", "name": "Zao'an"}}, ("system", None, None)),
    ("page.declined", {"responder": ONE}, ("responder", 1, None)),
    ("page.unanswered", {"responder": ONE}, ("system", None, None)),
    ("resident.rang_in", {"said": "ok"}, ("caller", 7, None)),
    ("resident.unverified", {"said": "ok"}, ("caller", None, None)),
    ("case.opened", {"kind": "unwell"}, ("system", None, None)),
]
"""What has happened before events named an actor, and whose doing it is known to have been."""


def test_what_happened_before_events_named_an_actor_is_the_services_or_whose_it_is_known_to_be(database):
    rows = [("events", {"id": number, "at": "2026-11-08 00:00:00", "kind": kind, "subject_id": f"{7:032x}",
                        "facts": dumps(facts).replace("'", "''")})
            for number, (kind, facts, _) in enumerate(DOINGS, 1)]  # fmt: skip
    first_morning(database, rows)
    migrate(database)
    events = table("events", column("id"), column("actor_kind"), column("actor_id", Uuid()), column("actor_name"))
    with database.engine.connect() as connection:
        kept = connection.execute(select(events).order_by(events.c.id)).all()
    assert [(each.actor_kind, each.actor_id and each.actor_id.int, each.actor_name) for each in kept] == [
        after for _, _, after in DOINGS
    ]


def a_dialogue(called, resident):
    keys = {"1": {"leads_to": "bye", "fact": "ok", "subject": resident}}
    greeting = {"key": "check_in.greeting", "words": {"called": called, "community": "x"}}
    asks = {"prompts": [greeting], "keys": keys, "silence": {"fact": "no_key", "subject": resident}}
    return {
        "name": "check_in",
        "language": "zh-CN",
        "first": "ask",
        "steps": {"ask": asks, "bye": {"prompts": [], "then": "hang_up"}},
    }


def test_calls_that_are_there_keep_every_word_of_their_dialogues_and_share_what_is_alike(database):
    said = [a_dialogue("王奶奶", f"{2:032x}"), a_dialogue("李爷爷", f"{3:032x}"), a_dialogue("王奶奶", f"{2:032x}"), {}]
    old = {"direction": "out", "number": "+1", "owner": "check_in", "urgency": 10, "state": "ended", "by_machine": 0,
           "ring_seconds": 45, "due_at": AT, "not_after": AT, "hang_up_wanted": 0}  # fmt: skip
    rows = [("calls", old | {"id": f"{number:032x}", "dialogue": dumps(dialogue, ensure_ascii=False)})
            for number, dialogue in enumerate(said, 1)]  # fmt: skip
    turn = {"call_id": f"{1:032x}", "number": 0, "at": AT, "heard": "answered", "step": "ask", "play": 1}
    first_morning(database, [*rows, ("call_turns", turn | {"reply": "<Response/>"})])
    migrate(database)
    with Session(database.engine) as session:
        found = session.scalars(select(Call).order_by(Call.id)).all()
        texts = {each.digest: each.text for each in session.scalars(select(StoredDialogue))}
        kept = [loads(filled(texts[call.dialogue_digest], loads(call.particulars))) for call in found]
        assert kept == said
        assert dialogue_of(found[1]) == Dialogue.model_validate(said[1])
        assert len(texts) == 2
        assert unpacked(session.scalars(select(CallTurn)).one().reply, found[0].id, str) == "<Response/>"


KEPT_PLAIN = "0050"
NOTED = (
    "钥匙在对门李阿姨那里",
    "李独梅",
    "+8613700137000",
    "+8613800138000",
    "心脏病",
    "请给他回电话",
    "乙1204",
    "紫藤楼",
)


def test_what_was_kept_as_it_is_is_encrypted_and_back_again(database):
    """A database with a morning in it; of the notes, names and numbers nothing stays as it was written."""
    first_morning(database, [*PLACES, a_resident(2)])
    _step(database, command.upgrade, KEPT_PLAIN)
    note, name, relatives, number, health, body, room, building = NOTED
    _say(database, "UPDATE households SET access_notes = :note, room = :room", note=note, room=room)
    _say(database, "UPDATE areas SET name = :name", name=building)
    _say(database, "INSERT INTO relatives (id, resident_id, name, number, relation, email, language, wants) VALUES"
         " (:id, :of, :name, :number, '', '', 'zh-CN', 'problems')", id=ONE, of=f"{2:032x}", name=name,
         number=relatives)  # fmt: skip
    _say(database, "INSERT INTO phones (id, resident_id, number, position) VALUES (:id, :of, :number, 0)", id=ONE,
         of=f"{2:032x}", number=number)  # fmt: skip
    _say(database, "INSERT INTO refused_numbers (number, code, refused_at) VALUES (:number, 1, :at)", number=number,
         at=AT)  # fmt: skip
    _say(database, "INSERT INTO resident_health (resident_id, notes) VALUES (:of, :notes)", of=f"{2:032x}",
         notes=health)  # fmt: skip
    _say(database, "INSERT INTO texts_in (id, provider_id, number, body, received_at) VALUES (:id, 'SM1', :number,"
         " :body, :at)", id=ONE, number=number, body=body, at=AT)  # fmt: skip
    _say(database, "INSERT INTO trials (id, resident_id, begun_at, deadline, numbers, refused, attempts, practised,"
         f" pressed, listened) VALUES (:id, :of, :at, :at, :numbers, '[]', 0, '', {_false(database)},"
         f" {_false(database)})", id=ONE, of=f"{2:032x}", at=AT, numbers=dumps([number]))  # fmt: skip
    assert _kept(database) == set(NOTED)
    assert database.is_sqlite <= (_in_the_file(database) == set(NOTED))
    migrate(database)
    assert _kept(database) == _in_the_file(database) == set()
    with Session(database.engine) as session:
        assert session.scalars(select(Household.access_notes).where(Household.room == room)).all() == [note]
        assert session.scalars(select(Area.name)).all() == [building]
        relative = session.scalars(select(Relative).where(Relative.number == relatives)).one()
        assert (relative.name, relative.number) == (name, relatives)
        marked = select(Phone.number).join(RefusedNumber, RefusedNumber.number == Phone.number)
        assert session.scalars(marked).all() == [number]
        assert session.scalars(select(ResidentHealth.notes)).all() == [health]
        assert session.scalars(select(TextIn)).one().body == body
        assert session.scalars(select(Trial.numbers)).all() == [[number]]
    _step(database, command.downgrade, KEPT_PLAIN)
    assert _kept(database) == set(NOTED)


def _false(database):
    return "0" if database.is_sqlite else "false"


def _step(database, way, to):
    config = Config()
    config.set_main_option("script_location", str(migrating.SCRIPTS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        way(config, to)
        connection.commit()


def _say(database, statement, **values):
    with database.engine.begin() as connection:
        connection.execute(text(statement), values)


def _kept(database):
    """What of ``NOTED`` some row of some table has as it was written."""
    with database.engine.connect() as connection:
        tables = [f'"{each}"' for each in inspect(connection).get_table_names()]
        rows = repr([connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables])
    return {each for each in NOTED if each in rows}


def _in_the_file(database):
    """The same of every byte of SQLite's files: what was replaced stands there no more."""
    if not database.is_sqlite:
        return set()
    path = Path(database.url.database)
    written = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return {each for each in NOTED if each.encode() in written}


def test_the_newest_migration_is_known_by_the_names_of_the_files():
    scripts = ScriptDirectory(str(migrating.SCRIPTS))
    assert list(migrating.revisions()) == [each.revision for each in scripts.walk_revisions()][::-1]


def test_a_database_of_a_newer_version_is_left_alone_and_said_to_be_one(database):
    migrate(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConflictError, match="newer version"):
        migrate(database)
