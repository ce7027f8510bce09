"""What is kept for longer than anybody's data, or read by others, tells nobody's name and number."""

import json
import re

from sqlalchemy import select

from contacts.models import Relative, Resident, Responder
from core.running.events import Event
from core.running.private_files import is_open_to_others
from core.storage.database import reading
from zaoan.process.exchange_process import exchange_account
from zaoan.process.places import own_files

NUMBER = re.compile(r"\+[0-9]{8,15}")


def check_privacy(around):
    """Of all that the stories so far have left in the event log, in the log and on the disk."""
    around.come_back()
    with reading() as session:
        happened = [f"{each.kind} {each.actor_name} {json.dumps(each.facts, ensure_ascii=False)}"
                    for each in session.scalars(select(Event))]  # fmt: skip
        names = (Resident.name, Resident.called, Responder.name, Relative.name)
        people = {name for column in names for name in session.scalars(select(column)) if name}
    ours = set(exchange_account(around.service.settings).numbers)
    for line in [*happened, *around.service.said().splitlines()]:
        assert set(NUMBER.findall(line)) <= ours, line
        assert not [name for name in people if name in line], line
    files = [path for path in own_files(around.service.settings) if path.is_file()]
    assert [path for path in files if is_open_to_others(path)] == []
    assert len(files) > 2
