"""One example of each dialogue, with people who do not exist: to be read and heard before anybody is called."""

from collections.abc import Callable, Mapping
from uuid import UUID

from campaigns.dialogues.check_in import check_in_dialogue
from campaigns.dialogues.check_in_steps import Asked
from campaigns.dialogues.notice import notice_dialogue
from campaigns.dialogues.relative import relative_dialogue
from campaigns.dialogues.stranger import stranger_dialogue, unverified_dialogue
from campaigns.dialogues.trial import trial_dialogue
from contacts.models import Responder, Role
from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.calls.callback_dialogue import truth_dialogue
from escalation.calls.duty_dialogue import Duty, pin_dialogue, trusted_dialogue
from escalation.calls.introduction_dialogue import introduction_dialogue
from escalation.calls.office_dialogue import office_dialogue
from escalation.calls.reminders.reminder_dialogue import reminder_dialogue
from escalation.calls.talking.talk_dialogue import talk_dialogue
from escalation.models import CaseKind
from escalation.paging.page_dialogue import (
    Matter,
    accepted_dialogue,
    accepted_words,
    matter_of_many,
    message_matter,
    page_dialogue,
    resident_matter,
)
from ivr.dialogue.catalogue import examples
from ivr.dialogue.engine import Dialogue, Prompt

COMMUNITY, EMERGENCY, CALL_BACK = "槐东社区", "120", "0311 8600 9999"
NOBODY = UUID(int=0)
CALLED = ("王奶奶", "李爷爷")


def _profile(language: Language) -> ResidentProfile:
    return ResidentProfile(
        resident_id=NOBODY,
        name="王秀英",
        called=CALLED[0],
        language=language.value,
        building="3号楼",
        unit="2单元",
        room="501",
        place="3号楼2单元501",
        building_area_id=None,
        area_ids=(),
        access_notes="",
        notes="",
        flags=(),
        numbers=(),
        community_name=COMMUNITY,
    )


def _of_many(kind: CaseKind, language: Language) -> Matter:
    return matter_of_many(str(NOBODY), COMMUNITY, kind, 57, language)


def _people(*, speaks: bool = False) -> list[Asked]:
    return [Asked(str(UUID(int=index)), called, speaks) for index, called in enumerate(CALLED)]


def _check_in(language: Language) -> Dialogue:
    return check_in_dialogue(_people()[:1], COMMUNITY, language, None, EMERGENCY, rang_us=False, call_back=CALL_BACK)


def _couple(language: Language) -> Dialogue:
    return check_in_dialogue(_people(), COMMUNITY, language, None, EMERGENCY, rang_us=False, call_back=CALL_BACK)


def _rings_back(language: Language) -> Dialogue:
    return check_in_dialogue(_people(), COMMUNITY, language, None, EMERGENCY, rang_us=True, call_back=CALL_BACK)


def _speaks(language: Language) -> Dialogue:
    speakers = _people(speaks=True)[:1]
    return check_in_dialogue(speakers, COMMUNITY, language, None, EMERGENCY, rang_us=False, call_back=CALL_BACK)


def _duties(language: Language) -> list[Duty]:
    profile = _profile(language)
    return [Duty(str(NOBODY), CaseKind.UNWELL, False, profile), Duty(str(NOBODY), CaseKind.NO_KEY, True, profile)]


def _matter(language: Language) -> Matter:
    return resident_matter(str(NOBODY), _profile(language), CaseKind.UNWELL, language)


def _news(language: Language) -> Dialogue:
    told = [Prompt(key="relative.ok", words={"called": CALLED[0], "time": "08:02"})]
    return relative_dialogue(COMMUNITY, language, told, EMERGENCY)


def _introduction(language: Language) -> Dialogue:
    return introduction_dialogue(_profile(language), Responder(name="李强", role=Role.BUILDING_HEAD))


def _notice(language: Language) -> Dialogue:
    return notice_dialogue(_people()[:1], examples(language)["message"], COMMUNITY, language, None, EMERGENCY)


SAMPLES: Mapping[str, Callable[[Language], Dialogue]] = {
    "check_in": _check_in,
    "check_in.couple": _couple,
    "check_in.rings_back": _rings_back,
    "check_in.speaks": _speaks,
    "notice": _notice,
    "trial": lambda language: trial_dialogue(CALLED[0], COMMUNITY, language, None, EMERGENCY),
    "truth": lambda language: truth_dialogue(CALLED[0], COMMUNITY, language, None, EMERGENCY, offers_duty=True),
    "stranger": lambda language: stranger_dialogue(COMMUNITY, language, EMERGENCY),
    "unverified": lambda language: unverified_dialogue(_people(), language, None, EMERGENCY),
    "relative": _news,
    "page": lambda language: page_dialogue(_matter(language)),
    "page.several": lambda language: page_dialogue(_matter(language), 3),
    "page.next": lambda language: page_dialogue(_matter(language), 2, is_first=False),
    "page.last": lambda language: page_dialogue(_matter(language), is_first=False),
    "page.all": lambda language: accepted_dialogue(_matter(language), (accepted_words(3, 0),), has_more=True),
    "page.some": lambda language: accepted_dialogue(_matter(language), (accepted_words(2, 1),), has_more=True),
    "page.message": lambda language: page_dialogue(message_matter(str(NOBODY), COMMUNITY, language)),
    "page.not_asked": lambda language: page_dialogue(_of_many(CaseKind.NOT_ASKED, language)),
    "page.silence_cluster": lambda language: page_dialogue(_of_many(CaseKind.SILENCE_CLUSTER, language)),
    "reminder": lambda language: reminder_dialogue(_matter(language)),
    "reminder.several": lambda language: reminder_dialogue(_matter(language), 3),
    "talk": lambda language: talk_dialogue(_matter(language)),
    "duty": lambda language: pin_dialogue(COMMUNITY, language, _duties(language)),
    "duty.trusted": lambda language: trusted_dialogue(COMMUNITY, language, _duties(language)),
    "office": lambda language: office_dialogue(_profile(language), language),
    "introduction": _introduction,
}
"""Each by its name: the dialogue's own, and after a dot which of its forms it is."""
