#!/usr/bin/env bash
# Residents addressed in Cantonese, by converters to the spelling that Cantonese voices are fed with (Jyutping): ToJyutping 3.2.0,
# xjyutping 1.3.1 and pycantonese 5.0.0 (PyPI).
#
# Guess before running: a character that is read otherwise as a surname is read so before 先生 (Mr), 婆婆 (grandmother) or a given
#   name, as "pronunciation chosen from context" promises; and a name in simplified characters is read, too.
# Seen: all three read the everyday word, each time: 曾 (Tsang, zang1) is cang4, "ever"; 區 (Au, au1) is keoi1, "district"; 單
#   (sin6) daan1, "single"; 查 (zaa1) caa4, "check"; 翟 (zaak6) dik6; 任 (jam4) jam6, "duty"; 華 (waa6) waa4, "China". xjyutping
#   knows a famous singer called 任. To pycantonese 区, 单 and 华 in simplified characters are no sound at all (None).
# What it means: "Mr Chang, are you well?" - a Mr Tsang of ninety, who does not expect a machine, hangs up on a wrong number. Keep
#   the reading of a name with the resident, as asked of them, and put it in by hand; leave names out where there is none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install ToJyutping==3.2.0 xjyutping==1.3.1 pycantonese==5.0.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import pycantonese
import ToJyutping
from xjyutping import Jyutping

SURNAMES = {"曾": "zang1", "區": "au1", "單": "sin6", "查": "zaa1", "翟": "zaak6", "任": "jam4", "華": "waa6"}
EVERYDAY = {"曾": "cang4", "區": "keoi1", "單": "daan1", "查": "caa4", "翟": "dik6", "任": "jam6", "華": "waa4"}
AS_BOTH = {"陳": "can4", "葉": "jip6", "冼": "sin2"}
table = Jyutping()


def by_pycantonese(text):
    """The reading of the first character, or None."""
    readings = pycantonese.characters_to_jyutping(text)[0][1]
    return readings and readings.split()[0]


READERS = {
    "ToJyutping": lambda text: ToJyutping.get_jyutping_text(text).split()[0],
    "xjyutping": lambda text: table.get_jyutping(text, " ").split()[0],
    "pycantonese": by_pycantonese,
}
for name, read in READERS.items():
    for form in ("{}先生", "{}婆婆", "{}志明"):
        seen = {surname: read(form.format(surname)) for surname in SURNAMES}
        wrong = [surname for surname, reading in seen.items() if reading != SURNAMES[surname]]
        print(name, form.format("…"), seen, f"{len(wrong)} of {len(SURNAMES)} wrong")
        assert seen == EVERYDAY, seen
        assert {surname: read(form.format(surname)) for surname in AS_BOTH} == AS_BOTH
print("任劍輝:", {name: read("任劍輝") for name, read in READERS.items()})
assert [read("任劍輝") for read in READERS.values()] == ["jam6", "jam4", "jam6"]
simplified = {surname: by_pycantonese(surname + "婆婆") for surname in "区单华"}
print("pycantonese, simplified:", simplified)
assert set(simplified.values()) == {None}
PYTHON
