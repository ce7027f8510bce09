"""A community's months, written down for tests of what is told of a month: rounds, answers, calls and cases.

Nothing is played: the rows are stored as a service leaves them, drawn from a seed, with as many people as a test wants.
"""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from campaigns.audience import EVERYBODY
from campaigns.models import Campaign, CampaignKind, CampaignState, CheckIn, CheckInCall, Outcome, Reason, Round
from campaigns.schedules import plans
from contacts.community.community import area, the_community
from contacts.models import Household, Resident
from core.ids import new_id
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Need, Page, PageState
from ivr.models import Call, CallState, CallTotal, Direction, Ending, StoredDialogue
from tests import people

SHANGHAI = ZoneInfo("Asia/Shanghai")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "桂兰秀英建国玉梅淑珍志强德明凤霞春生宝山"
DAILY = [Outcome.OK] * 178 + [Outcome.NEEDS_SUPPLIES] * 3 + [Outcome.UNWELL] * 1 + [Outcome.WANTS_PERSON] * 2 + [
    Outcome.NO_KEY] * 2 + [Outcome.HUNG_UP, Outcome.VOICEMAIL, Outcome.BUSY] + [Outcome.NO_ANSWER] * 5 + [
    Outcome.UNREACHABLE, Outcome.NOT_ASKED] + [Outcome.EXCUSED] * 4 + [Outcome.WITHDRAWN]  # fmt: skip
QUIET = {Outcome.OK, Outcome.EXCUSED, Outcome.WITHDRAWN, Outcome.NOT_ASKED}
UNRUNG = {Outcome.EXCUSED, Outcome.NOT_ASKED, Outcome.WITHDRAWN, Outcome.UNREACHABLE}
ENDING = {Outcome.NO_ANSWER: Ending.NO_ANSWER, Outcome.BUSY: Ending.BUSY}
FOUND = [Finding.FINE] * 6 + [Finding.HELPED] * 3 + [Finding.TAKEN_TO_HOSPITAL, Finding.FALSE_ALARM, Finding.NOT_FOUND]


class Town:
    """Residents in their buildings, a helper, and two campaigns; ``chance`` decides all that happens to them."""

    def __init__(self, session, residents, seed=7, buildings=4):
        self.session, self.chance = session, random.Random(seed)
        self.community = the_community(session)
        self.people = self._people(residents, buildings)
        self.helper = people.responder(session, "田保国", "+8613900000001")
        self.daily, self.told = (self._campaign(each) for each in CampaignKind)
        session.merge(StoredDialogue(digest=b"month", text="{}", used_at=datetime(2026, 1, 1, tzinfo=UTC)))
        session.flush()
        self._numbers = 0

    def has_a_month(self, month, until=None, *, calls_are_kept=True, after=1.0):
        """A daily round on each day, one notice on the tenth, and what came of them; not beyond ``until``.

        ``after``: how much of a day a case stays open; the odd one takes a hundred times as long, or is not closed.
        """
        for day in month.days:
            begun = datetime.combine(day, time(8), SHANGHAI).astimezone(UTC)
            if until is not None and begun >= until:
                break
            self._round(self.daily, begun, until, after)
            if day.day == 10 and (until is None or begun + timedelta(hours=2) < until):
                self._round(self.told, begun + timedelta(hours=2), until, after)
            if calls_are_kept:
                self._calls(begun)
            else:
                self._totals(day)
        self.session.flush()

    def _people(self, count, buildings):
        homes = [area(self.session, self.community, f"{number + 1}号楼", f"{unit + 1}单元").id
                 for number in range(buildings) for unit in range(2)]  # fmt: skip
        households = [self._row(Household, area_id=homes[at % len(homes)], room=f"{at // len(homes) + 1:02}01")
                      for at in range(count)]  # fmt: skip
        names = ["".join(self.chance.choice(each) for each in (SURNAMES, GIVEN, GIVEN)) for _ in households]
        residents = [self._row(Resident, household_id=home["id"], name=name, called=name, language="zh-CN")
                     for home, name in zip(households, names, strict=True)]  # fmt: skip
        self.session.execute(insert(Household), households)
        self.session.execute(insert(Resident), residents)
        return [each["id"] for each in residents]

    def _row(self, table, **more):
        return {"id": new_id(), "community_id": self.community.id} | more

    def _campaign(self, kind):
        name = "每日早安" if kind == CampaignKind.CHECK_IN else "停水通知"
        made = Campaign(
            **self._row(
                Campaign,
                name=name,
                kind=kind,
                state=CampaignState.ACTIVE,
                audience=EVERYBODY,
                schedule=plans.document(plans.Daily(times=(time(8),))),
            )
        )
        self.session.add(made)
        self.session.flush()
        return made

    def _round(self, campaign, at, until, after):
        stopped = self.chance.random() < 0.03
        round_id = new_id()
        over = until is None or at + timedelta(hours=2) < until
        self.session.execute(insert(Round), [{
            "id": round_id, "campaign_id": campaign.id, "occurrence": at, "started_at": at,
            "deadline": at + timedelta(hours=2), "completed_at": at + timedelta(hours=2) if over else None,
            "stopped_at": at + timedelta(hours=1) if stopped else None,
            "stopped_because": Reason.ROUND_STOPPED if stopped else None}])  # fmt: skip
        check_ins, cases = [], []
        for person in self.people:
            outcome = self._outcome(over)
            decided = at + timedelta(seconds=60 + round(5300 * self.chance.random() ** 2)) if outcome else None
            check_ins.append({"id": new_id(), "round_id": round_id, "resident_id": person, "numbers": [], "refused": [],
                              "outcome": outcome, "attempts": self.chance.randint(1, 3), "decided_at": decided,
                              "answered_at": decided if outcome == Outcome.OK else None})  # fmt: skip
            if outcome and outcome not in QUIET:
                kind = CaseKind(outcome) if campaign is self.daily else CaseKind.NOTICE_NOT_HEARD
                cases.append(self._case(kind, decided, person, check_ins[-1]["id"], after, until))
        self.session.execute(insert(CheckIn), check_ins)
        self._asking(check_ins)
        if cases:
            self.session.execute(insert(Case), cases)
            self._pages(cases)

    def _asking(self, check_ins):
        """The last call to each who was rung, a minute before it was decided."""
        rung = [each for each in check_ins if each["decided_at"] and each["outcome"] not in UNRUNG]
        calls = [self._call("check_in", each["decided_at"] - timedelta(minutes=1), ENDING.get(
            each["outcome"], Ending.COMPLETED)) for each in rung]  # fmt: skip
        if calls:
            self.session.execute(insert(Call), calls)
            self.session.execute(insert(CheckInCall), [{"call_id": call["id"], "check_in_id": each["id"]}
                                                       for call, each in zip(calls, rung, strict=True)])  # fmt: skip

    def _outcome(self, over):
        return self.chance.choice(DAILY) if over or self.chance.random() < 0.5 else None

    def _case(self, kind, at, person, check_in_id, after, until):
        taken = at + timedelta(seconds=self.chance.randint(20, 900)) if self.chance.random() < 0.9 else None
        lasts = after * 86_400 * self.chance.random() ** 2 * self.chance.choice([0.1, 0.1, 0.1, 1])
        closed = at + timedelta(seconds=round(lasts))
        if self.chance.random() < 0.01:
            closed += timedelta(days=after * 4)
        is_closed = self.chance.random() < 0.985 and (until is None or closed < until)
        state = CaseState.CLOSED if is_closed else CaseState.ACCEPTED if taken else CaseState.OPEN
        needs = self.chance.sample([each.value for each in Need], self.chance.randint(0, 2))
        return self._row(
            Case, resident_id=person, check_in_id=check_in_id, kind=kind, state=state, urgency=5, opened_at=at,
            accepted_by_id=self.helper.id if taken and state != CaseState.OPEN else None, note="",
            accepted_at=taken, first_accepted_at=taken, closed_at=closed if is_closed else None,
            finding=self.chance.choice(FOUND) if is_closed else None,
            needs=sorted(needs) if kind == CaseKind.NEEDS_SUPPLIES else [], past_pages=self.chance.choice([0, 0, 3]),
        )  # fmt: skip

    def _pages(self, cases):
        asked = [each for each in cases if each["first_accepted_at"]]
        calls = [self._call("page", each["opened_at"], Ending.COMPLETED) for each in asked]
        pages = [{"id": new_id(), "case_id": case["id"], "responder_id": self.helper.id, "call_id": call["id"],
                  "state": self.chance.choice([PageState.ACCEPTED, PageState.NOT_RUNG]), "asked_at": case["opened_at"]}
                 for case, call in zip(asked, calls, strict=True)]  # fmt: skip
        if calls:
            self.session.execute(insert(Call), calls)
            self.session.execute(insert(Page), pages)

    def _call(self, owner, at, ending, direction=Direction.OUT):
        self._numbers += 1
        talks = ending == Ending.COMPLETED
        return {"id": new_id(), "direction": direction, "number": f"+8631186{self._numbers % 1_000_000:06}",
                "owner": owner, "dialogue_digest": b"month", "particulars": "[]", "urgency": 10,
                "state": CallState.ENDED, "ring_seconds": 60, "due_at": at, "not_after": at, "dialled_at": at,
                "answered_at": at + timedelta(seconds=9) if talks else None, "ending": ending,
                "ended_at": at + timedelta(seconds=40)}  # fmt: skip

    def _calls(self, at):
        endings = [Ending.COMPLETED] * 7 + [Ending.NO_ANSWER, Ending.BUSY, Ending.NOT_WANTED]
        calls = [self._call("check_in", at + timedelta(seconds=3 * nth), self.chance.choice(endings))
                 for nth in range(len(self.people) // 4)]  # fmt: skip
        calls += [self._call("check_in", at + timedelta(hours=1, seconds=nth), Ending.COMPLETED, Direction.IN)
                  for nth in range(len(self.people) // 20 + 1)]  # fmt: skip
        self.session.execute(insert(Call), calls)

    def _totals(self, day):
        for owner, direction in (("check_in", Direction.OUT), ("page", Direction.OUT), ("stranger", Direction.IN)):
            for ending in (Ending.COMPLETED, Ending.NO_ANSWER, Ending.REFUSED):
                calls = self.chance.randint(1, 30)
                self.session.add(CallTotal(day=day, owner=owner, direction=direction, ending=ending, calls=calls,
                                           answered=calls, talked_seconds=calls * 30))  # fmt: skip


def everything(session, table):
    """Each row of a table."""
    return session.scalars(select(table)).all()
