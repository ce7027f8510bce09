"""No line of the audit log is changed, and no young one deleted, whoever asks the database, whichever it is."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import actors
from core.identity import audit
from core.ids import new_id
from core.settings import Settings
from core.storage.database import unit_of_work
from tests.databases import sqlite_in
from zaoan.process import wiring


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    url = sqlite_in(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgresql")()
    opened = wiring.open_house(Settings(database_url=url, data_dir=tmp_path))
    yield opened
    opened.close()


@pytest.mark.parametrize("deed", ["UPDATE audit_log SET status = 200", "DELETE FROM audit_log"])
def test_no_line_is_changed_or_deleted(house, deed):
    with unit_of_work() as session:
        audit.note(session, actors.user("王芳"), new_id(), "GET /print", status=403)
    with (
        pytest.raises(DBAPIError, match=r"the audit log (is only ever appended|lets go of nothing)"),
        unit_of_work() as session,
    ):
        session.execute(text(deed))
    with unit_of_work() as session:
        assert session.execute(text("SELECT status FROM audit_log")).scalars().all() == [403]
