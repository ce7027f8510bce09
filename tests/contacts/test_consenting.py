from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from contacts import queries
from contacts.models import Community, OptOutSource, Resident
from contacts.people import consent as consenting
from contacts.people.consent import ByList
from core import actors, clock
from core.actors import Actor, ActorKind
from core.errors import NotFoundError, UserError
from core.ids import new_id
from core.running import events
from core.storage.database import Database
from tests import people

OFFICE = actors.user("田主任")


@pytest.fixture
def session(db: Database, community: Community) -> Iterator[Session]:
    with db.unit_of_work() as opened:
        yield opened


@pytest.fixture
def granny(session: Session, community: Community) -> Resident:
    return people.resident(session, "王桂兰", called="王奶奶", agreed=False)


def caller(resident: Resident) -> Actor:
    return Actor(ActorKind.CALLER, resident.id, resident.called)


def test_a_consent_tells_who_gave_it_how_when_for_what_and_where_it_can_be_seen(session, granny):
    yesterday = clock.now() - timedelta(days=1)
    consenting.give(session, OFFICE, granny.id, by="王丽（女儿）", how="书面", at=yesterday, for_what="每日早安",
                    evidence="档案12")  # fmt: skip
    session.expire_all()
    (consent,) = granny.consents
    assert (consent.given_by, consent.how, consent.given_at) == ("王丽（女儿）", "书面", yesterday)
    assert (consent.for_what, consent.evidence, consent.recorded_by["name"]) == ("每日早安", "档案12", "田主任")
    assert queries.has_consent(session, granny.id)
    assert events.latest(session)[0].kind == "consent.given"


def test_an_opt_out_ends_every_consent_and_is_recorded_once(session, granny):
    consenting.give(session, OFFICE, granny.id, by="本人", how="书面")
    consenting.give(session, OFFICE, granny.id, by="本人", how="电话")
    assert consenting.withdraw(session, caller(granny), granny.id, by="", how=consenting.BY_KEY)
    assert not consenting.withdraw(session, caller(granny), granny.id, by="", how=consenting.BY_KEY)
    assert not consenting.withdraw(session, OFFICE, granny.id, by="女儿", how="来电")
    session.expire_all()
    assert not queries.has_consent(session, granny.id)
    (opt_out,) = granny.opt_outs
    assert (opt_out.source, opt_out.how) == (OptOutSource.RESIDENT, consenting.BY_KEY)
    assert [consent.opt_out_id for consent in granny.consents] == [opt_out.id, opt_out.id]
    assert [each.kind for each in events.latest(session)].count("consent.withdrawn") == 1


def test_somebody_who_has_never_agreed_can_opt_out_too(session, granny):
    assert consenting.withdraw(session, caller(granny), granny.id, by="", how=consenting.BY_TEXT)
    assert consenting.agree_by_list(session, OFFICE, granny, "书面同意") is ByList.OPTED_OUT
    assert not queries.has_consent(session, granny.id)


@pytest.mark.parametrize("who", ["resident", "staff"])
def test_no_list_undoes_an_opt_out_but_a_person_does(session, granny, who):
    consenting.agree_by_list(session, OFFICE, granny, "书面同意")
    actor = caller(granny) if who == "resident" else OFFICE
    consenting.withdraw(session, actor, granny.id, by="", how="x")
    assert granny.opt_outs[0].source == who
    assert consenting.agree_by_list(session, OFFICE, granny, "2026-11-20 再次同意") is ByList.OPTED_OUT
    assert not queries.has_consent(session, granny.id)
    consenting.give(session, OFFICE, granny.id, by="本人", how="到办公室签字")
    assert queries.has_consent(session, granny.id)
    assert (granny.opt_outs[0].lifted_by, granny.opt_outs[0].lifted_how) == ("本人", "到办公室签字")
    assert consenting.agree_by_list(session, OFFICE, granny, "2026-11-20 再次同意") is ByList.DONE


def test_a_refusal_of_the_list_is_recorded_once_and_undone_by_its_later_yes(session, granny):
    consenting.agree_by_list(session, OFFICE, granny, "书面同意")
    assert consenting.agree_by_list(session, OFFICE, granny, "书面同意") is ByList.NOTHING_NEW
    assert consenting.refuse_by_list(session, OFFICE, granny, "不同意") is ByList.DONE
    assert consenting.refuse_by_list(session, OFFICE, granny, "拒绝") is ByList.NOTHING_NEW
    session.flush()
    assert (len(granny.consents), len(granny.opt_outs)) == (1, 1)
    assert not queries.has_consent(session, granny.id)
    assert consenting.agree_by_list(session, OFFICE, granny, "书面同意") is ByList.DONE
    session.flush()
    assert queries.has_consent(session, granny.id)
    assert consenting.opt_outs_in_force(granny) == []


def test_an_opt_out_of_their_own_counts_beside_a_refusal_of_the_list(session, granny):
    consenting.refuse_by_list(session, OFFICE, granny, "不同意")
    assert consenting.withdraw(session, caller(granny), granny.id, by="", how=consenting.BY_KEY)
    assert consenting.agree_by_list(session, OFFICE, granny, "书面同意") is ByList.OPTED_OUT


@pytest.mark.parametrize(
    ("by", "how", "words"),
    [("", "书面", "needs who gave it"), ("本人", " ", "needs who gave it"), ("本人", "不同意", "is a refusal")],
)
def test_a_consent_without_who_or_how_is_none(session, granny, by, how, words):
    with pytest.raises(UserError, match=words):
        consenting.give(session, OFFICE, granny.id, by=by, how=how)
    assert not queries.has_consent(session, granny.id)


def test_a_consent_of_tomorrow_is_none(session, granny):
    with pytest.raises(UserError, match="still to come"):
        consenting.give(session, OFFICE, granny.id, by="本人", how="书面", at=clock.now() + timedelta(days=1))


def test_somebody_unknown_can_neither_agree_nor_opt_out(session):
    for act in (consenting.give, consenting.withdraw):
        with pytest.raises(NotFoundError):
            act(session, OFFICE, new_id(), by="本人", how="书面")
