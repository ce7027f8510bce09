"""The relative's page over HTTP: to whom it opens, what it shows, what its forms do, and what of it is audited."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.models import CheckIn, Outcome
from contacts import relative_links
from contacts.models import Pause, Relative, Resident, ResidentHealth, Wants
from core import actors, clock
from core.identity.models import AuditEntry
from core.storage.database import reading, unit_of_work
from escalation.models import CaseState
from ivr.models import Text
from tests.console import street

PAGE, FOREIGN = "/f/{token}", {"Origin": "https://evil.example"}
OPEN, ASK = "在这台设备上打开", "给我发一个新链接"


def rows(table, *where):
    with reading() as session:
        return session.scalars(select(table).where(*where)).all()


def audited():
    return [(each.deed, each.status, str(each.actor_kind), each.actor_id, each.subject)
            for each in rows(AuditEntry, AuditEntry.actor_kind == "relative")]  # fmt: skip


def known_of(family):
    """Everything of the resident's file, and of others, that is nobody's business here."""
    with unit_of_work() as session:
        who = session.get_one(Resident, family.who)
        who.notes, who.household.access_notes, who.household.key_holder = "备注甲", "钥匙乙", "邻居丙"
        session.add(ResidentHealth(resident_id=who.id, notes="病历丁"))
    return ["备注甲", "钥匙乙", "邻居丙", "病历丁", "王桂兰", "+86", "101", "李爷爷", "田保国", "石磊", "1号楼"]


def test_the_link_alone_shows_nothing_of_anybody_and_changes_nothing(family):
    shown = family.browser().get(family.path)
    assert (shown.status_code, OPEN in shown.text, "王奶奶" in shown.text) == (200, True, False)
    assert audited() == []


def test_once_opened_it_shows_today_in_one_line_and_nothing_of_the_file_or_of_anybody_else(family):
    forbidden = known_of(family)
    street.answer("王奶奶", Outcome.OK)
    shown = family.open().hers.get(family.path)
    assert "王奶奶今天08:00回答了，一切都好。" in shown.text
    main = shown.text[shown.text.index("<main") : shown.text.index("</main>")]
    assert [each for each in forbidden if each in main] == []


def test_no_machine_keeps_it_or_finds_it_and_no_other_site_learns_of_it(family):
    for shown in (family.browser().get(family.path), family.open().hers.get(family.path)):
        assert shown.headers["Cache-Control"] == "no-store"
        assert shown.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in shown.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in shown.text


def test_the_language_is_hers_until_she_chooses_another(family):
    with unit_of_work() as session:
        session.get_one(Relative, family.daughter).language = "en"
    family.open()
    assert "has not been rung yet today" in family.hers.get(family.path).text
    assert "今天还没有给王奶奶打电话" in family.hers.get(f"{family.path}?language=zh-CN").text


def test_a_forwarded_link_opens_nowhere_else_and_the_new_one_goes_to_her_own_telephone(family):
    family.open()
    other = family.browser()
    refused = other.get(family.path)
    assert (refused.status_code, ASK in refused.text, "王奶奶" in refused.text) == (403, True, False)
    assert other.post(f"{family.path}/open").status_code == 403
    assert other.post(f"{family.path}/spoke", data={"key": "a"}).status_code == 403
    assert other.post(f"{family.path}/again").status_code == 303
    [text] = rows(Text)
    assert (text.number, "/f/" in text.body, family.path in text.body) == ("+8613611110001", True, False)
    assert "王奶奶" in family.hers.get(family.path).text


def test_a_good_link_is_not_sent_again(family):
    assert family.open().hers.post(f"{family.path}/again").status_code == 303
    assert rows(Text) == []


@pytest.mark.parametrize("token", ["a" * 24, "x", "%00", "A" * 3000])
def test_a_forged_link_leads_nowhere(family, token):
    for answer in (family.hers.get(f"/f/{token}"), family.hers.post(f"/f/{token}/open")):
        assert answer.status_code in {404, 414}
        assert "王奶奶" not in answer.text


def test_an_ended_link_is_a_kind_page_without_a_way_to_a_new_one(family):
    family.open()
    with unit_of_work() as session:
        relative_links.end(session, actors.user("社区"), family.who, family.daughter)
    gone = family.hers.get(family.path)
    assert (gone.status_code, "王奶奶" in gone.text, ASK in gone.text) == (410, False, False)
    assert family.hers.post(f"{family.path}/again").status_code == 410
    assert rows(Text) == []


def test_one_that_was_not_used_for_ninety_days_is_over_and_asks_for_a_new_one(family, monkeypatch):
    family.open().hers.get(family.path)
    then = clock.real_now() + timedelta(days=91)
    monkeypatch.setattr(clock, "real_now", lambda: then)
    gone = family.hers.get(family.path)
    assert (gone.status_code, ASK in gone.text) == (410, True)


def test_without_the_residents_consent_a_kind_page_says_whom_to_ask(family):
    family.open()
    with unit_of_work() as session:
        for each in session.get_one(Resident, family.who).consents:
            each.withdrawn_at = clock.now()
    shown = family.hers.get(family.path)
    assert (shown.status_code, "请给社区办公室打电话" in shown.text, "王奶奶" in shown.text) == (403, True, False)
    assert family.hers.post(f"{family.path}/spoke", data={"key": "a"}).status_code == 403


def test_another_site_does_nothing_in_her_name(family):
    family.open()
    for form in ("open", "spoke", "away", "back", "wishes", "again"):
        refused = family.hers.post(f"{family.path}/{form}", data={"key": "a"}, headers=FOREIGN)
        assert refused.status_code == 403


def test_what_is_open_is_told_with_who_has_taken_it_by_their_part_alone(family):
    street.answer("王奶奶", Outcome.UNWELL)
    assert "正在打电话请人帮忙" in family.open().hers.get(family.path).text
    street.accept_case("王奶奶", "田保国")
    shown = family.hers.get(family.path).text
    assert ("08:00已有人接手（楼栋长）" in shown, "田保国" in shown) == (True, False)
    assert "/spoke" not in shown


def test_her_word_closes_what_was_only_silence_and_the_page_says_so(family):
    street.answer("王奶奶", Outcome.NO_ANSWER)
    family.open()
    done = family.send("spoke")
    assert (done.status_code, done.headers["Location"]) == (303, f"{family.path}?done=spoke#spoke")
    assert (street.case_of("王奶奶").state, street.case_of("王奶奶").finding) == (CaseState.CLOSED, "family_spoke")
    shown = family.hers.get(f"{family.path}?done=spoke").text
    assert ("谢谢您" in shown, "家里人已和王奶奶说过话，一切都好" in shown) == (True, True)


def test_between_two_attempts_her_word_ends_the_check_in_and_is_no_answer(family):
    street.tried("王奶奶", Outcome.NO_ANSWER)
    with unit_of_work() as session:
        [check_in] = session.scalars(select(CheckIn).where(CheckIn.resident_id == family.who))
        check_in.attempts, check_in.next_attempt_at = 1, clock.now() + timedelta(minutes=10)
    family.open()
    assert "我们还会再打" in family.hers.get(family.path).text
    family.send("spoke")
    [after] = rows(CheckIn, CheckIn.resident_id == family.who)
    assert (after.outcome, after.reason, after.next_attempt_at) == (Outcome.EXCUSED, "family_spoke", None)
    assert "家里人今天08:00告诉我们，王奶奶一切都好" in family.hers.get(family.path).text


def test_a_form_that_is_sent_twice_does_nothing_twice_also_when_the_office_has_undone_it(family):
    last = (street.EIGHT + timedelta(days=3)).date().isoformat()
    family.open()
    for _ in range(2):
        sent = family.hers.post(f"{family.path}/away", data={"key": "one press", "last_day": last})
        assert sent.status_code == 303
        with unit_of_work() as session:
            session.query(Pause).delete()
    assert rows(Pause) == []
    family.hers.post(f"{family.path}/away", data={"key": "another press", "last_day": last})
    assert rows(Pause)[0].last_day.isoformat() == last


def test_a_form_without_its_key_is_refused(family):
    assert family.open().hers.post(f"{family.path}/spoke").status_code == 422


def test_a_day_that_cannot_be_is_said_beside_its_field_and_stays_typed(family):
    refused = family.open().send("away", last_day="2027-06-01")
    assert refused.status_code == 422
    assert "请给社区办公室打电话" in refused.text
    assert 'value="2027-06-01"' in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_what_she_is_told_is_hers_to_choose_and_no_other_word_is_one(family):
    assert family.open().send("wishes", wants="weekly").status_code == 303
    assert rows(Relative)[0].wants == Wants.WEEKLY
    for wrong in ("nothing", "", "x"):
        assert family.send("wishes", wants=wrong).status_code == 422
    assert rows(Relative)[0].wants == Wants.WEEKLY


def test_reads_and_deeds_stand_in_the_audit_log_in_her_name_and_the_link_never_does(family):
    family.open().hers.get(family.path)
    family.send("wishes", wants="daily")
    family.send("away", last_day="")
    kept = audited()
    about = ("relative", family.daughter, str(family.who))
    assert kept[:2] == [(f"POST {PAGE}/open", 303, *about), (f"GET {PAGE}", 200, *about)]
    assert (f"POST {PAGE}/wishes", 303, *about) in kept
    assert (f"POST {PAGE}/away", 422, *about) in kept
    token = family.path.rsplit("/", 1)[1]
    assert [each for each in kept if any(token in str(part) for part in each)] == []


def test_the_month_leads_to_no_round_and_turns_back(family):
    street.answer("王奶奶", Outcome.OK)
    shown = family.open().hers.get(family.path).text
    assert ('class="answer well"' in shown, "/rounds/" in shown) == (True, False)
    assert family.hers.get(f"{family.path}?month=2026-10").status_code == 200
    assert family.hers.get(f"{family.path}?month=2026-99").status_code == 200


def test_an_open_page_learns_that_it_is_another_and_only_where_it_was_opened(family):
    version = f"{family.path}/version"
    assert (family.hers.get(version).status_code, family.browser().get(version).text) == (403, "")
    shown = family.open().hers.get(family.path).text
    noted = audited()
    assert f'data-version="{(now := family.hers.get(version).text)}"' in shown
    street.answer("王奶奶", Outcome.OK)
    assert family.hers.get(version).text not in ("", now)
    assert (family.browser().get(version).status_code, audited()) == (403, noted)
    assert family.hers.get(f"/f/{'a' * 24}/version").status_code == 404
