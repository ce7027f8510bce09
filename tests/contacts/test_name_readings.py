"""How a family reads its name: from the file or the office to what is kept, and back into a file."""

import csv

import pytest
from sqlalchemy import select

from contacts.importing.exporting import export_residents
from contacts.models import Resident
from contacts.name_readings import by_character, marked, reading
from contacts.people.resident_changes import set_particulars
from contacts.queries.names import name_readings
from core.actors import system
from core.errors import UserError
from core.i18n import Language
from core.storage.database import reading as transaction
from core.storage.database import unit_of_work
from tests.contacts.stories import WANG, import_rows

pytestmark = pytest.mark.usefixtures("community")
GAI = WANG | {"姓名": "盖国强", "称呼": "盖爷爷"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("gě", "ge3"), ("ge3", "ge3"), ("Gě Guó Qiáng", "ge3 guo2 qiang2"), ("gài guó", "gai4 guo2"), ("lǚ", "lv3"),
        ("nü3", "nv3"), ("lu:4", "lv4"), ("ｇｅ３", "ge3"), ("ge", "ge5"), (" gě ", "ge3"), ("", ""),
    ],
)  # fmt: skip
def test_pinyin_is_taken_as_people_write_it(written, kept):
    assert reading(written, "盖国强") == kept


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("ge3", "gě"), ("li3 chang2 hai3", "lǐ cháng hǎi"), ("lv3", "lǚ"), ("lve4", "lüè"), ("liu2 gui4", "liú guì"),
        ("zhou1 xiao3 quan2", "zhōu xiǎo quán"), ("nai3 nai5", "nǎi nai"), ("xiong2", "xióng"), ("er2", "ér"), ("", ""),
        ("zzz9", "zzz9"),
    ],
)  # fmt: skip
def test_people_are_shown_tone_marks_and_may_write_them_again(kept, shown):
    assert marked(kept) == shown
    if kept != shown:
        assert reading(shown, "盖国强") == kept


@pytest.mark.parametrize("written", ["x9", "ge6", "盖", "ge33", "gě guó qiáng hǎo", "ge3guo2", "q"])
def test_what_is_no_reading_of_the_name_is_refused_with_a_way_out(written):
    with pytest.raises(UserError) as refused:
        reading(written, "盖国强")
    for language in Language:
        assert written in refused.value.describe(language)
        assert "gě guó qiáng" in refused.value.describe(language) or "盖国强" in refused.value.describe(language)


def test_each_syllable_belongs_to_a_character():
    assert by_character("盖国强", "gai4") == "盖=gai4"
    assert by_character("尉迟敬", "yu4 chi2") == "尉=yu4 迟=chi2"


def test_the_column_is_kept_and_comes_back_in_the_export(tmp_path):
    import_rows(tmp_path, [GAI | {"读音": "gài"}])
    with transaction() as session:
        [known] = name_readings(session)
    assert (known.name, known.called, known.by_character) == ("盖国强", "盖爷爷", "盖=gai4")
    export_residents(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        assert [row["读音"] for row in csv.DictReader(file)] == ["gài"]
    assert import_rows(tmp_path, [GAI | {"读音": "gài"}]).unchanged == 1
    assert import_rows(tmp_path, [GAI]).unchanged == 1  # a missing column leaves what is known
    assert import_rows(tmp_path, [GAI | {"读音": ""}]).changed == 1
    with transaction() as session:
        assert name_readings(session) == []


def test_a_bad_reading_in_a_file_is_named_with_its_cell(tmp_path):
    [problem] = import_rows(tmp_path, [GAI | {"读音": "gai9"}]).problems
    assert (problem.row.number, problem.column, problem.value) == (2, "reading", "gai9")
    assert "“gai9”不是这个名字的读音" in problem.describe(Language.CHINESE)


def test_the_office_sets_it_and_takes_it_away(tmp_path):
    import_rows(tmp_path, [GAI])
    with unit_of_work() as session:
        resident = session.scalars(select(Resident)).one()
        [change] = set_particulars(session, system(), resident.id, {"reading": "gě"})
        assert (change.what, change.before, change.after) == ("reading", "", "ge3")
        with pytest.raises(UserError):
            set_particulars(session, system(), resident.id, {"reading": "gě guó qiáng hǎo"})
        assert len(set_particulars(session, system(), resident.id, {"reading": ""})) == 1
