#!/usr/bin/env bash
# A resident's record and measurements (HL7 v2.5.1, ADT^A08 and ORU^R01) brought into FHIR by brightohir 2.1.2, with the same record
# by hl7v2-fhir-bridge 0.1.0 beside it.
#
# Guess before running: an observation has its quantity, comparator, interpretation HH, effective time with zone and status; next of kin
#   is a contact. (After a first run with observations, before the next:) the daughter has a telephone, perhaps "PRN" too; the old form
#   "86010101^PRN^PH" is 86010101, of two repetitions both are kept, the other converter has 86010101 in both forms. (Before the
#   last:) in the address street, city, postal code and country are each in their place.
# Seen: empty components are closed up before they are read by number, so that what follows them moves to the left. Of
#   ^PRN^PH^^^^86010101, home telephone, the number is "PRN", for the resident and for the daughter alike; with area code it is an e-mail
#   address "86010101", with country and area code the e-mail address "311". Only the old form without empty places, kept since 2.3
#   for old systems, is right. A second telephone is lost. "Room 301^^Shijiazhuang^^050000^CN" lies in the city 050000. Of 20:59
#   +0800 the zone is gone, a glucose "less than 40" is the string "<^40", and "301 \T\ 302" keeps its escape. Status and flag (HH)
#   are right. There is no warning. hl7v2-fhir-bridge has telephones and address in their places, less the country code.
# What it means: the record looks filled in, and the number to ring is a word, or an e-mail address; who is rung when nobody picks up has
#   no number either, and a low sugar is compared with nothing. Refuse a telephone without digits, and compare the record that one
#   got with the message it came from before anybody relies on it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  brightohir==2.1.2 hl7apy==1.3.5 fhir.resources==8.3.0 hl7v2-fhir-bridge==0.1.0
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import subprocess
import sys
from pathlib import Path

from brightohir import v2_to_r5

ADDRESS = "Room 301^^Shijiazhuang^^050000^CN"
DAUGHTER = "^PRN^CP^^^^13800138000"


def message(kind, telephone, *segments):
    return "\r".join([
        rf"MSH|^~\&|OFFICE|HOME|CARE|OFFICE|20261130210500+0800||{kind}|1|P|2.5.1",
        *(["EVN|A08|20261130210500+0800"] if kind.startswith("ADT") else []),
        f"PID|1||R301^^^OFFICE^MR||WANG^GUILAN||19400712|F|||{ADDRESS}||{telephone}",
        *segments,
        "",
    ])


def record(telephone):
    return message("ADT^A08^ADT_A01", telephone, f"NK1|1|LI^MEI|DAU^Daughter||{DAUGHTER}", "PV1|1|O")


def by_brightohir(text):
    return [entry["resource"] for entry in v2_to_r5(text)["entry"]]


def by_bridge(text):
    Path("message.hl7").write_bytes(text.encode())
    program = Path(sys.executable).with_name("hl7v2-fhir-bridge")
    bundle = json.loads(subprocess.check_output([program, "convert", "message.hl7"], stderr=subprocess.DEVNULL))
    return [entry["resource"] for entry in bundle["entry"]]


def only(resources, kind):
    [found] = [each for each in resources if each["resourceType"] == kind]
    return found


def telephones(resource):
    return [(each.get("system"), each["value"]) for each in resource.get("telecom", [])]


for telephone, expected, right in [
    ("86010101^PRN^PH", [("phone", "86010101")], [("phone", "86010101")]),
    ("^PRN^PH^^^^86010101", [("phone", "PRN")], [("phone", "86010101")]),
    ("^PRN^PH^^^311^86010101", [("email", "86010101")], [("phone", "(311) 86010101")]),
    ("^PRN^PH^^86^311^86010101", [("email", "311")], [("phone", "(311) 86010101")]),
    ("86010101^PRN^PH~13900139000^PRN^CP", [("phone", "86010101")], [("phone", "86010101"), ("phone", "13900139000")]),
]:
    resources, others = by_brightohir(record(telephone)), by_bridge(record(telephone))
    resident, daughter, other = only(resources, "Patient"), only(resources, "RelatedPerson"), only(others, "Patient")
    print(telephone, "brightohir:", telephones(resident), "the other:", telephones(other))
    assert telephones(resident) == expected and telephones(other) == right
    assert telephones(daughter) == [("phone", "PRN")]
print("the daughter's,", DAUGHTER, ":", telephones(daughter))

print(ADDRESS, "brightohir:", resident["address"], "the other:", other["address"])
assert resident["address"] == [{"line": ["Room 301", "Shijiazhuang"], "city": "050000", "state": "CN"}]
assert other["address"] == [{"line": ["Room 301"], "city": "Shijiazhuang", "postalCode": "050000", "country": "CN"}]

measured = by_brightohir(message(
    "ORU^R01^ORU_R01", "86010101^PRN^PH",
    "OBR|1||A1|85354-9^Measured^LN|||20261130205900+0800",
    "OBX|1|NM|8480-6^Systolic^LN||185|mm[Hg]^mmHg^UCUM|90-140|HH|||C|||20261130205900+0800",
    "OBX|2|SN|2339-0^Glucose^LN||<^40|mg/dL|70-110|LL|||F|||20261130205900+0800",
    r"OBX|3|ST|NOTE^Note^L||ring 301 \T\ 302||||||F",
))
systolic, glucose, note = (each for each in measured if each["resourceType"] == "Observation")
for each in systolic, glucose, note:
    print({key: each[key] for key in ("status", "effectiveDateTime", "valueQuantity", "valueString") if key in each})
assert systolic["status"] == "corrected" and systolic["interpretation"][0]["coding"][0]["code"] == "HH"
assert systolic["valueQuantity"]["value"] == 185 and systolic["effectiveDateTime"] == "2026-11-30T20:59:00"
assert glucose["valueString"] == "<^40" and "valueQuantity" not in glucose
assert note["valueString"] == r"ring 301 \T\ 302"
PYTHON
