"""The data keys of an installation: made once, needed from then on, rotated by a command, looked at by doctor."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from contacts.models import Phone, Relative, Responder
from core.encryption import key_ring
from core.encryption.data_keys import new_key
from core.i18n import Language
from core.running.installation import Purpose
from core.settings import Settings
from core.storage.database import reading
from ivr.models import Call, Text
from tests import people
from tests.offices import Office
from tests.processes import command
from zaoan.checks.data_keys import examine_data_keys
from zaoan.checks.observation import State
from zaoan.process import key_keeping, wiring
from zaoan.process.key_keeping import WrongKeysError
from zaoan.rehearsal.families import add_families
from zaoan.rehearsal.morning import morning
from zaoan.rehearsal.rehearse import LINE, verdict
from zaoan.rehearsal.running import environment
from zaoan.rehearsal.suspension import wait_until_some_are_rung
from zaoan.rehearsal.town import draw_town

VALUES = 2
"""The note of the home, and the look-up key."""


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    made.zaoan("migrate")
    made.zaoan("household", "add", "--building", "3号楼", "--room", "301", "--access-notes", "钥匙在对门")
    return made


def keys(office):
    return (office.folder / "data_keys").read_text().split()


def found(office):
    return [(each.state, each.describe(Language.ENGLISH)) for each in examine_data_keys(Settings())]


def test_the_first_start_makes_a_key_for_itself_alone(office):
    assert len(keys(office)) == 1
    assert stat.S_IMODE((office.folder / "data_keys").stat().st_mode) == 0o600
    [listed] = office.json("keys", "list")
    assert (listed["state"], listed["values"]) == ("newest", VALUES)
    assert keys(office)[0] not in office.zaoan("keys", "list")


def test_rotating_says_what_it_did_and_where_the_old_key_is(office):
    [before] = keys(office)
    said = office.zaoan("keys", "rotate")
    [after] = keys(office)
    assert after != before
    assert before not in said
    assert str(office.folder / "data_keys.old") in said
    assert (office.folder / "data_keys.old").read_text().split() == [before]
    assert [each["state"] for each in office.json("keys", "list")] == ["newest", "removed"]
    assert "钥匙在对门" in office.zaoan("household", "show", "3号楼301")
    assert office.json("keys", "rotate")["values"] == VALUES


def test_a_wrong_key_is_refused_at_the_start_with_a_sentence(office):
    [lost] = keys(office)
    (office.folder / "data_keys").write_text(new_key().secret)
    refused = office.zaoan("resident", "list", code=1)
    assert "数据密钥" in refused
    assert "丢失" in refused
    assert lost not in refused
    with pytest.raises(WrongKeysError, match="nobody can read it"):
        wiring.open_house(Settings())
    (office.folder / "data_keys").unlink()
    office.zaoan("resident", "list", code=1)
    assert not (office.folder / "data_keys").exists()
    (office.folder / "data_keys").write_text(lost)
    assert "钥匙在对门" in office.zaoan("household", "show", "3号楼301")


def test_keys_that_a_setting_gives(office, monkeypatch):
    [first], second = keys(office), new_key().secret
    (office.folder / "data_keys").rename(office.folder / "elsewhere")
    monkeypatch.setenv("ZAOAN_DATA_KEYS_FILE", str(office.folder / "elsewhere"))
    office.zaoan("resident", "list")
    monkeypatch.setenv("ZAOAN_DATA_KEYS", first)
    assert "zaoan keys create" in office.zaoan("keys", "rotate", code=1)
    monkeypatch.setenv("ZAOAN_DATA_KEYS", f"{second},{first}")
    assert office.json("keys", "rotate")["values"] == VALUES
    monkeypatch.setenv("ZAOAN_DATA_KEYS", second)
    assert "钥匙在对门" in office.zaoan("household", "show", "3号楼301")
    monkeypatch.setenv("ZAOAN_DATA_KEYS", "secret")
    refused = office.zaoan("resident", "list", code=1)
    assert "44" in refused
    assert "secret" not in refused


def test_a_created_key_is_one(office, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{office.folder}/another.db")
    monkeypatch.setenv("ZAOAN_DATA_KEYS", office.zaoan("keys", "create").strip())
    office.zaoan("migrate")
    assert office.json("keys", "list")[0]["state"] == "newest"


def test_doctor_finds_a_missing_key_an_open_file_and_values_that_no_key_reads(office):
    assert [state for state, _ in found(office)] == [State.OK]
    path = office.folder / "data_keys"
    path.chmod(0o644)
    assert any(state is State.WRONG and "can read the data keys" in said for state, said in found(office))
    path.chmod(0o600)
    [kept] = keys(office)
    path.write_text(new_key().secret)
    wrong = [said for state, said in found(office) if state is State.WRONG]
    assert any("is encrypted with data key" in said for said in wrong)
    assert any(f"reads {VALUES} encrypted values" in said for said in wrong)
    assert kept not in " ".join(wrong)
    path.write_text(kept)
    with office.open() as session:
        session.execute(text("UPDATE households SET access_notes = 'plain'"))
        session.commit()
    assert any("reads 1 encrypted value" in said for state, said in found(office) if state is State.WRONG)


def test_nothing_is_made_where_only_somebody_looks(tmp_path, monkeypatch):
    Office(tmp_path, monkeypatch)
    assert examine_data_keys(Settings()) == []
    key_keeping.use_keys_there_are(Settings())
    assert key_ring.current().keys == ()
    assert list(tmp_path.iterdir()) == []


def test_keys_are_rotated_during_a_rehearsal_and_no_promise_is_broken(tmp_path):
    """The service, its exchange and this process go on; the command is one more process."""
    town = draw_town(24, 3)
    files = town.write(tmp_path)
    line = LINE | {"data_dir": tmp_path}
    with morning(town, files, line, Purpose.REHEARSAL, 60, before_round=lambda _: add_families(town)) as under_way:
        wait_until_some_are_rung(under_way.round_id)
        [before] = (tmp_path / "data_keys").read_text().split()
        done = command("keys", "rotate", "--json", environment=environment(under_way.service.settings))
        assert done.returncode == 0, done.stderr
        over = under_way.wait()
        report = verdict(under_way, over)
        [after] = (tmp_path / "data_keys").read_text().split()
        listed = command("keys", "list", "--json", environment=environment(under_way.service.settings))
        kept, numbers = bytes_of(under_way.service.settings), numbers_known()
    assert len(numbers) > 2 * len(town.homes)
    assert [each for each in numbers if each.encode() in kept] == []
    assert report["violations"] == []
    assert report["round"]["complete"]
    assert after != before
    told = json.loads(done.stdout)
    assert told["values"] > len(town.homes)
    assert [(each["state"], each["values"] > 0) for each in json.loads(listed.stdout)] == [
        ("newest", True), ("removed", False)
    ]  # fmt: skip


def numbers_known():
    """The telephones of everybody, which are rung and written to."""
    with reading() as session:
        columns = (Phone.number, Relative.number, Responder.number, Call.number, Text.number)
        return {each for column in columns for each in session.scalars(select(column))}


def bytes_of(chosen):
    """Everything that SQLite has written."""
    path = Path(make_url(chosen.database_url).database)
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_what_a_relative_is_called_is_in_no_byte_of_the_file(office):
    with wiring.visit(Settings()).unit_of_work() as session:
        resident = people.resident(session, "王奶奶", "+8613800138000")
        people.relative(session, resident.id, "李独特梅", "+8613700137000", email="unique@example.org")
    written = b"".join(each.read_bytes() for each in office.folder.glob("zaoan.db*"))
    assert "王奶奶".encode() in written
    for secret in ("李独特梅", "unique@example.org", "钥匙在对门"):
        assert secret.encode() not in written
