"""A person with all that a service can come to know of one, and a neighbour who must keep everything."""

from datetime import timedelta

from sqlalchemy import inspect, select, update

from campaigns.models import CheckIn, EarlyAnswer, Trial
from campaigns.noticed import Remark, RemarkKind
from campaigns.people import resident_merging, resident_status
from campaigns.rounds import attempts, auditor
from contacts import pins
from contacts.community.community import the_community
from contacts.models import OptOut, Pause, RefusedNumber, Relative, Removal, Resident, ResidentList, ResidentListMember
from contacts.people import absences, health_notes, resident_changes
from core import actors, clock
from core.ids import new_id
from core.storage.database import Base, current, unit_of_work
from core.subscriptions.models import Kind, Subscription
from escalation.cases import cases
from escalation.deeds import notes
from escalation.models import Case, Digest
from ivr.models import Call, CallTurn, RecordedPrompt, Recording, RecordingState, Text, TextRefusal, TextState
from ivr.turns.kept_replies import unpacked
from tests import people
from tests.campaigns.mornings import a_round, later
from tests.switchboard import responder

HOME, MOBILE, BEFORE = "+8631186000141", "+8613800000142", "+8613800000143"
DAUGHTER, SON, HOLDER = "+8613911110144", "+8613911110145", "+8613911110146"
STRANGER, HELPER, PIN = "+8631187654321", "+8613900000001", "204817"
NEIGHBOUR, HERS = "+8631186000147", "+8613911110148"
NAME, CALLED, TWICE = "赵秀英", "赵奶奶", "赵秀瑛"
TOLD = ("胯骨骨折", "门垫下面", "孙子小宝", "赵小梅", "赵大海", "钱邻居", "档案柜九号", "去小梅家", "耳朵背",
        "搬到女儿赵", "一切都好谢谢", "妈妈还好吗", "送到医院赵", "xiaomei@example.org")  # fmt: skip
SOUND = b"RIFF" + "赵秀英的声音".encode()
SECRETS = (NAME, CALLED, TWICE, *TOLD, *(each[1:] for each in (HOME, MOBILE, BEFORE, DAUGHTER, SON, HOLDER)))
KEPT = ("钱奶奶", NEIGHBOUR, "钱小军", HERS)


def town():
    """Two homes; returns the ids of the person and of the neighbour."""
    with unit_of_work() as session:
        home = people.household(session, "201", access_notes="钥匙在门垫下面")
        home.key_holder, home.key_holder_number = "钱邻居", HOLDER
        who = people.resident(session, NAME, HOME, MOBILE, home=home, called=CALLED, notes="孙子小宝常来",
                              birth_year=1939, flags=["耳朵背"])  # fmt: skip
        for name, number in (("赵小梅", DAUGHTER), ("赵大海", SON)):
            people.relative(session, who.id, name, number, email="xiaomei@example.org", wants="everything")
        twice = people.resident(session, TWICE, BEFORE, home=home, called=CALLED)
        other = people.resident(session, "钱奶奶", NEIGHBOUR, home=people.household(session, "202"))
        people.relative(session, other.id, "钱小军", HERS, wants="everything")
        ids = who.id, twice.id, other.id
        community = the_community(session)
        community.has_webhooks = True
        session.add(Subscription(community_id=community.id, url="https://city.example.org", kinds=list(Kind),
                                 secret_digest="d", made_at=clock.real_now()))  # fmt: skip
    responder("田保国", HELPER, pin=pins.hashed(PIN))
    _papers(*ids)
    return ids[0], ids[2]


def _papers(who, twice, other):
    """What staff have written down."""
    staff = actors.user("田主任")
    with unit_of_work() as session:
        health_notes.set_health_notes(session, staff, who, "胯骨骨折")
        resident_status.agree(session, staff, who, by="女儿赵小梅", how="签字", evidence="档案柜九号")
        today = absences.local_today(session, session.get_one(Resident, who))
        session.add(_pause(who, today))
        session.add(OptOut(resident_id=who, source="staff", said_by="赵大海", how="电话", said_at=clock.now(),
                           lifted_at=clock.now(), lifted_by="赵小梅", lifted_how="档案柜九号"))  # fmt: skip
        choir = ResidentList(community_id=the_community(session).id, name="合唱团")
        session.add(choir)
        session.flush()
        session.add(ResidentListMember(list_id=choir.id, resident_id=who))
        session.add(RecordedPrompt(key="check_in.greeting", language="zh-CN", words=f"{CALLED}早上好", note="赵小梅",
                                   resident_id=who, digest="d" * 40, sound=SOUND, seconds=1.0,
                                   made_at=clock.now()))  # fmt: skip
        session.add(RefusedNumber(number=MOBILE, code=21211, refused_at=clock.now()))
        session.add(TextRefusal(number=SON, reason="asked", since=clock.now()))
        session.add(Trial(id=new_id(), resident_id=who, begun_at=clock.now(), deadline=clock.now(), numbers=[HOME],
                          refused=[MOBILE], practised="12", result="worked"))  # fmt: skip
        session.add(EarlyAnswer(resident_id=who, said="ok", at=clock.now() - timedelta(days=9)))
        resident_changes.set_particulars(session, staff, who, {"reading": "zhao4"})
        resident_merging.merge(session, staff, who, twice)


def _pause(who, today):
    return Pause(resident_id=who, first_day=today - timedelta(days=9), last_day=today - timedelta(days=5),
                 reason="去小梅家")  # fmt: skip


def morning(house, who):
    """They are unwell, a helper comes; texts are written in both directions, and somebody leaves a message."""
    round_id = a_round()
    with unit_of_work() as session:
        attempts.queue_due(session)
    for number, key in ((HOME, "3"), (NEIGHBOUR, "1")):
        call = house.pick_up(number).press(key)
        later(seconds=20)
        call.hang_up()
    duty = house.ring(HELPER).press(f"{PIN}#")
    duty.press("1")
    duty.hang_up()
    for number, words in ((HOME, "一切都好谢谢"), (DAUGHTER, "妈妈还好吗"), (HERS, "我妈怎么样")):
        house.post("/telephony/inbound/text", MessageSid=f"SM{number[1:]:0>32}", From=number, Body=words, NumMedia="0")
    stranger = house.ring(STRANGER)
    stranger.press(f"{HOME.replace('+86311', '0311')}#")
    stranger.hang_up()
    message = house.ring(STRANGER).press("#")
    message.speak(5)
    message.hang_up()
    auditor.audit()
    settle(who)
    return round_id


def settle(who):
    """Whoever was unwell is well again, texts have left, and the telephone company has nothing more to tell."""
    with unit_of_work() as session:
        session.execute(update(Call).values(look_back_at=None, hang_up_wanted=False))
        for call in session.scalars(select(Call).where(Call.state != "ended")):
            call.state, call.ending, call.ended_at = "ended", "not_wanted", clock.now()
        for recording in session.scalars(select(Recording)):
            recording.state, recording.next_try_at, recording.sound = RecordingState.KEPT, None, SOUND
            for case in session.scalars(select(Case).where(Case.recording_id == recording.id)):
                case.resident_id = who
        for case in session.scalars(select(Case).where(Case.state != "closed")):
            if case.resident_id != who:
                continue
            notes.note(session, actors.user("田主任"), case.id, f"{CALLED}的女儿赵小梅有钥匙")
            cases.close(session, actors.user("田主任"), case.id, "送到医院赵奶奶")
        session.execute(update(Text).values(state=TextState.SENT))
        check_in = session.scalars(select(CheckIn).where(CheckIn.resident_id == who)).first()
        check_in.reason_note = "搬到女儿赵小梅家"
        session.add(Remark(round_id=check_in.round_id, resident_id=who, kind=RemarkKind.LATER, at=clock.now(),
                           facts={"usual": "赵秀英"}))  # fmt: skip
        daughter = session.scalars(select(Relative).where(Relative.number == DAUGHTER)).one()
        session.add(Digest(resident_id=who, relative_id=daughter.id, due_on=clock.now().date(),
                           told_until=clock.now()))  # fmt: skip


def leaves(who):
    """They move away."""
    with unit_of_work() as session:
        resident_status.remove(session, actors.user("田主任"), who, Removal.OTHER, "搬到女儿赵小梅家")


def tables():
    """Every table that there is."""
    return [mapper.class_ for mapper in Base.registry.mappers]


def written(session, table):
    """All that stands in a table, as text; sounds and packed replies as what they hold."""
    said = []
    for row in session.scalars(select(table).execution_options(populate_existing=True)):
        for column in inspect(table).column_attrs:
            value = getattr(row, column.key)
            if table is CallTurn and column.key == "reply":
                value = unpacked(value, row.call_id, lambda digest: digest)
            said.append(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
    return "\n".join(said)


def where(*words):
    """The tables in which one of these words stands."""
    with current().reading() as session:
        return where_in(session, *words)


def where_in(session, *words):
    """The same, as this session sees them."""
    said = {table.__tablename__: written(session, table) for table in tables()}
    return {(name, word) for name, text in said.items() for word in words if word in text}


def on_disk(folder, *words):
    """The files of a folder in which one of these words stands, as bytes."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {(each.name, word) for each in files for word in words if word.encode() in each.read_bytes()}
