"""Who owns which calls and texts, each loaded when first asked: most commands end no call, and start faster for it.

Whoever changes what is written down may end a call, and its owner must hear of it: commands, too.
"""

from functools import partial
from importlib import import_module
from typing import Any

from core.running import mentions
from ivr.ports import owners
from ivr.ports.owners import Later

CALL_OWNERS = {
    "check_in": "campaigns.owners.check_in_calls:CheckInCalls",
    "notice": "campaigns.owners.check_in_calls:CheckInCalls",
    "ring_again": "campaigns.owners.again_calls:AgainCalls",
    "trial": "campaigns.owners.trial_calls:TrialCalls",
    "sample": "campaigns.owners.sample_calls:SampleCalls",
    "page": "escalation.calls.page_calls:PageCalls",
    "reminder": "escalation.calls.reminders.reminder_calls:ReminderCalls",
    "talk": "escalation.calls.talking.talk_calls:TalkCalls",
    "introduction": "escalation.calls.introduction_calls:IntroductionCalls",
    "office": "escalation.calls.office_calls:OfficeCalls",
    "truth": "escalation.calls.callback_calls:CallbackCalls",
    "duty": "escalation.calls.duty_calls:DutyCalls",
    "relative": "campaigns.inbound.relative_calls:RelativeCalls",
    "stranger": "campaigns.inbound.stranger_calls:StrangerCalls",
    "ourselves": "campaigns.inbound.own_number_calls:OwnNumberCalls",
}
TEXT_OWNERS = {
    "report": "escalation.cases.relative_texts:ReportTexts",
    "page_text": "escalation.paging.page_texts:PageTexts",
    "text_confirmation": "campaigns.inbound.sms_replies:Replies",
    "text_courtesy": "campaigns.inbound.sms_replies:Replies",
}
SWITCHBOARD = "campaigns.inbound.call_routing:CallsIn"
TEXT_READER = "campaigns.inbound.sms:TextsIn"
FIRST_HELD = "escalation.cases.case_locks:hold_cases"
LOST_ANSWER = "campaigns.inbound.lost_answers:lost"
FORGETTING = (
    "api.idempotency:forget",
    "contacts.import_drafts.drafts:forget",
    "campaigns.people.choices:forget",
)
"""Whoever keeps something of people above the floor that erases them."""


def name_owners() -> None:
    """Tells the telephone of all of them, and whoever erases a person of those who keep more of them."""
    mentions.use([partial(_named, each) for each in FORGETTING])
    owners.use(
        owners.Owners(
            calls={name: _later(place) for name, place in CALL_OWNERS.items()},
            texts={name: _later(place) for name, place in TEXT_OWNERS.items()},
            switchboard=_later(SWITCHBOARD),
            text_reader=_later(TEXT_READER),
            first_held=Later(partial(_named, FIRST_HELD)),
            lost_answer=Later(partial(_named, LOST_ANSWER)),
        )
    )


def _later(place: str) -> Later[Any]:
    return Later(lambda: _named(place)())


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
