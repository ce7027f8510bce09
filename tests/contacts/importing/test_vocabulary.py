"""The words of the vocabulary, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.columns import vocabulary
from contacts.models import Flag, Role, Wants
from core.errors import UserError
from core.i18n import Language
from core.timbre import Timbre
from tests.contacts.stories import WANG, import_rows

SPELT = [(key, word) for key, words in vocabulary.FLAGS.items() for word in (key, *words)]


@given(
    st.lists(st.sampled_from(SPELT), min_size=1, max_size=4),
    st.sampled_from([",", "，", ";", "；", "、", " ， ", "； "]),
    st.sampled_from([str, str.upper, str.title]),
    st.sampled_from(["", "老人"]),
)
def test_flags_are_the_same_however_they_are_written_and_separated(chosen, separator, writing, people):
    text = separator.join(
        writing(word) + (people if word[-1] > "\u2e7f" and not word.endswith("患者") else "") for _, word in chosen
    )
    keys = {key for key, _ in chosen}
    assert vocabulary.flags(text) == keys
    assert set(vocabulary.chosen_flags(vocabulary.separated(text), ())) == keys


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("独居老人", Flag.LIVES_ALONE), ("独居户", Flag.LIVES_ALONE), ("空巢老人", Flag.EMPTY_NEST),
        ("空巢家庭", Flag.EMPTY_NEST), ("高龄", Flag.AGED_80), ("高龄老人", Flag.AGED_80), ("８０岁以上", Flag.AGED_80),
        ("80+", Flag.AGED_80), ("90岁以上老人", Flag.AGED_90), ("残疾人", Flag.DISABLED),
        ("慢性病患者", Flag.CHRONIC_ILLNESS),
        ("lives-alone", Flag.LIVES_ALONE), ("Empty  Nest", Flag.EMPTY_NEST), ("disabled people", Flag.DISABLED),
        ("爱唱戏", None), ("老人", None), ("", None),
    ],
)  # fmt: skip
def test_a_synonym_means_its_flag(word, flag):
    assert vocabulary.flag(word) is flag


def test_a_word_of_the_community_is_chosen_if_somebody_carries_it():
    assert vocabulary.chosen_flags(["爱唱戏", "独居", "独居老人"], {"爱唱戏"}) == ["爱唱戏", "lives_alone"]
    with pytest.raises(UserError) as refused:
        vocabulary.chosen_flags(["爱唱歌"], {"爱唱戏"}, {"爱唱戏"})
    assert "爱唱戏" in refused.value.describe(Language.CHINESE)


@pytest.mark.parametrize(
    ("words", "text", "key"),
    [
        (vocabulary.ROLES, "楼长", Role.BUILDING_HEAD), (vocabulary.ROLES, "居委会", Role.OFFICE),
        (vocabulary.ROLES, "Grid-Worker", Role.GRID_WORKER), (vocabulary.WANTS, "只有问题时", Wants.PROBLEMS),
        (vocabulary.WANTS, "every result", Wants.EVERYTHING),
        (vocabulary.WANTS, "每日汇总", Wants.DAILY),
        (vocabulary.WANTS, "Weekly digest", Wants.WEEKLY), (vocabulary.LANGUAGES, "zh_cn", Language.CHINESE),
        (vocabulary.LANGUAGES, "ENGLISH", Language.ENGLISH), (vocabulary.VOICES, "女", Timbre.FEMALE),
        (vocabulary.ROLES, "厨师", None),
    ],
)  # fmt: skip
def test_other_columns_have_their_words(words, text, key):
    assert vocabulary.meaning(words, text) is key


@pytest.mark.usefixtures("community")
def test_a_new_word_among_the_flags_is_named_once_with_what_it_may_mean(tmp_path):
    rows = [WANG | {"标记": "独具；爱唱戏"}, WANG | {"姓名": "赵德明", "标记": "爱唱戏，独居"}]
    first = import_rows(tmp_path, rows)
    assert [(each.word, each.row.number, bool(each.like)) for each in first.new_words] == [
        ("爱唱戏", 2, False), ("独具", 2, True)
    ]  # fmt: skip
    assert first.new_words[1].like[0].said(Language.CHINESE) == "独居 (lives alone)"
    assert import_rows(tmp_path, rows).new_words == ()
