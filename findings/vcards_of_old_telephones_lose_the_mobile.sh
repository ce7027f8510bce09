#!/usr/bin/env bash
# Contacts as older telephones export them (vCard 2.1), read and written by vobject 0.9.9 (Python) and vcf 2.1.2 (npm), and a
# number with an extension in vCard 4.0, read and written by vobject.
#
# Guess before running: what is read can be written again, with the kind of each number; names in quoted-printable are decoded by both;
#   a tel: URI stays as it is.
# Seen: vobject (with allowQP) decodes the names, but of TEL;CELL and TEL;HOME it writes TEL twice: nobody can tell any more which
#   number is the mobile that gets the text messages. vcf keeps the kinds and writes them as 3.0, but decodes nothing: the name
#   is =E7=8E=8B, in a version that has no quoted-printable, and a note that goes on in the next line loses that line. In vCard
#   4.0 vobject puts a backslash before the semicolon of tel:+86-311-86010101;ext=801, which a URI may not have.
# What it means: contacts taken over from old telephones, which are those of the older families, arrive with numbers of unknown kind
#   or with names nobody can read. Read such a file by its version, and compare after a round trip.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/old.vcf" <<'VCARD'
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E6=A1=82=E5=85=B0;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E6=A1=82=E5=85=B0
TEL;CELL;PREF:13800138001
TEL;HOME:0311-86010101
NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=A5=B3=E5=84=BF=E5=91=A8=E5=85=AD=
=E6=9D=A5
END:VCARD
VCARD
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install vobject==0.9.9
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts vcf@2.1.2
cat > "$folder/old.py" <<'PYTHON'
import vobject

with open("old.vcf", encoding="utf-8", newline="") as file:
    card = vobject.readOne(file.read().replace("\n", "\r\n"), allowQP=True)
print("vobject reads:", card.fn.value, [(tel.value, tel.singletonparams) for tel in card.tel_list], card.note.value)
assert (card.fn.value, card.note.value) == ("王桂兰", "女儿周六来")
assert card.tel_list[0].singletonparams == ["CELL", "PREF"]
written = card.serialize()
numbers = [line for line in written.splitlines() if line.startswith("TEL")]
print("vobject writes:", numbers)
assert "VERSION:2.1" in written and numbers == ["TEL:13800138001", "TEL:0311-86010101"]

OFFICE = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Office\r\nN:Office;;;;\r\nTEL;VALUE=uri:tel:+86-311-86010101;ext=801\r\nEND:VCARD\r\n"
[number] = [line for line in vobject.readOne(OFFICE).serialize().splitlines() if line.startswith("TEL")]
print("vobject writes in 4.0:", number)
assert number == "TEL;VALUE=uri:tel:+86-311-86010101\\;ext=801"
PYTHON
cat > "$folder/old.cjs" <<'NODE'
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const vCard = require('vcf');

const [card] = vCard.parse(readFileSync('old.vcf', 'utf8').replace(/\n/g, '\r\n'));
const written = card.toString('3.0').split(/\r?\n/);
console.log('vcf writes:', written);
assert.ok(written.includes('VERSION:3.0'));
assert.ok(written.includes('TEL;TYPE=CELL,PREF:13800138001'));
assert.ok(written.includes('FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E6=A1=82=E5=85=B0'));
const note = written.join('\n').replace(/\n /g, '').split('\n').find((line) => line.startsWith('NOTE'));
assert.strictEqual(note, 'NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=A5=B3=E5=84=BF=E5=91=A8=E5=85=AD=');
NODE
cd "$folder" && "$folder/venv/bin/python" -W ignore old.py && node old.cjs
