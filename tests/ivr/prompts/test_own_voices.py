"""Recorded prompts: kept in the database, meant for somebody, settled when a call is made."""

import os
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import soundfile
from sqlalchemy import event, select

from audio.reading.syllables.names import Name
from audio.reading.syllables.pinyin import pinyin
from audio.sound.telephone import TARGET_LUFS, measure
from audio.sound.uploads import UnusableRecordingError
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from contacts.models import Resident
from core import actors
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.running import background
from core.settings import Settings
from core.storage import database
from core.timbre import Timbre
from ivr import queries, tasks
from ivr.dialogue.catalogue import catalogue, names_in
from ivr.dialogue.engine import Dialogue, End, Prompt
from ivr.dispatch import calls, legs, prerender
from ivr.listener import EVERYBODY, Listener, Overlay
from ivr.models import Call
from ivr.prompts import own_voices
from ivr.prompts.own_voices import Scope
from ivr.queries import own_recordings
from tests import people
from tests.audio.recordings import murmur, upload
from tests.ivr.house import verbs
from tests.patience import PATIENCE_SECONDS
from zaoan.process import wiring
from zaoan.worker.transport import celery_app

CHINESE = Language.CHINESE
SOUND, OTHER = upload(murmur()), upload(murmur(hertz=220), "webm", "libopus")
WELL = "好的，您一切都好"


def keep(session, content=SOUND, said=WELL, key="check_in.ok", **scope):
    return own_voices.keep(
        session,
        actors.system(),
        own_voices.prepared(content),
        key=key,
        language=CHINESE,
        said=said,
        scope=Scope(**scope),
        note="女儿",
    )


def says(*prompts):
    return Dialogue(name="one", language="zh-CN", first="only", steps={"only": End(prompts=prompts)})


OK_DIALOGUE = says(Prompt(key="check_in.ok"), Prompt(key="unknown.greeting", words={"called": "王奶奶"}))


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded")
    opened = wiring.open_house(Settings(database_url=f"sqlite:///{folder / 'zaoan.db'}", data_dir=folder))
    yield opened
    opened.close()


@pytest.fixture
def session(opened):
    """A unit of work of which nothing stays."""
    database.use(opened)
    with opened.unit_of_work() as session, session.begin_nested() as attempt:
        yield session
        attempt.rollback()


def test_a_recording_is_kept_as_telephones_play_it(session, tmp_path):
    kept = keep(session)
    file = tmp_path / "kept.wav"
    file.write_bytes(own_recordings.recorded_sound(session, kept.digest))
    samples, rate = soundfile.read(file)
    assert (rate, soundfile.info(file).subtype) == (8000, "ULAW")
    assert measure(samples).loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert kept.seconds == pytest.approx(len(samples) / rate)
    (listed,) = own_recordings.recorded_prompts(session)
    assert (listed.key, listed.words, listed.note, listed.language) == ("check_in.ok", WELL, "女儿", "zh-CN")


def test_the_residents_recording_comes_before_the_campaigns_and_that_before_the_communitys(session):
    resident, partner, campaign = uuid4(), uuid4(), uuid4()
    everybodys = keep(session, upload(murmur(hertz=100)))
    campaigns = keep(session, upload(murmur(hertz=120)), campaign_id=campaign)
    partners = keep(session, upload(murmur(hertz=160)), resident_id=partner)
    residents = keep(session, upload(murmur(hertz=140)), resident_id=resident)

    def chosen(*resident_ids, campaign_id=None):
        listener = Listener(resident_ids, campaign_id)
        return own_voices.overlay(session, OK_DIALOGUE, listener).recordings[WELL]

    assert chosen(resident, partner, campaign_id=campaign) == residents.digest
    assert chosen(partner, resident, campaign_id=campaign) == partners.digest
    assert chosen(uuid4(), campaign_id=campaign) == campaigns.digest
    assert chosen(uuid4(), campaign_id=uuid4()) == everybodys.digest
    assert chosen() == everybodys.digest


def test_recording_it_again_replaces_it_and_removing_it_gives_the_voice_its_words_back(session):
    keep(session)
    again = keep(session, OTHER)
    assert [each.id for each in own_recordings.recorded_prompts(session)] == [again.id]
    own_voices.remove(session, actors.system(), again.id)
    assert own_voices.overlay(session, OK_DIALOGUE, EVERYBODY) == Overlay()
    with pytest.raises(NotFoundError):
        own_voices.remove(session, actors.system(), again.id)


def test_only_what_the_dialogue_says_goes_with_the_call(session):
    name = keep(session, said="王奶奶", key="unknown.greeting")
    keep(session, OTHER, said="李爷爷", key="unknown.greeting")
    assert own_voices.overlay(session, OK_DIALOGUE, EVERYBODY).recordings == {"王奶奶": name.digest}


def test_another_language_is_another_recording(session):
    keep(session, said="王奶奶", key="unknown.greeting")
    assert own_voices.overlay(session, OK_DIALOGUE, EVERYBODY).recordings
    assert own_voices.overlay(session, OK_DIALOGUE.model_copy(update={"language": "en"}), EVERYBODY) == Overlay()


def test_the_calls_of_a_round_sound_as_their_residents_recordings_do(house):
    with database.unit_of_work() as session:
        resident = session.scalars(select(Resident)).one()
        resident.timbre = Timbre.FEMALE
        kept = keep(session, resident_id=resident.id)
        keep(session, OTHER, said="您好", resident_id=uuid4())
        round_starts.start_now(
            session,
            actors.system(),
            new_campaigns.create_campaign(session, actors.system(), "第二次", flags=None),
            timedelta(0),
        )
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.reading() as session:
        call = session.scalars(select(Call).where(Call.id != house.call_id)).one()
        assert calls.overlay_of(call) == Overlay(timbre=Timbre.FEMALE, recordings={WELL: kept.digest})


def test_whoever_rings_us_hears_the_recordings_too_and_no_turn_asks_for_them(house):
    with database.unit_of_work() as session:
        kept = keep(
            session,
            said="要是您一切都好，请按1。要是想请人帮忙买东西，请按2。要是身体不舒服，请按3。要是想和人说说话，请按0。",
        )
    house.connected.store.put(kept.digest, own_voices.sound_of(kept.digest))
    house.ended()
    answer = house.post("/telephony/inbound/voice", CallSid="CA" + "1" * 32, From="+8631186000101")
    assert f"/telephony/audio/{kept.digest}-" in answer.text
    call = _call_in()
    with _statements(house) as sent:
        answer = house.post(f"/telephony/calls/{call.id}/turns/1", CallSid=call.provider_id, Digits="9")
    assert "Gather" in verbs(answer)
    assert not [statement for statement in sent if "recorded_prompts" in statement]


def test_whoever_is_connected_with_a_resident_hears_recordings_too(house):
    with database.unit_of_work() as session:
        kept, parent = keep(session), session.get_one(Call, house.call_id)
        parent.line_id = queries.lines(session)[0].id
        leg = legs.open_leg(
            session,
            parent,
            number="+8631186000999",
            owner="office",
            dialogue=calls.dialogue_of(parent),
            ring_seconds=20,
        )
        assert calls.overlay_of(leg).recordings == {WELL: kept.digest}


def test_where_nothing_was_recorded_many_calls_cost_one_question(house):
    with _statements(house) as sent, database.unit_of_work() as session:
        for _ in range(5):
            own_voices.overlay(session, OK_DIALOGUE, EVERYBODY)
    assert len([statement for statement in sent if "recorded_prompts" in statement]) == 1


def test_sounds_made_beside_a_call_include_its_recordings(house):
    with database.unit_of_work() as session:
        kept = keep(session)
        prerender.prepare_soon(session, says(Prompt(key="check_in.ok")))
    background.finish_all(PATIENCE_SECONDS)
    assert house.connected.store.find(kept.digest)


@pytest.mark.usefixtures("our_voice")
def test_what_is_said_to_whoever_rings_us_is_made_while_they_listen(house):
    with database.unit_of_work() as session:
        kept = keep(session)
    house.ended()
    answer = house.post("/telephony/inbound/voice", CallSid="CA" + "1" * 32, From="+8631186000101")
    assert "Play" not in verbs(answer)
    prerender.voice_calls_in()
    assert house.connected.store.find(kept.digest)
    answer = house.post(f"/telephony/calls/{_call_in().id}/turns/1", CallSid="CA" + "1" * 32, Digits="9")
    assert "Say" not in verbs(answer)


@pytest.mark.parametrize("language", Language)
def test_every_prompt_but_the_standing_ones_can_be_recorded_part_by_part(language):
    sayables = own_voices.sayables(language)
    assert all(each.words and each.words == own_voices.part(each.key, language, each.part or 1) for each in sayables)
    assert not [each for each in sayables if each.key.startswith("call.")]
    said = {key for key, text in catalogue(language).items() if re.search(r"\w", re.sub(r"{\w+}", "", text))}
    assert {each.key for each in sayables} == {key for key in said if not key.startswith("call.")}


@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        (lambda: own_voices.whole("check_in.nothing", CHINESE, {}), "There is no prompt check_in.nothing"),
        (lambda: own_voices.whole("call.apology", CHINESE, {}), "the voice always says it"),
        (lambda: own_voices.whole("check_in.greeting", CHINESE, {"community": "x"}), "{called}"),
        (lambda: own_voices.part("check_in.greeting", CHINESE, 3), "has no part 3"),
    ],
)
def test_what_cannot_be_recorded_is_said_with_a_way_out(mistake, why):
    with pytest.raises(UserError) as refusal:
        mistake()
    assert why in str(refusal.value)
    assert refusal.value.way_out
    assert refusal.value.describe(CHINESE) != str(refusal.value)


def test_a_whole_prompt_with_a_name_is_recorded_for_whoever_has_it():
    filled = {"called": "王奶奶", "community": "槐东社区"}
    said = own_voices.whole("check_in.greeting", CHINESE, filled)
    assert said == "王奶奶，您好。我是槐东社区的早安电话，这是自动电话。"


def test_a_recording_that_nobody_could_understand_changes_nothing(session):
    kept = keep(session)
    with pytest.raises(UnusableRecordingError):
        keep(session, b"no sound")
    assert [each.id for each in own_recordings.recorded_prompts(session)] == [kept.id]


def test_what_was_recorded_for_a_resident_goes_with_them(session):
    resident = uuid4()
    keep(session, resident_id=resident)
    everybodys = keep(session)
    own_voices.remove_those_of(session, resident)
    assert [each.id for each in own_recordings.recorded_prompts(session)] == [everybodys.id]


def _call_in():
    with database.reading() as session:
        return session.scalars(select(Call).where(Call.direction == "in")).one()


class _statements:
    """The SQL that is sent meanwhile."""

    def __init__(self, house):
        self._engines, self._sent = house.database.engines, []

    def _note(self, *arguments):
        self._sent.append(str(arguments[2]))

    def __enter__(self):
        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", self._note)
        return self._sent

    def __exit__(self, *_):
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", self._note)


def test_clips_that_nobody_uses_are_removed_by_a_tick(house):
    assert celery_app("memory://").conf.beat_schedule[prerender.TIDYING]["schedule"] <= 86_400
    clip = house.connected.store.put("d" * 40, b"RIFF")
    os.utime(clip.path, (1, 1))
    tasks.tidy()
    assert not clip.path.exists()


def test_the_calls_of_a_round_read_a_name_as_its_family_does(house):
    with database.unit_of_work() as session:
        resident = session.scalars(select(Resident)).one()
        resident.name, resident.called, resident.reading = "盖桂兰", "盖奶奶", "gai4"
        round_starts.start_now(
            session,
            actors.system(),
            new_campaigns.create_campaign(session, actors.system(), "第二次", flags=None),
            timedelta(0),
        )
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.reading() as session:
        call = session.scalars(select(Call).where(Call.id != house.call_id)).one()
        assert calls.overlay_of(call).readings == {"盖奶奶": "盖=gai4"}
        greeting = next(each for each in calls.dialogue_of(call).prompts() if each.words.get("called"))
    assert names_in(greeting, calls.overlay_of(call).readings) == (Name("盖奶奶", (("盖", "gai4"),)),)


def a_resident(session, name, called, reading=""):
    home = people.household(session, name)
    people.resident(session, name, home=home, called=called, reading=reading, agreed=False)


def test_residents_named_in_a_notice_are_read_as_names_are(session):
    """盖 as its family says, 过 and 都 by the surname list; 王奶奶 is read as words are and stays out."""
    message = "请都奶奶、盖国强和王奶奶家的过秀兰来领口罩。"
    for name, called, reading in (
        ("都玉兰", "都奶奶", ""), ("盖国强", "盖爷爷", "gai4"), ("王桂兰", "王奶奶", ""), ("过秀兰", "过奶奶", ""),
    ):  # fmt: skip
        a_resident(session, name, called, reading)
    notice = says(Prompt(key="notice.message", words={"message": message}))
    readings = own_voices.overlay(session, notice, EVERYBODY).readings
    assert readings == {"都奶奶": "", "过秀兰": "", "盖国强": "盖=gai4"}
    (told,) = notice.prompts()
    said = {each.text: each.syllables for each in pinyin(message, names_in(told, readings))}
    assert (said["都"], said["过"], said["盖"]) == (("du1",), ("guo1",), ("gai4",))


def test_a_message_that_names_nobody_has_no_readings(session):
    a_resident(session, "都玉兰", "都奶奶")
    notice = says(Prompt(key="notice.message", words={"message": "都请注意，明天停水。"}))
    assert own_voices.overlay(session, notice, EVERYBODY) == Overlay()
