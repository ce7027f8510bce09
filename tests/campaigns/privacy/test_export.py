"""What is kept about a person can be had in one archive: all of theirs, and of others what belongs to their file."""

import io
import json
import zipfile

import pytest

from campaigns.privacy import erasure, export, holdings
from core import actors
from core.errors import NotFoundError
from core.i18n import Language
from core.running.events import Event
from core.storage.database import unit_of_work
from tests.campaigns.privacy.lives import DAUGHTER, HELPER, HOME, KEPT, NAME, SOUND, STRANGER, TOLD, leaves
from tests.switchboard import rows


def exported(who, language=Language.CHINESE):
    with unit_of_work() as session:
        return export.export(session, actors.user("田主任"), who, language)


def entries(done, part):
    [found] = [each["entries"] for each in done.document["parts"] if each["part"] == part]
    return found


def test_all_that_is_known_and_said_is_in_it(story):
    _, who, _, _ = story
    leaves(who)
    done = exported(who)
    written = json.dumps(done.document, ensure_ascii=False)
    assert [each for each in (NAME, HOME, DAUGHTER, *TOLD) if each not in written] == []
    [home] = entries(done, "home")
    assert (home["building"], home["unit"], home["room"]) == ("3", "2", "201")
    [asked] = entries(done, "check_ins")
    assert (asked["outcome"], asked["campaign"]) == ("unwell", "早安")
    assert {"3"} <= {each["key"] for each in entries(done, "turns")}
    assert {each["number"] for each in entries(done, "calls")} == {HOME}


def test_the_archive_has_the_document_and_every_sound(story):
    _, who, _, _ = story
    done = exported(who)
    archive = zipfile.ZipFile(io.BytesIO(done.archive()))
    assert json.loads(archive.read("data.json")) == done.document
    sounds = [each["file"] for part in ("recordings", "own_voices") for each in entries(done, part)]
    assert len(sounds) == 2
    assert {name: archive.read(name) for name in sounds} == dict.fromkeys(sounds, SOUND)
    assert set(archive.namelist()) == {"data.json", *sounds}


def test_nothing_of_neighbours_helpers_and_strangers_is_in_it(story):
    _, who, other, _ = story
    written = json.dumps(exported(who).document, ensure_ascii=False)
    assert [each for each in (*KEPT, HELPER, "田保国", STRANGER, "田主任") if each in written] == []
    theirs = json.dumps(exported(other).document, ensure_ascii=False)
    assert [each for each in (NAME, HOME, DAUGHTER, *TOLD) if each in theirs] == []


@pytest.mark.parametrize("language", Language)
def test_each_part_says_what_it_is_in_the_language_asked_for(story, language):
    _, who, _, _ = story
    parts = exported(who, language).document["parts"]
    assert {each["part"] for each in parts} == {each.name for each in holdings.HOLDINGS}
    assert [each["part"] for each in parts if each["about"].startswith("part:")] == []
    assert all(each["about"].isascii() is (language is Language.ENGLISH) for each in parts)


def test_that_it_was_asked_for_is_in_their_history(story):
    _, who, _, _ = story
    exported(who)
    [told] = rows(Event, kind="resident.exported")
    assert (told.subject_id, told.actor.name) == (who, "田主任")


def test_of_somebody_who_was_erased_there_is_nothing(story):
    _, who, _, _ = story
    leaves(who)
    with unit_of_work() as session:
        erasure.erase(session, actors.system(), who, "2026-17")
    with pytest.raises(NotFoundError, match="erased for good"):
        exported(who)
