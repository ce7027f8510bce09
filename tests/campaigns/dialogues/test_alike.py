"""People who are called alike share one dialogue that is made once: each call has it as if it were made for them."""

from uuid import uuid4

import pytest

from campaigns.dialogues.check_in import subjects
from campaigns.rounds import attempts
from contacts import queries
from core.storage import database
from ivr.dialogue.stored import read
from tests.switchboard import resident


@pytest.mark.parametrize(
    "names", [["王奶奶"], ["王奶奶", "李爷爷"], ['"subject":"王"', "O'Neil\\n"]], ids=["one", "a couple", "odd names"]
)
def test_a_call_carries_what_would_have_been_made_for_its_people(switchboard, names):
    ids = [resident(name, f"+86311860{index:05d}", room=str(index)) for index, name in enumerate(names, 100)]
    with database.reading() as session:
        people = [queries.resident(session, each) for each in ids]
        kept = attempts.document_for(session, people)
        made = attempts.dialogue_for(session, people, rang_us=False)
        assert read(uuid4(), kept.kept) == made
        assert list(kept.prompts()) == made.prompts()
    assert subjects(made) == [str(each) for each in ids]
