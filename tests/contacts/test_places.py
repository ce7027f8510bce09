import pytest

from contacts import places


@pytest.mark.parametrize("written", ["3号楼", "三号楼", "3栋", "3", "３号楼", "Building 3", " 3 号楼 ", "#3"])
def test_one_building_has_one_name_however_it_is_written(written):
    assert places.building_name(written) == "3"


@pytest.mark.parametrize(
    ("written", "name"), [("十号楼", "10"), ("十二号楼", "12"), ("二十三号楼", "23"), ("A座", "A")]
)
def test_buildings_are_counted_in_chinese_too(written, name):
    assert places.building_name(written) == name


@pytest.mark.parametrize("name", ["玫瑰苑", "Rose Court", "十十号楼"])
def test_other_names_stay_as_they_are(name):
    assert places.building_name(name) == name
    assert places.spoken_building("en", name) == name


def test_an_address_is_spoken_in_the_language_of_whoever_lives_there():
    assert places.spoken_place("zh-CN", "3", "2", "301") == "3号楼2单元301"
    assert places.spoken_place("en", "3", "2", "301") == "building 3, unit 2, room 301"
    assert places.spoken_place("zh-CN", "A", "", "12") == "A座12"
    assert places.spoken_place("en", "Rose Court", "", "5B") == "Rose Court, room 5B"


@pytest.mark.parametrize(("written", "name"), [("301室", "301"), ("Room 301", "301"), ("5b", "5B"), ("商铺", "商铺")])
def test_one_room_has_one_name(written, name):
    assert places.room_name(written) == name
