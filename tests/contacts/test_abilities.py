"""What responders speak and can do: words, lists, and what residents speak."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contacts.abilities import Skill, Spoken, speaks
from contacts.columns import ability_words, vocabulary
from contacts.columns.columns import Field
from contacts.importing.exporting import export_responders
from contacts.importing.importing import Kind, run_import
from contacts.models import Responder
from core.errors import UserError
from core.i18n import Language, translate
from core.running import events
from core.storage.database import reading
from tests.contacts.stories import import_rows

SHI = {"姓名": "石磊", "角色": "志愿者", "电话": "13700000034"}


def responder():
    with reading() as session:
        return session.scalars(select(Responder)).one()


def taken(folder, **cells):
    return import_rows(folder, [SHI | cells], Kind.RESPONDERS)


@given(st.lists(st.sampled_from(list(Spoken))), st.lists(st.sampled_from(list(Skill))))
def test_what_is_written_in_either_language_is_read_again(spoken, skills):
    for which in (0, -1):
        written = "；".join(ability_words.SPOKEN[each][which] for each in spoken)
        assert set(ability_words.spoken(written)) == set(spoken)
        written = ", ".join(ability_words.SKILLS[each][which] for each in skills)
        assert set(ability_words.skills(written)) == set(skills)


def test_no_word_means_two_things_and_each_has_a_name_in_both_languages():
    for words, kind in ((ability_words.SPOKEN, "speaks"), (ability_words.SKILLS, "skill")):
        said = [each.casefold() for spellings in words.values() for each in spellings]
        assert len(set(said)) == len(said)
        for language in Language:
            assert {translate(language, f"{kind}:{each}") for each in words} & {
                f"{kind}:{each}" for each in words
            } == set()


def test_a_word_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(UserError) as refused:
        ability_words.skills("急救、做饭")
    assert (refused.value.field, refused.value.parameters["value"]) == (Field.SKILLS, "做饭")


@pytest.mark.parametrize(
    ("flags", "spoken"),
    [
        ((), {Spoken.MANDARIN}),
        (("独居", "爱唱戏"), {Spoken.MANDARIN}),
        (("粤语",), {Spoken.CANTONESE}),
        (("只说上海话", "lives_alone"), {Spoken.WU}),
        (("只会讲客家话",), {Spoken.HAKKA}),
        (("only speaks Cantonese",), {Spoken.CANTONESE}),
        (("方言", "普通话"), {Spoken.LOCAL_DIALECT, Spoken.MANDARIN}),
    ],
)
def test_a_resident_speaks_what_a_flag_of_theirs_names(flags, spoken):
    assert ability_words.resident_speaks("zh-CN", flags) == spoken


def test_somebody_speaks_the_language_of_their_calls_and_what_they_were_told_to():
    assert speaks("en", ["wu"]) == {Spoken.ENGLISH, Spoken.WU}


def test_a_list_tells_both_and_a_second_time_changes_nothing(tmp_path, community):
    told = {"会说的语言": "广东话、本地话", "技能": "急救；开车"}
    assert taken(tmp_path, **told).problems == ()
    assert (responder().languages, responder().skills) == (["local_dialect", "cantonese"], ["first_aid", "driving"])
    assert taken(tmp_path, **told).unchanged == 1
    assert taken(tmp_path).unchanged == 1
    assert taken(tmp_path, 技能="代购", 会说的语言="").changed == 1
    assert (responder().languages, responder().skills) == ([], ["shopping"])
    with reading() as session:
        whats = [each.facts["what"] for each in events.latest(session, 20) if each.kind == "responder.changed"]
    assert sorted(whats) == ["languages", "skills"]


def test_an_unknown_word_costs_only_its_cell(tmp_path, community):
    taken(tmp_path, 技能="急救")
    report = taken(tmp_path, 技能="做饭", 会说的语言="粤语")
    assert [(each.column, each.row_kept) for each in report.problems] == [("skills", True)]
    assert (responder().languages, responder().skills) == (["cantonese"], ["first_aid"])


def test_english_headers_and_an_export_that_is_imported_again(tmp_path, community):
    row = {"name": "Lei", "role": "volunteer", "phone": "13700000034", "languages": "Cantonese", "skills": "first aid"}
    assert import_rows(tmp_path, [row], Kind.RESPONDERS).problems == ()
    path = tmp_path / "out.csv"
    export_responders(path)
    assert "粤语,急救" in path.read_text(encoding="utf-8-sig")
    assert run_import(Kind.RESPONDERS, path, consent=None, dry_run=False).unchanged == 1


def test_the_vocabulary_offers_its_words_in_both_languages():
    assert str(vocabulary.known_words(ability_words.SKILLS)[0].said(Language.ENGLISH)) == "first aid (急救)"
