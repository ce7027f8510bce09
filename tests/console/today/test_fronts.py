"""Houses as a street sees them."""

from hypothesis import example, given
from hypothesis import strategies as st

from console.view.house_fronts import Front, Spot, fronts


def homes_in(front: Front[Spot]) -> list[Spot]:
    return [home for unit in front.units for floor in unit.floors for home in floor.homes if home]


def drawn(*spots: tuple[str, str, str]) -> list[Front[Spot]]:
    return fronts([Spot(*each) for each in spots], lambda home: home)


def test_room_302_is_the_second_door_on_the_third_floor():
    (front,) = drawn(("1", "1", "302"), ("1", "1", "101"))
    floors = front.units[0].floors
    assert [floor.number for floor in floors] == [3, 2, 1]
    assert floors[0].homes == [None, Spot("1", "1", "302")]


def test_every_unit_of_a_house_is_equally_high():
    (front,) = drawn(("1", "1", "101"), ("1", "2", "401"))
    assert [len(unit.floors) for unit in front.units] == [4, 4]


def test_a_tower_shows_only_the_floors_on_which_somebody_is_asked():
    (front,) = drawn(("1", "1", "1203"), ("1", "1", "2801"))
    assert [floor.number for floor in front.units[0].floors] == [28, 12]


def test_house_2_stands_before_house_10_and_homes_without_a_house_come_last():
    assert [front.name for front in drawn(("10", "", "101"), ("", "", "x"), ("A", "", "101"), ("2", "", "101"))] == [
        "2", "10", "A", "",
    ]  # fmt: skip


def test_forty_homes_on_one_staircase_all_have_a_window():
    (front,) = drawn(*(("1", "", f"{1 + n // 20}{1 + n % 20:02}") for n in range(44)))
    assert len(homes_in(front)) == 44


@given(st.lists(st.tuples(st.sampled_from(["1", "2", ""]), st.sampled_from(["1", ""]), st.text(max_size=5)
                          | st.from_regex(r"\A\d{1,2}-?\d{2}[A-Z]?\Z")), unique=True, max_size=40))  # fmt: skip
@example([("1", "1", "000"), ("1", "1", "001")])
def test_no_home_is_lost_whatever_its_room_is_called(spots):
    shown = [home for front in drawn(*spots) for home in homes_in(front)]
    assert sorted(map(repr, shown)) == sorted(repr(Spot(*each)) for each in spots)
