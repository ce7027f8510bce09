"""Machine detection: who has picked up, and how long it takes to hear that.

https://www.twilio.com/docs/voice/answering-machine-detection describes the two kinds and their answers.
"""

from exchange.calls.calls import AnsweredBy, Detection
from exchange.subscribers import Pick, Reception

HEARD_AFTER_SECONDS = 3.0
BEEP_AFTER_SECONDS = 1.0


def found(detection: Detection, reception: Reception) -> tuple[AnsweredBy, float]:
    """Who it is, and after how many of people's seconds that is known; ``unknown`` when the time was too short."""
    by, seconds = AnsweredBy.HUMAN, HEARD_AFTER_SECONDS
    if reception.pick is Pick.MACHINE:
        by = AnsweredBy.MACHINE
        if detection.until_the_message:
            by, seconds = AnsweredBy.MACHINE_AFTER_BEEP, reception.say_seconds + BEEP_AFTER_SECONDS
    if seconds > detection.within_seconds:
        return AnsweredBy.UNKNOWN, detection.within_seconds
    return by, seconds
