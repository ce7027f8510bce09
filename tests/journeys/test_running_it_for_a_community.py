"""The README's chapter "Running it for a community", line by line, in both languages, over three days.

What is judged is whom the exchange was asked to ring: exactly the people that the list and the staff's decisions name.
"""

import csv
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests

from contacts.columns.columns import CHINESE, Field
from tests.journeys.community_days import Community, blocks, leave, write_list
from zaoan.demo.demo import DEMO_DATA
from zaoan.rehearsal.behaviours import Behaviour, answer, no_answer, press
from zaoan.rehearsal.town import subscriber

FIRST_MORNING = datetime(2026, 12, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
ENGLISH = {chinese: field.value for field, chinese in CHINESE.items()}
WORDS = {"独居": "living alone", "空巢": "empty nest", "80岁以上": "80+", "90岁以上": "over 90", "残疾": "disabled",
         "慢性病": "chronic illness", "听力不好": "hard of hearing", "新出院": "newly discharged",
         "不会按键": "cannot press keys", "楼栋长": "building head", "网格员": "grid worker", "志愿者": "volunteer",
         "社区办公室": "office"}  # fmt: skip
REFUSES, SYNONYM = "孙福生", "林玉珠"
UNWELL, SILENT = "许兰芝", "唐建业"
WELL = Behaviour([answer(press("1"))])
ACCEPTS = Behaviour([answer(press("1"), after=3.0)])


def rows(file):
    with (DEMO_DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def residents():
    """The sample list, with one person who has refused and one flag in other words; nobody wishes another time."""
    people = rows("residents.csv")
    for person in people:
        person["通话时间"] = ""
        if person["姓名"] == REFUSES:
            person["同意"] = "不同意"
        if person["姓名"] == SYNONYM:
            person["标记"] = "空巢老人"
    return people


def number(row, field="电话"):
    return "+86" + row[field].replace("-", "").lstrip("0")


def meant(people):
    """The telephones of whoever lives alone or in an empty nest, and has not refused."""
    chosen = [each for each in people if "独居" in each["标记"] or "空巢" in each["标记"]]
    return {each["姓名"]: number(each) for each in chosen if each["姓名"] != REFUSES}


def in_english(table):
    """The same table with English headers and words."""
    return [{ENGLISH[header]: _translated(header, cell) for header, cell in row.items()} for row in table]


def _translated(header, cell):
    parts = [WORDS.get(part, part) for part in cell.split("、")]
    if header == CHINESE[Field.CONSENT] and cell == "不同意":
        return "no"
    return {"普通话": "Mandarin", "英语": "English", "全部": "everything", "有问题时": "problems"}.get(
        cell, "; ".join(parts)
    )


def written(folder, name, table, language):
    table = in_english(table) if language == "en" else table
    write_list(folder / f"{name}.xlsx", list(table[0]), [list(row.values()) for row in table])


def scripts(people):
    """Everybody is well, but one who is unwell and one who never answers; helpers come."""
    does = {UNWELL: Behaviour([answer(press("3"))]), SILENT: Behaviour([no_answer()])}
    told = [subscriber(number(each), does.get(each["姓名"], WELL), label=each["姓名"]) for each in people]
    helpers = [subscriber(number(each), ACCEPTS, label=each["姓名"]) for each in rows("responders.csv")]
    return [*{each["number"]: each for each in told}.values(), *helpers]


@pytest.fixture(params=["zh-CN", "en"])
def language(request):
    return request.param


@pytest.fixture
def community(tmp_path, language):
    running = Community(tmp_path, language, FIRST_MORNING - timedelta(hours=12))
    written(tmp_path, "residents", residents(), language)
    written(tmp_path, "responders", rows("responders.csv"), language)
    yield running
    leave(running)


def test_the_readme_rings_exactly_the_people_it_says_on_three_days(community, language):
    people, responders = meant(residents()), {number(each) for each in rows("responders.csv")}
    in_chinese, english, decisions, newer_list, taken_back = blocks("##", "Running it for a community")[:5]
    activate, *first_evening, up = in_chinese if language == "zh-CN" else english
    assert activate == ". .venv/bin/activate"
    said = "".join(community.type(line) for line in first_evening)
    assert str(len(people)) in said
    community.start(up)
    community.people(scripts(residents()))

    def morning(day, expected):
        """One morning; returns how often each of the telephones was rung."""
        before = len(community.rung())
        community.at(FIRST_MORNING + timedelta(days=day - 1, minutes=-1))
        community.hurry_until(lambda: community.rounds() == (day, day), f"the end of round {day}")
        community.until(lambda: community.open_cases() == 0, "somebody who takes every case")
        community.at(FIRST_MORNING + timedelta(days=day - 1, hours=4))
        rung = [each for each in community.rung()[before:] if each not in responders]
        assert set(rung) == set(expected)
        silent = people[SILENT]
        assert {each: rung.count(each) for each in rung} == {each: 3 if each == silent else 1 for each in expected}
        page = requests.get(community.page, timeout=60).text
        assert ("独居" if language == "en" else "Good morning,") not in page

    morning(1, people.values())
    for line in decisions:
        community.type(line)
    away = {"王桂兰", "赵德明", "李长海"}
    morning(2, {telephone for name, telephone in people.items() if name not in away})
    [again] = newer_list
    told = community.type(again)
    assert "赵德明" in told
    assert "李长海" in told
    morning(3, {telephone for name, telephone in people.items() if name not in away - {"王桂兰"}})
    consent, stop = taken_back
    assert "李长海" in community.type(consent)
    community.type(stop, exits=1)  # the round is over: there is nothing to stop, and it says so
