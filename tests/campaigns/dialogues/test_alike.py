"""People who are called alike share one dialogue that is made once: each call has it as if it were made for them."""

import pytest

from campaigns.dialogues import check_in
from campaigns.dialogues.check_in import subjects
from campaigns.rounds import attempts
from contacts import queries
from core.storage import database
from ivr.dialogue.stored import read
from ivr.dispatch import call_dialogues
from ivr.models import Call, StoredDialogue
from tests.switchboard import resident, rows


@pytest.mark.parametrize(
    "names", [["王奶奶"], ["王奶奶", "李爷爷"], ['"subject":"王"', "O'Neil\\n"]], ids=["one", "a couple", "odd names"]
)
def test_a_call_carries_what_would_have_been_made_for_its_people(switchboard, names):
    ids = [resident(name, f"+86311860{index:05d}", room=str(index)) for index, name in enumerate(names, 100)]
    with database.reading() as session:
        people = [queries.resident(session, each) for each in ids]
        kept = attempts.document_for(session, people)
        made = attempts.dialogue_for(session, people, rang_us=False)
        assert read(kept.digest, kept.written, lambda: kept.text) == made
        assert list(kept.prompts()) == made.prompts()
    assert subjects(made) == [str(each) for each in ids]


def test_a_round_shares_one_document_and_names_nobody_in_it(switchboard):
    ids = [
        resident(name, f"+86311860{index:05d}", room=str(index)) for index, name in enumerate(("王奶奶", "李爷爷"), 100)
    ]
    with database.unit_of_work() as session:
        for each in ids:
            kept = attempts.document_for(session, [queries.resident(session, each)])
            call = Call(**call_dialogues.carried(session, kept))
            assert check_in.subjects(call_dialogues.dialogue_of(call)) == [str(each)]
    [stored] = rows(StoredDialogue)
    assert "奶奶" not in stored.text
