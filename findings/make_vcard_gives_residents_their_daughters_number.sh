#!/usr/bin/env bash
# The office's list of residents (xlsx) as contacts for the duty telephone, by make-vcard 1.0.2 (PyPI): name 姓名, telephone 电话,
# birthday 生日, e-mail 邮箱, and whom to ring if something happens, 紧急联系人姓名 and 紧急联系人电话.
#
# What one would guess: a column that it does not know is refused, as it does with others, or left out; dates and addresses of
#   e-mail come out as they stand in the list; an empty cell is an empty field.
# Seen: a column is what any part of its heading says: "telephone of the emergency contact" contains 电话, so it is one more TEL of
#   the resident, next to their own and unmarked, and so is a doctor's; the contact's name is dropped. A date cell becomes BDAY
#   "1940-03-05 00:00:00", an e-mail "example\.cn". One empty note anywhere, and there is no file for anybody.
# What it means: the night duty rings "Wang", reaches her daughter in another city, and takes the call for answered; or never rings the
#   daughter, of whom no name is left. Give the contact a card of its own, and rename columns before such a tool.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install make-vcard==1.0.2 pandas==3.1.1 openpyxl==3.1.5
cat > "$folder/cards.py" <<'PYTHON'
import datetime

import openpyxl
from make_vcard.command import makeVcard


def cards(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save("list.xlsx")
    makeVcard("list.xlsx", "cards.vcf")
    with open("cards.vcf", encoding="utf-8") as file:
        return file.read().splitlines()


seen = cards(
    ["姓名", "电话", "生日", "邮箱", "紧急联系人姓名", "紧急联系人电话", "医生电话"],
    ["王秀英", "0311-86010101", datetime.datetime(1940, 3, 5), "wang@example.cn", "李红", "13912345678", "0311-86010102"],
)
print(*seen, sep="\n")
assert [line for line in seen if "TEL" in line] == ["TEL:0311-86010101", "TEL:13912345678", "TEL:0311-86010102"]
assert not any("李红" in line for line in seen)
assert "BDAY:1940-03-05 00:00:00" in seen
assert r"EMAIL:wang@example\.cn" in seen

try:
    cards(["姓名", "电话", "备注"], ["王秀英", "0311-86010101", "耳背"], ["张桂兰", "0311-86010103", None])
    raise SystemExit("an empty note is accepted")
except AssertionError as error:
    print("an empty note:", error)
PYTHON
cd "$folder" && "$folder/venv/bin/python" -W ignore cards.py
