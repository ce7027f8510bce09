#!/usr/bin/env bash
# Spoken Chinese put into digits and digits into words, by cn2an 0.5.24, chinese2digits 6.0.2 and wetext 0.1.8 (inverse).
#
# Guess before running: an approximate number (一两天, "a day or two") stays in words or becomes a range, and digits with a
#   hyphen, as an office writes its number, are read one by one or left alone.
# Seen: cn2an makes 12天, "twelve days", of 一两天, 34天 of 三四天 and 78点钟 of 七八点钟 ("between seven and eight"). chinese2digits
#   does so with 三四天 and 七八点钟, makes 560岁 of 五六十岁 ("in the fifties or sixties"), and of 三点二十 ("twenty past three")
#   the number 3.210. wetext alone writes 3~4天, 7~8点钟 and 50~60岁. The other way about cn2an reads 0311-86010101 as "three
#   hundred and eleven minus eighty-six million…" and the date 2026-11-02 as "… minus eleven minus two". No error is raised:
#   at most a warning.
# What it means: "I am away for a day or two" would pause the calls for twelve days. Spoken numbers are turned into digits only
#   where the grammar of the answer is known, and a person confirms dates.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install cn2an==0.5.24 chinese2digits==6.0.2 wetext==0.1.8
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import chinese2digits
import cn2an
from wetext import Normalizer

CONVERTERS = {
    "cn2an": lambda text: cn2an.transform(text, "cn2an"),
    "chinese2digits": lambda text: chinese2digits.takeNumberFromString(text)["replacedText"],
    "wetext": Normalizer(lang="zh", operator="itn").normalize,
}
EXPECTED = {
    "一两天": ["12天", "1两天", "一两天"],
    "三四天": ["34天", "34天", "3~4天"],
    "七八点钟": ["78点钟", "78点钟", "7~8点钟"],
    "五六十岁": ["五六十岁", "560岁", "50~60岁"],
    "三点二十": ["三点二十", "3.210", "3:20"],
    "血压一百四": ["血压140", "血压140", "血压140"],
}
for text, expected in EXPECTED.items():
    seen = [convert(text) for convert in CONVERTERS.values()]
    print(text, dict(zip(CONVERTERS, seen, strict=True)))
    assert seen == expected, text

READ = {
    "电话0311-86010101": "电话三百一十一负八千六百零一万零一百零一",
    "2026-11-02": "二千零二十六负十一负二",
    "2026年11月2日": "二零二六年十一月二日",
}
for text, expected in READ.items():
    print(text, "->", cn2an.transform(text, "an2cn"))
    assert cn2an.transform(text, "an2cn") == expected, text
PYTHON
