"""Every dialogue that any owner makes is proofread, in every language: whatever is added belongs into this list."""

from dataclasses import replace
from uuid import uuid4

import pytest

from campaigns.dialogues.check_in import Asked, check_in_dialogue
from campaigns.dialogues.notice import notice_dialogue
from campaigns.dialogues.relative import relative_dialogue
from campaigns.dialogues.stranger import stranger_dialogue, unverified_dialogue
from campaigns.dialogues.trial import trial_dialogue
from contacts.models import Responder, Role
from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.calls.callback_dialogue import truth_dialogue
from escalation.calls.duty_dialogue import Duty, outline_dialogue, pin_dialogue, trusted_dialogue
from escalation.calls.introduction_dialogue import introduction_dialogue
from escalation.calls.office_dialogue import office_dialogue
from escalation.calls.talking.talk_dialogue import talk_dialogue
from escalation.models import ABOUT_MANY, CaseKind, Need
from escalation.paging.page_dialogue import (
    OFFER,
    OFFER_UNVERIFIED,
    accepted_dialogue,
    accepted_words,
    matter_of_many,
    message_matter,
    page_dialogue,
    resident_matter,
)
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.dialogue.validation import problems

PEOPLE = [Asked(str(index), called) for index, called in enumerate(["王奶奶", "李爷爷", "Mrs Wu", "赵爷爷", "孙奶奶"])]
PROFILE = ResidentProfile(
    resident_id=uuid4(),
    name="王秀英",
    called="王奶奶",
    language="zh-CN",
    numbers=("+8631186000101",),
    community_name="槐东社区",
    building="3号楼",
    unit="2单元",
    room="501",
    place="3号楼2单元501",
    access_notes="",
    area_ids=(),
    building_area_id=uuid4(),
    notes="",
    flags=(),
)
DUTIES = [Duty(str(kind), kind, is_theirs, None if kind is CaseKind.MESSAGE else PROFILE)
          for kind in CaseKind for is_theirs in (True, False)]  # fmt: skip


def pages(*matters):
    for matter in matters:
        yield from (page_dialogue(matter, waiting, is_first=first) for waiting in (1, 2, 50) for first in (True, False))
        yield from (accepted_dialogue(matter, said, has_more=has_more) for has_more in (True, False)
                    for said in ((), (accepted_words(3, 0),), (accepted_words(2, 1),)))  # fmt: skip


def dialogues(language):
    yield from (check_in_dialogue(PEOPLE[:number], "槐东社区", language, None, "120", rang_us=rang_us, call_back="123")
                for number in range(1, 6) for rang_us in (True, False))  # fmt: skip
    yield stranger_dialogue("槐东社区", language, "120")
    yield from (unverified_dialogue(PEOPLE[:number], language, 140, "120") for number in range(1, 5))
    for duties in (DUTIES, DUTIES[:1], DUTIES[1:2], []):
        for make in (pin_dialogue, outline_dialogue, trusted_dialogue):
            yield make("槐东社区", language, duties)
    for kind in CaseKind:
        yield from pages(*(resident_matter(str(kind), PROFILE, kind, language, offer)
                           for offer in (OFFER, OFFER_UNVERIFIED)))  # fmt: skip
    yield from pages(
        message_matter("1", "槐东社区", language),
        *(matter_of_many("1", "槐东社区", kind, 57, language) for kind in ABOUT_MANY),
    )
    yield from (talk_dialogue(resident_matter(str(kind), PROFILE, kind, language)) for kind in CaseKind)
    yield from (office_dialogue(PROFILE, language, kind) for kind in CaseKind)
    yield from pages(resident_matter("1", PROFILE, CaseKind.NEEDS_SUPPLIES, language, OFFER, list(Need)))
    speakers = [Asked(person.subject, person.called, speaks=True) for person in PEOPLE[:2]]
    yield check_in_dialogue(speakers, "槐东社区", language, 140, "120", rang_us=False, call_back="123")
    yield from (
        notice_dialogue(PEOPLE[:number], "明天停水。", "槐东社区", language, 140, "120") for number in range(1, 6)
    )
    yield from (truth_dialogue("王奶奶", "槐东社区", language, None, "120", offers_duty=has) for has in (True, False))
    yield trial_dialogue("王奶奶", "槐东社区", language, None, "120")
    responder = Responder(name="李强", role=Role.BUILDING_HEAD)
    yield introduction_dialogue(replace(PROFILE, language=language), responder)
    yield relative_dialogue(
        "槐东社区", language, [Prompt(key="relative.ok", words={"called": "王奶奶", "time": "08:02"})], "120"
    )


@pytest.mark.parametrize("language", Language)
def test_every_dialogue_is_without_a_problem_and_is_itself_again_when_read_back(language):
    for dialogue in dialogues(language):
        found = "\n".join(problem.describe(Language.ENGLISH) for problem in problems(dialogue))
        assert not found, f"{dialogue.name}: {found}"
        written = dialogue.model_dump_json(exclude_defaults=True)
        assert Dialogue.model_validate_json(written) == dialogue
