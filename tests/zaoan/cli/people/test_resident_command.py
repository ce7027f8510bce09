"""``zaoan resident``: staff stop calling somebody and start again, and every command says what it changed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from campaigns.changes import round_starts
from campaigns.models import CheckIn
from campaigns.rounds import attempts
from contacts.callers import refused_numbers
from contacts.models import Pause, Phone, RefusedNumber, Resident, ResidentFlag
from contacts.people import absences
from contacts.people import consent as consenting
from core import actors
from core.ids import new_id
from core.running.events import Event
from core.short_ids import short
from core.storage import database
from escalation.models import Case
from ivr.models import Text
from tests.campaigns.mornings import HOME, MOBILE, a_round, later
from tests.switchboard import resident, responder, rows
from zaoan.cli.cli import app
from zaoan.terminal import common

OTHER, DAUGHTER = "+8631185671234", "+8613800138000"


@pytest.fixture
def typed(switchboard, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setattr(common.console(), "width", 250)

    def run(*words):
        answer = CliRunner().invoke(app, ["resident", *words])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer

    return run


@pytest.fixture
def granny(typed):
    return resident("王奶奶", HOME, relative=DAUGHTER)


def said(answer):
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def document(answer):
    return json.loads(said(answer))


def refused(answer):
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    return answer.stderr


def today():
    with database.reading() as session:
        return absences.local_today(session, session.scalars(select(Resident)).first())


def round_of_today():
    round_id = a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    return round_id


def test_a_pause_from_today_stops_the_call_and_the_round_says_why(typed, switchboard, granny):
    round_id = round_of_today()
    until = today() + timedelta(days=3)
    told = said(typed("pause", "王奶奶", "--until", until.isoformat(), "--reason", "在女儿家"))
    assert f"没有暂停 → {today()} 至 {until} 暂停 (在女儿家)" in told
    assert "今天还没有问到的已经结束" in told
    assert not switchboard.waiting_for(HOME)
    shown = CliRunner().invoke(app, ["round", "show", short(round_id)]).stdout
    assert "暂停打电话 – 在女儿家" in shown
    assert "在女儿家" in said(typed("list"))
    assert "在女儿家" in said(typed("show", "王奶奶"))


def test_the_same_pause_again_changes_nothing(typed, granny):
    for _ in range(2):
        said(typed("pause", "王奶奶", "--open-ended", "--reason", "住院"))
    assert len(rows(Pause)) == len(rows(Event, kind="resident.paused")) == 1


def test_whoever_comes_back_is_rung_from_the_next_round_on(typed, granny):
    round_of_today()
    said(typed("pause", "王奶奶", "--open-ended"))
    told = said(typed("resume", "王奶奶"))
    assert "直到恢复 → 没有暂停" in told
    assert "下一轮会给他们打电话" in told
    assert rows(Pause) == []
    assert rows(CheckIn)[0].outcome == "excused"


def test_days_may_be_written_as_people_write_them(typed, granny):
    first, last = today() + timedelta(days=1), today() + timedelta(days=2)
    typed("pause", "王奶奶", "--from", "明天", "--until", f"{last.year}年{last.month}月{last.day}日")
    [kept] = rows(Pause)
    assert (kept.first_day, kept.last_day) == (first, last)
    assert "“下周”不是日期" in refused(typed("pause", "王奶奶", "--until", "下周"))
    assert typed("pause", "王奶奶").exit_code == 2


def test_whoever_has_moved_away_is_removed_with_what_is_open(typed, switchboard, granny):
    responder("田保国", MOBILE)
    round_of_today()
    switchboard.ring(HOME).press("3").hang_up()
    told = said(typed("remove", "王奶奶", "--because", "搬走", "--note", "搬到儿子家"))
    assert "已搬走" in told
    assert "已办结的事项（1 件）" in told
    [case] = rows(Case)
    assert (case.state, case.finding, case.note) == ("closed", "moved_away", "搬到儿子家")
    assert "王奶奶" not in said(typed("list"))
    assert "已搬走" in said(typed("list", "--removed"))
    assert "搬到儿子家" in said(typed("show", "王奶奶的全名"))
    assert "restore" in refused(typed("pause", "王奶奶", "--open-ended"))
    assert "重新照看" in said(typed("restore", "王奶奶"))
    assert "王奶奶" in said(typed("list"))


def test_the_family_of_who_has_died_gets_no_more_texts(typed, switchboard, granny):
    round_of_today()
    switchboard.ring(HOME).press("1").hang_up()
    before = {text.id for text in rows(Text)}
    assert document(typed("remove", "王奶奶", "--because", "deceased", "--json"))["because"] == "deceased"
    assert {text.id for text in rows(Text)} == before
    assert {text.state for text in rows(Text)} == {"not_wanted"}


def test_another_reason_needs_a_note(typed, granny):
    assert "--note" in refused(typed("remove", "王奶奶", "--because", "其他"))
    assert typed("remove", "王奶奶", "--because", "没有这个词").exit_code == 2


def test_an_opt_out_is_undone_only_by_an_explicit_act(typed, granny):
    with database.unit_of_work() as session:
        consenting.withdraw(session, actors.system(), granny, by="", how=consenting.BY_KEY)
    told = said(typed("consent", "王奶奶", "--give", "--by", "王奶奶", "--how", "服务台当面"))
    assert "没有同意接电话 → 同意接电话（王奶奶，服务台当面）" in told
    round_of_today()
    assert rows(CheckIn)[0].outcome is None
    told = said(typed("consent", "王奶奶", "--withdraw", "--by", "女儿", "--how", "电话"))
    assert "同意接电话 → 没有同意接电话" in told
    assert (rows(CheckIn)[0].outcome, rows(CheckIn)[0].reason) == ("withdrawn", "no_consent")
    assert refused(typed("consent", "王奶奶", "--give", "--by", " ", "--how", "x"))


def test_a_number_that_is_corrected_is_the_one_that_is_rung_today(typed, switchboard, granny):
    round_of_today()
    with database.unit_of_work() as session:
        refused_numbers.mark(session, HOME, 21211, new_id())
        refused_numbers.mark(session, OTHER, 21211, new_id())
    told = said(typed("set", "王奶奶", "--phone", "0311-85671234"))
    assert "电话：0311 8600 0101 → 0311 8567 1234" in told
    assert not switchboard.waiting_for(HOME)
    assert rows(RefusedNumber) == []
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    assert switchboard.waiting_for(OTHER)
    assert [phone.number for phone in rows(Phone)] == [OTHER]


def test_a_second_telephone_is_added_and_taken_away(typed, granny):
    said(typed("set", "王奶奶", "--second-phone", "13800000101"))
    assert [phone.number for phone in rows(Phone)] == [HOME, MOBILE]
    said(typed("set", "王奶奶", "--phone", "13800000101", "--second-phone", "0311-86000101"))
    with database.reading() as session:
        found = session.scalars(select(Phone.number).order_by(Phone.position)).all()
    assert list(found) == [MOBILE, HOME]
    said(typed("set", "王奶奶", "--second-phone", ""))
    assert [phone.number for phone in rows(Phone)] == [MOBILE]
    assert "110" in refused(typed("set", "王奶奶", "--phone", "110"))
    assert [phone.number for phone in rows(Phone)] == [MOBILE]


def test_flags_go_through_the_vocabulary(typed, granny):
    assert "– → 空巢、独居" in said(typed("set", "王奶奶", "--add-flag", "独居老人，空巢"))
    assert {each.flag for each in rows(ResidentFlag)} == {"lives_alone", "empty_nest"}
    assert "空巢、独居 → 独居" in said(typed("set", "王奶奶", "--remove-flag", "空巢老人"))
    assert "独局" in refused(typed("set", "王奶奶", "--add-flag", "独局"))


def test_particulars_are_set_and_what_they_were_is_said(typed, granny):
    told = said(
        typed("set", "王奶奶", "--called", "王阿姨", "--pace", "140", "--call-time", "09:30", "--voice", "女声")
    )
    assert "称呼：王奶奶 → 王阿姨" in told
    assert "语速：– → 140" in told
    assert "通话时间：– → 09:30" in told
    assert "声音：普通 → 女声" in told
    assert "没有变化" in said(typed("set", "王阿姨", "--pace", "140"))
    assert "读音：– → wàng" in said(typed("set", "王阿姨", "--reading", "wàng"))
    assert "wàng" in said(typed("show", "王阿姨"))
    assert "读音：wàng → –" in said(typed("set", "王阿姨", "--reading", ""))
    assert "带声调的拼音" in refused(typed("set", "王阿姨", "--reading", "王"))
    assert "语速：140 → –" in said(typed("set", "王阿姨", "--pace", ""))
    assert refused(typed("set", "王阿姨", "--pace", "5"))
    assert refused(typed("set", "王阿姨", "--name", " "))


def test_relatives_are_added_changed_and_taken_away(typed, granny):
    assert "有问题时通知" in said(typed("set", "王奶奶", "--relative", "小梅", "--wants", "有问题时"))
    told = said(typed("set", "王奶奶", "--relative", "13900139000", "--relative-name", "大刚", "--relation", "儿子"))
    assert "– → 大刚 儿子 139 0013 9000 有问题时通知" in told
    assert "--relative-name" in refused(typed("set", "王奶奶", "--relative", "13700137000"))
    assert "小梅" in said(typed("set", "王奶奶", "--remove-relative", "小梅"))
    assert [each["name"] for each in document(typed("show", "王奶奶", "--json"))["relatives"]] == ["大刚"]
    assert "大刚" in refused(typed("set", "王奶奶", "--remove-relative", "小梅"))
    assert "--relative" in refused(typed("set", "王奶奶", "--wants", "全部"))


def test_a_mistake_in_one_option_changes_nothing(typed, granny):
    assert refused(typed("set", "王奶奶", "--called", "王阿姨", "--phone", "12"))
    assert rows(Resident)[0].called == "王奶奶"


def test_somebody_is_found_by_name_telephone_or_short_id_and_who_was_removed_only_if_nobody_else_is_meant(
    typed, granny
):
    for written in ("王奶奶", "王奶奶的全名", "0311-86000101", short(granny), str(granny)):
        assert document(typed("show", written, "--json"))["id"] == str(granny)
    second = resident("王奶奶", MOBILE, room="102")
    answer = refused(typed("show", "王奶奶"))
    assert short(granny) in answer
    assert short(second) in answer
    said(typed("remove", short(granny), "--because", "moved_away"))
    assert document(typed("show", "王奶奶", "--json"))["id"] == str(second)
    assert document(typed("show", short(granny), "--json"))["removed"]["because"] == "moved_away"


def test_whoever_is_paused_by_command_is_excused_in_every_later_round_until_then(typed, granny):
    said(typed("pause", "王奶奶", "--until", (today() + timedelta(days=1)).isoformat(), "--reason", "体检"))
    a_round()
    later(days=1)
    with database.unit_of_work() as session:
        round_starts.start_due(session)
    later(days=1)
    with database.unit_of_work() as session:
        round_starts.start_due(session)
    assert [each.outcome for each in rows(CheckIn)][:2] == ["excused", "excused"]
    assert rows(CheckIn)[-1].outcome is None
