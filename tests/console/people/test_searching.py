"""Who is found by what is typed: characters, pinyin in any reading, initials, numbers and homes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.people.search.name_search import named_so, tidy
from console.people.search.sought import is_at, is_called, lives_there, sought
from console.view.house_fronts import Spot

NAMES = [
    "王桂兰",
    "单桂英",
    "吕玉兰",
    "刘垚",
    "贠素琴",
    "仇玉珍",
    "查德福",
    "解建国",
    "盖秀英",
    "朴顺子",
    "曾淑芬",
    "张伟",
]


def found(typed, name, reading=""):
    return is_called(sought(typed), [name], reading)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("王", "王桂兰"), ("桂兰", "王桂兰"), ("wang", "王桂兰"), ("wangguilan", "王桂兰"), ("wang gui lan", "王桂兰"),
        ("wgl", "王桂兰"), ("WGL", "王桂兰"), ("guil", "王桂兰"), ("王gl", "王桂兰"), ("wáng", "王桂兰"),
        ("shan", "单桂英"), ("dan", "单桂英"), ("sgy", "单桂英"), ("qiu", "仇玉珍"), ("zha", "查德福"),
        ("xie", "解建国"), ("ge", "盖秀英"), ("gai", "盖秀英"), ("piao", "朴顺子"), ("zeng", "曾淑芬"),
        ("liuyao", "刘垚"), ("ly", "刘垚"), ("yun", "贠素琴"), ("lv", "吕玉兰"), ("lü", "吕玉兰"), ("lyu", "吕玉兰"),
        ("lu", "吕玉兰"), ("lvyulan", "吕玉兰"), ("lyl", "吕玉兰"), ("zhw", "张伟"), ("zw", "张伟"),
        ("smith", "John Smith"), ("john smi", "John Smith"),
        ("jose", "José Ruiz"), ("josé", "José Ruiz"), ("müller", "Müller"),
    ],
)  # fmt: skip
def test_somebody_is_found_by_however_their_name_is_typed(typed, name):
    assert found(typed, name)


@pytest.mark.parametrize(("typed", "name"), [("wgm", "王桂兰"), ("lan wang", "李桂兰"), ("zeng", "王桂兰"),
                                             ("wlg", "王桂兰"), ("桂王", "王桂兰"), ("wanglanx", "王兰")])  # fmt: skip
def test_nobody_else_is(typed, name):
    assert not found(typed, name)


def test_the_reading_of_the_family_finds_them_too_and_the_usual_one_still_does():
    assert not found("he", "盖秀英")
    assert found("he", "盖秀英", "he2")
    assert found("gai", "盖秀英", "he2")


@given(st.sampled_from(NAMES), st.integers(0, 2), st.integers(1, 4))
def test_a_part_of_a_name_always_finds_it(name, start, length):
    if part := name[start : start + length]:
        assert found(part, name)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_taken(typed):
    looked_for = sought(typed)
    is_called(looked_for, ["王桂兰", "王奶奶"], "")
    lives_there(looked_for, Spot("3", "2", "501"))
    is_at(looked_for, "501", ["+8631186000101"])
    assert tidy(typed) == tidy(tidy(typed))


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=25, max_size=60))
def test_long_letters_are_compared_in_little_time(typed):
    assert not named_so(typed, "解单仇查曾朴盖吕", "")


@pytest.mark.parametrize(
    "typed",
    ["3号楼2单元501", "3-2-501", "3号楼", "三号楼", "2单元", "二单元 501", "501", "501室", "3栋 501", "building 3",
     "Building 3, unit 2, room 501", "3-501", "王 3号楼", "wgl 501"],
)  # fmt: skip
def test_a_home_is_found_however_it_is_written(typed):
    looked_for = sought(typed)
    assert lives_there(looked_for, Spot("3", "2", "501"))
    assert is_at(looked_for, "501", [])
    assert is_called(looked_for, ["王桂兰"], "")
    assert not (lives_there(looked_for, Spot("4", "1", "502")) and is_at(looked_for, "502", []))


def test_a_name_with_a_numeral_before_a_word_for_buildings_is_a_name():
    assert sought("王一楼").home == {}
    assert found("王一楼", "王一楼")


@pytest.mark.parametrize("typed", ["0101", "101", "6000101", "86000101", "0311-86000101", "0311 86000101",
                                   "+8631186000101", "（0311）86000101"])  # fmt: skip
def test_somebody_is_found_by_the_last_digits_of_a_telephone(typed):
    assert is_at(sought(typed), "9", ["+8613800138000", "+8631186000101"])
    assert not is_at(sought(typed), "9", ["+8613800138000", "+8631186000102"])


def test_two_digits_tell_no_telephone():
    assert not is_at(sought("01"), "9", ["+8631186000101"])


def test_an_estate_before_a_house_number_is_no_hindrance():
    assert lives_there(sought("3号楼"), Spot("幸福家园3号楼", "", "1"))
    assert not lives_there(sought("3号楼"), Spot("幸福家园13号楼", "", "1"))
