"""The README's lines on people, on pausing, removing and stopping do what they say, as an office types them."""

import re
import shlex
from pathlib import Path

import pytest

from tests.offices import HEADERS

README = Path(__file__).parents[3] / "README.md"
PEOPLE = [
    ["王桂兰", "0311-86000101", "3号楼", "301", "高龄", "书面同意"],
    ["李长海", "0311-86000102", "3号楼", "302", "空巢", "书面同意"],
]


def lines_of(title):
    """The commands of the first block under this title, without what is said beside them."""
    chapter = README.read_text(encoding="utf-8").partition(f"### {title}\n")[2]
    block = re.search(r"```sh\n(.*?)```", chapter, re.DOTALL)[1]
    return [shlex.split(line, comments=True)[1:] for line in block.splitlines()]


@pytest.fixture
def office(office):
    office.imports(*PEOPLE, headers=HEADERS)
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", "start", "每日早安")
    return office


def test_every_line_is_carried_out_and_says_what_it_changed(office):
    lines = lines_of("Pausing, removing, stopping")
    said = {" ".join(words[:4]): office.zaoan(*words) for words in lines}
    assert len(lines) >= 8
    assert "王桂兰" in said["resident list"]
    assert "在女儿家" in said["resident pause 王桂兰 --until"]
    assert "→" in said["resident set 王桂兰 --phone"]
    assert "lǐ cháng hǎi" in said["resident set 李长海 --reading"]
    assert "→" in said["campaign edit 每日早安 --at"]
    latest = office.json("round", "show", "latest")
    assert {line["resident"]: line["reason"] for line in latest["check_ins"]} == {
        "王桂兰": "paused",
        "李长海": "round_stopped",
    }
    [daily] = office.json("campaign", "list")
    assert (daily["at"], daily["state"]) == ("08:30", "paused")
    [gone] = office.json("resident", "list", "--removed")
    assert (gone["name"], gone["removed"]["because"]) == ("王桂兰", "moved_away")
    assert gone["telephones"] == ["+8631186012345"]
    assert "lives_alone" in gone["flags"]
    assert not gone["agreed"]


def test_one_person_at_a_time(office):
    said = {" ".join(words[:2]): office.zaoan(*words) for words in lines_of("One person at a time")}
    assert len(said) == 9
    assert "/f/" in said["relative link"]
    assert "3号楼2单元502 → 5号楼1单元402" in said["resident move"]
    assert "有问题时通知 → 小梅 女儿 139 0000 0001" in said["relative set"]
    assert "→ –" in said["relative remove"]
    assert "3号楼、5号楼2单元 → 整个社区" in said["responder set"]
    assert [each["name"] for each in office.json("responder", "list", "--removed")] == ["石磊"]
    assert office.json("resident", "show", "周秀珍")["relatives"] == []


def test_who_was_removed_is_named_by_a_later_list_and_comes_back_by_the_command_that_it_names(office):
    office.zaoan("resident", "remove", "王桂兰", "--because", "moved_away")
    said = office.imports(*PEOPLE, headers=HEADERS)
    assert "zaoan resident restore 王桂兰" in said
    assert [each["name"] for each in office.json("resident", "list")] == ["李长海"]
    assert "重新照看" in office.zaoan("resident", "restore", "王桂兰")
    assert len(office.json("resident", "list")) == 2
