#!/usr/bin/env bash
# A morning's call by care-voice 0.2.0 (PyPI), a check-in agent for older people living alone: the same answers twice, once in short
# forms and once in full words, read by its offline rules ("intentionally conservative") and given to its own rules of alert.
#
# What one would guess: both mornings raise the same alerts; what is doubtful is asked again.
# Seen: "I didn't take them" is no, "I did not take them" yes: an answer that begins with "I did", "I have" or "I am" is settled
#   there. "Terrible" is a mood of 1, "Well, terrible" one of 4, for the "well". "Yes, last night" is a fall, "No. Oh yes, last night"
#   is none, the first word holds. "I can't get up, I'm on the floor" is an emergency, "I can not get up, I am on the bathroom floor"
#   is nothing. Short forms give six alerts, full words none, and nothing is asked again.
# What it means: recognizers write "did not" for "didn't" as they please, and people who learned English at school say it; so a bad
#   morning becomes a good one by the spelling. Read both spellings in tests, and let a "not" anywhere overrule the beginning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install care-voice==0.2.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import UTC, datetime

from care_voice.extractors.base import ExtractionContext
from care_voice.extractors.rules import RuleBasedExtractor
from care_voice.models import CheckinResult, CheckinStatus
from care_voice.risk import RiskEngine
from care_voice.script import load_script

MORNING = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
QUESTIONS = {question.id: question for question in load_script().questions}
SHORT = {
    "slept_well": "I'm afraid I can't get up, I'm on the floor",
    "took_meds": "I didn't take them",
    "has_eaten": "I haven't eaten",
    "had_fall": "Yes, last night",
    "mood": "Terrible",
}
FULL = {
    "slept_well": "I am afraid I can not get up, I am on the bathroom floor",
    "took_meds": "I did not take them",
    "has_eaten": "I have not eaten",
    "had_fall": "No. Oh yes, last night",
    "mood": "Well, terrible",
}


def morning(said):
    rules, context = RuleBasedExtractor(), ExtractionContext(today=MORNING.date())
    answers = {name: rules.extract(QUESTIONS[name], words, context) for name, words in said.items()}
    result = CheckinResult("A resident", MORNING, CheckinStatus.COMPLETED, answers)
    alerts = sorted(alert.code for alert in RiskEngine().evaluate(result))
    for name, answer in answers.items():
        print(f"  {name}, {answer.raw!r}: {answer.value}, understood: {answer.understood}, {sorted(answer.flags)}")
    print("  alerts:", alerts)
    return [answer.value for answer in answers.values()], alerts, all(answer.understood for answer in answers.values())


print("short forms:")
values, alerts, _ = morning(SHORT)
assert values[1:] == [False, False, True, 1]
assert alerts == ["EMERGENCY_WORDS", "FALL_REPORTED", "LOW_MOOD", "MISSED_MEDS", "NOT_EATEN", "POOR_SLEEP"]
print("full words:")
values, alerts, understood = morning(FULL)
assert values[1:] == [True, True, False, 4]
assert alerts == [] and understood
PYTHON
