#!/usr/bin/env bash
# How many people must sit at the telephones for a hundred calls for help in half an hour, three minutes each: erlanglib 1.2.0,
# pyworkforce 0.5.1 and call-center-tools 1.0.0.
#
# Guess before running: with fewer people than calls at a time (ten) the queue only grows: everybody waits, a probability of 1, and the
#   mean wait is infinite or an error.
# Seen: call-center-tools says 1. erlanglib says that eight people are waited for with a probability of 1.96 and for a mean of -176 s,
#   that is, each call is answered three minutes before it comes; at ten it is a division by zero, at eleven 123 s. pyworkforce has
#   the same 1.96. Where there are people enough all three agree to the last digit.
# What it means: "take the fewest people with whom one waits less than 20 s" ends at one person, and "the shortest wait" at nine, where
#   thirteen are needed; on the day of a power cut nobody is called in. Compare people with calls at a time first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install erlanglib==1.2.0 pyworkforce==0.5.1 call-center-tools==1.0.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from decimal import DivisionByZero

import call_center_tools
import erlanglib
from pyworkforce.queuing import ErlangC

CALLS, MINUTES, HANDLING, LIMIT = 100, 30, 180, 20
AT_A_TIME = CALLS * HANDLING / (MINUTES * 60)


def of_erlanglib(people):
    chance = erlanglib.erlang_c(people, AT_A_TIME)
    return chance, erlanglib.average_speed_of_answer(people, AT_A_TIME, chance, HANDLING)


def of_pyworkforce(people):
    plan = ErlangC(transactions=CALLS, aht=HANDLING / 60, interval=MINUTES, asa=LIMIT / 60, shrinkage=0.0)
    return plan.waiting_probability(positions=people)


seen = {}
for people in (1, 4, 8, 11, 12, 13):
    chance, wait = of_erlanglib(people)
    seen[people] = chance, of_pyworkforce(people), call_center_tools.erlang_c(AT_A_TIME, people), wait
    print("%d people: chance to wait %.3f, %.3f, %.3f; erlanglib's mean wait %.0f s" % (people, *seen[people]))
for people in (11, 12, 13):
    assert max(seen[people][:3]) - min(seen[people][:3]) < 1e-9, "they disagree where there are people enough"
for people in (1, 4, 8):
    assert min(seen[people][:2]) > 1.9 and seen[people][2] == 1 and seen[people][3] < -100
try:
    of_erlanglib(10)
except DivisionByZero:
    print("10 people: a division by zero")
else:
    raise SystemExit("ten people have a mean wait")
waits = {people: of_erlanglib(people)[1] for people in range(1, 30) if people != AT_A_TIME}
fewest = next(people for people, wait in waits.items() if wait < LIMIT)
needed = next(people for people, wait in waits.items() if 0 < wait < LIMIT)
shortest = min(waits, key=waits.get)
print(f"the fewest with less than {LIMIT} s: {fewest}; the shortest wait: {shortest}; in truth {needed}")
assert (fewest, needed) == (1, 13) and shortest < AT_A_TIME
PYTHON
