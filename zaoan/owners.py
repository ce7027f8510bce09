"""Who owns which calls and texts, each loaded when first asked: most commands end no call, and start faster for it.

Whoever changes what is written down may end a call, and its owner must hear of it: commands, too.
"""

from functools import partial
from importlib import import_module
from typing import Any

from ivr import seam
from ivr.seam import Later

CALL_OWNERS = {
    "check_in": "campaigns.check_in_calls:CheckInCalls",
    "notice": "campaigns.check_in_calls:CheckInCalls",
    "trial": "campaigns.trial_calls:TrialCalls",
    "page": "escalation.page_calls:PageCalls",
    "introduction": "escalation.introductions:Introductions",
    "office": "escalation.office_calls:OfficeCalls",
    "truth": "escalation.truth_calls:TruthCalls",
    "duty": "escalation.duty_calls:DutyCalls",
    "relative": "campaigns.relatives:Relatives",
    "stranger": "campaigns.strangers:Strangers",
    "ourselves": "campaigns.ourselves:Ourselves",
}
TEXT_OWNERS = {
    "report": "escalation.relative_texts:ReportTexts",
    "text_confirmation": "campaigns.text_replies:Replies",
    "text_courtesy": "campaigns.text_replies:Replies",
}
SWITCHBOARD = "campaigns.calling_in:CallsIn"
TEXT_READER = "campaigns.texting_in:TextsIn"
FIRST_HELD = "escalation.holding:hold_cases"
LOST_ANSWER = "campaigns.lost_answers:lost"


def name_owners() -> None:
    """Tells the telephone of all of them."""
    for name, place in CALL_OWNERS.items():
        seam.register(name, _later(place))
    for name, place in TEXT_OWNERS.items():
        seam.register_text_owner(name, _later(place))
    seam.register_switchboard(_later(SWITCHBOARD))
    seam.register_text_reader(_later(TEXT_READER))
    seam.register_first_held(Later(partial(_named, FIRST_HELD)))
    seam.register_lost_answer(Later(partial(_named, LOST_ANSWER)))


def _later(place: str) -> Later[Any]:
    return Later(lambda: _named(place)())


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
