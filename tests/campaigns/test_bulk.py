"""One thing done with many residents: all of it or nothing for each, in bites, and never twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CheckIn, Round
from campaigns.people import bulk, bulk_preview, choices
from campaigns.people.bulk import Outcome
from campaigns.people.bulk_deeds import Pause, Resume, RingNow, SetFlag, TakeFlag
from contacts.chosen import BulkChange, ResidentChoice
from contacts.community.community import the_community
from contacts.models import Removal, Resident, ResidentFlag, ResidentList
from contacts.people import absences, consent, resident_changes, residents
from core import actors, clock
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running.events import latest
from core.storage import database
from tests import people

STAFF = actors.user("王芳")
NAMES = ("王桂兰", "李长海", "张淑琴", "赵德明", "刘玉芬")


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def five(office):
    """Five residents with a telephone each, in their order, of whom the last has left."""
    with database.unit_of_work() as session:
        home = people.household(session)
        ids = [people.resident(session, name, f"+863118600020{at}", home=home).id for at, name in enumerate(NAMES)]
        residents.mark_removed(session, STAFF, ids[-1], Removal.MOVED_AWAY)
    return ids


def chosen(ids, community=None):
    with database.unit_of_work() as session:
        return choices.choose(session, STAFF, community or the_community(session).id, ids).id


def begin(choice_id, deed, change_id=None, actor=STAFF):
    change_id = change_id or new_id()
    with database.unit_of_work() as session:
        community = the_community(session)
        choice = choices.find(session, community.id, None, choice_id)
        bulk.begin(session, actor, community, choice, change_id, deed)
    return change_id


def a_bite(choice_id, change_id):
    with database.unit_of_work() as session:
        return bulk.carry_on(session, STAFF, session.get_one(ResidentChoice, choice_id), change_id)


def done(ids, deed):
    """Does it with everybody; returns the outcome of each by name, and the change's id."""
    choice_id = chosen(ids)
    change_id = begin(choice_id, deed)
    while a_bite(choice_id, change_id):
        pass
    return outcomes(change_id)


def outcomes(change_id):
    with database.reading() as session:
        change = session.get_one(BulkChange, change_id)
        return {session.get_one(Resident, each.resident_id).name: each.outcome for each in bulk.results_of(change)}


def previewed(ids, deed):
    with database.reading() as session:
        community = the_community(session)
        return bulk_preview.preview(session, community, ResidentChoice(community_id=community.id,
                                    residents=list(map(str, ids))), deed)  # fmt: skip


def carriers(flag):
    with database.reading() as session:
        return set(session.scalars(select(ResidentFlag.resident_id).where(ResidentFlag.flag == flag)))


def test_everybody_has_the_flag_but_whoever_has_left(five):
    with database.unit_of_work() as session:
        resident_changes.set_flags(session, STAFF, five[0], add=["独居"])
    told = previewed(five, SetFlag(flag="独居"))
    assert (told.people, told.changed) == (5, 3)
    assert told.exceptions == {"carries it already": ["王桂兰"], "unasked:gone": ["刘玉芬"]}
    assert done(five, SetFlag(flag="独居")) == dict(zip(NAMES, (Outcome.SAME, *[Outcome.CHANGED] * 3, Outcome.REFUSED),
                                                        strict=True))  # fmt: skip
    assert carriers("lives_alone") == set(five[:4])
    with database.reading() as session:
        changes = [each for each in latest(session, 20, ["resident.changed"]) if each.subject_id in five[1:4]]
        assert {each.actor_name for each in changes} == {"王芳"}
        [together] = latest(session, 20, ["residents.changed_together"])
        assert (together.facts["deed"], together.facts["changed"], together.facts["refused"]) == ("set_flag", 3, 1)


def test_nobody_has_the_flag_any_more_a_word_of_their_own_too(five):
    with database.unit_of_work() as session:
        session.add_all(ResidentFlag(resident_id=each, flag="合唱队") for each in five[:2])
    told = previewed(five, TakeFlag(flag="合唱队"))
    assert (told.changed, told.exceptions["does not carry it"]) == (2, ["张淑琴", "赵德明"])
    found = done(five, TakeFlag(flag="合唱队"))
    assert [found[each] for each in NAMES[:4]] == [Outcome.CHANGED] * 2 + [Outcome.SAME] * 2
    assert carriers("合唱队") == set()


def test_they_are_paused_and_resumed(five):
    today = clock.now().date()
    with database.unit_of_work() as session:
        absences.pause(session, STAFF, five[1], today, today + timedelta(2), "住院")
    deed = Pause(first=today, last=today + timedelta(9), reason="楼栋维修")
    told = previewed(five, deed)
    assert (told.changed, list(told.joined)) == (4, ["李长海"])
    assert list(done(five, deed).values()) == [Outcome.CHANGED] * 4 + [Outcome.REFUSED]
    with database.reading() as session:
        assert [[(each.first, each.last) for each in absences.absences(session, one)] for one in five[:4]] == [
            [(today, today + timedelta(9))]
        ] * 4
    assert list(done(five, deed).values()) == [Outcome.SAME] * 4 + [Outcome.REFUSED]
    with database.unit_of_work() as session:
        absences.resume(session, STAFF, five[0])
    told = previewed(five, Resume())
    assert (told.changed, told.exceptions["is not paused"]) == (3, ["王桂兰"])
    assert list(done(five, Resume()).values()) == [Outcome.REFUSED, *[Outcome.CHANGED] * 3, Outcome.REFUSED]


def test_whoever_is_paused_today_is_not_rung_in_the_round_under_way(five):
    with database.unit_of_work() as session:
        round_starts.start_now(session, STAFF, new_campaigns.create_campaign(session, STAFF, "早安"))
    done(five[:2], Pause(first=clock.now().date()))
    with database.reading() as session:
        ended = {each.resident_id: each.outcome for each in session.scalars(select(CheckIn))}
    assert [ended[each] for each in five[:4]] == ["excused", "excused", None, None]


def test_a_round_rings_them_alone_and_says_whom_it_does_not(five):
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, STAFF, "空巢", flags=None).id
        consent.withdraw(session, STAFF, five[1], by="本人", how="当面")
        absences.pause(session, STAFF, five[2], clock.now().date(), None)
    told = previewed([*five[:3], five[4]], RingNow(campaign_id=campaign))
    assert (told.changed, set(told.exceptions)) == (1, {"unasked:withdrawn", "unasked:paused", "unasked:gone"})
    choice_id = chosen([*five[:3], five[4]])
    change_id = begin(choice_id, RingNow(campaign_id=campaign))
    assert not a_bite(choice_id, change_id)
    assert begin(choice_id, RingNow(campaign_id=campaign), change_id) == change_id
    assert [outcomes(change_id)[NAMES[at]] for at in (0, 1, 2, 4)] == [Outcome.CHANGED, *[Outcome.REFUSED] * 3]
    with database.reading() as session:
        [round_] = session.scalars(select(Round))
        assert session.get_one(BulkChange, change_id).round_id == round_.id
        asked = session.scalars(select(CheckIn).where(CheckIn.outcome.is_(None))).all()
        assert [each.resident_id for each in asked] == [five[0]]
        [kept] = session.scalars(select(ResidentList))
        assert "2026-11-23 09:00" in kept.name


def test_a_round_that_may_not_begin_leaves_nothing_behind(five):
    with database.unit_of_work() as session:
        draft = new_campaigns.create_campaign(session, STAFF, "草稿", draft=True).id
    choice_id = chosen(five)
    with pytest.raises(ConflictError, match="is a draft"):
        begin(choice_id, RingNow(campaign_id=draft))
    with database.reading() as session:
        assert session.scalars(select(ResidentList)).all() == session.scalars(select(BulkChange)).all() == []


def test_it_is_done_in_bites_and_goes_on_where_it_was_broken_off(five, monkeypatch):
    monkeypatch.setattr(bulk, "BITE", 2)
    choice_id = chosen(five)
    change_id = begin(choice_id, SetFlag(flag="独居"))
    assert a_bite(choice_id, change_id)
    with monkeypatch.context() as broken:
        broken.setattr(resident_changes, "set_flags", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            a_bite(choice_id, change_id)
    assert carriers("lives_alone") == set(five[:2])
    assert a_bite(choice_id, change_id)
    assert not a_bite(choice_id, change_id)
    assert not a_bite(choice_id, change_id)
    assert (carriers("lives_alone"), len(outcomes(change_id))) == (set(five[:4]), 5)
    with database.reading() as session:
        assert len([each for each in latest(session, 50, ["resident.changed"]) if each.subject_id == five[0]]) == 1


def test_what_is_refused_to_one_takes_nothing_of_the_others_back(five, monkeypatch):
    real = resident_changes.flag

    def half_done(session, actor, resident, after):
        changes = real(session, actor, resident, after)
        if resident.id == five[1]:
            session.flush()
            raise ConflictError("{value} is being rung, or is on the telephone.", value=resident.name)
        return changes

    monkeypatch.setattr(resident_changes, "flag", half_done)
    assert done(five[:3], SetFlag(flag="独居")) == dict(
        zip(NAMES, (Outcome.CHANGED, Outcome.REFUSED, Outcome.CHANGED), strict=False)
    )
    assert carriers("lives_alone") == {five[0], five[2]}


def test_one_form_says_one_thing(five):
    choice_id = chosen(five)
    change_id = begin(choice_id, SetFlag(flag="独居"))
    with pytest.raises(ConflictError, match="sent already"):
        begin(choice_id, Resume(), change_id)
    with pytest.raises(ConflictError, match="sent already"):
        begin(chosen(five), SetFlag(flag="独居"), change_id)


@pytest.mark.parametrize(
    ("deed", "field"),
    [(SetFlag(flag=""), "flag"), (SetFlag(flag="没有这个标记"), "flags"), (RingNow(campaign_id=new_id()), "campaign"),
     (Pause(first=clock.now().date(), last=clock.now().date() - timedelta(400)), "until")],
)  # fmt: skip
def test_what_cannot_be_done_with_anybody_is_refused_before(five, deed, field):
    for refused in (lambda: previewed(five, deed), lambda: begin(chosen(five), deed)):
        with pytest.raises(UserError) as mistake:
            refused()
        assert mistake.value.field == field


def test_nobody_too_many_and_nobody_of_another_community(five, monkeypatch):
    with database.unit_of_work() as session:
        there = people.another_community(session, "别的社区")
        stranger = people.resident(session, "外人", "+8631186000299", home=people.household(session, of=there)).id
    for ids in ([], [stranger], [new_id()]):
        with pytest.raises(UserError, match="Nobody is chosen"):
            chosen(ids)
    with database.reading() as session:
        assert session.get_one(ResidentChoice, chosen([five[0], stranger, five[0]])).residents == [str(five[0])]
    monkeypatch.setattr(choices, "MOST", 4)
    with pytest.raises(UserError, match="too many at once"):
        chosen(five)


def test_a_choice_is_its_users_alone_and_for_a_while(five):
    choice_id = chosen(five)
    with database.unit_of_work() as session:
        community = the_community(session).id
        with pytest.raises(NotFoundError):
            choices.find(session, community, new_id(), choice_id)
        with pytest.raises(NotFoundError):
            choices.find(session, new_id(), None, choice_id)
        choice = choices.find(session, community, None, choice_id)
        choice.made_at = clock.real_now() - choices.KEPT - timedelta(seconds=1)
        session.flush()
        with pytest.raises(NotFoundError):
            choices.find(session, community, None, choice_id)
        assert choices.forget_old(session) == 1
