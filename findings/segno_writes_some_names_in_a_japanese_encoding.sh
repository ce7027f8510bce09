#!/usr/bin/env bash
# QR codes with the vCard of a resident, drawn by segno 1.6.6 (helpers.make_vcard) for twenty invented people and read by zxing-cpp
# 3.1.1, OpenCV 5.0.0.93, ZBar (@undecaf/zbar-wasm 0.11.0) and jsQR 1.4.0.
#
# Guess before running: the text is written in UTF-8, as every name needs it, and the four read all of the codes or none.
# Seen: zxing-cpp reads the twenty, the other three eleven of them, the same. segno takes the first of Latin-1, Shift JIS and
#   UTF-8 that has all the characters, and puts no mark of it into the code: 王桂兰 and 张秀英 have characters that Japanese lacks
#   and become UTF-8, but 李建国 and 周美玲 can be written in Japanese and become Shift JIS. Of these jsQR returns an empty text,
#   ZBar and OpenCV a name of unreadable signs. With segno.make(text, encoding="utf-8") all four read all twenty.
# What it means: a card for the door tried with one name works, and nine households in twenty get a card that shows nothing, or
#   nonsense, when somebody scans it in an emergency. Give the encoding, and read back every code that is printed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install segno==1.6.6 zxing-cpp==3.1.1 opencv-python-headless==5.0.0.93
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @undecaf/zbar-wasm@0.11.0 jsqr@1.4.0
cat > "$folder/codes.py" <<'PYTHON'
import base64
import io
import json

import cv2
import numpy as np
import segno
from segno import helpers
import zxingcpp

NAMES = (
    "王桂兰 李建国 张秀英 刘玉珍 陈淑芬 杨德福 赵金花 黄文彬 周美玲 吴志强 "
    "徐月娥 孙长贵 马春梅 朱素琴 胡广生 郭凤霞 何永康 高翠英 林阿婆 罗振华"
).split()
IN_JAPANESE = "李建国 黄文彬 周美玲 徐月娥 朱素琴 胡广生 何永康 高翠英 林阿婆".split()


def pixels(code):
    file = io.BytesIO()
    code.save(file, kind="png", scale=6)
    return cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)


def by_opencv(image):
    return cv2.QRCodeDetector().detectAndDecode(image)[0]


def by_zxing(image):
    return zxingcpp.read_barcodes(image)[0].text


def vcard(name):
    fields = {"name": f"{name[0]};{name[1:]}", "displayname": name, "phone": "031186010101"}
    return helpers.make_vcard_data(**fields), helpers.make_vcard(**fields)


drawn = []
for name in NAMES:
    text, code = vcard(name)
    in_utf8 = pixels(segno.make(text, encoding="utf-8", micro=False))
    assert by_zxing(in_utf8) == by_opencv(in_utf8) == text, name
    image = pixels(code)
    assert by_zxing(image) == text, name
    assert (by_opencv(image) != text) == (name in IN_JAPANESE), name
    if name == "李建国":
        print("OpenCV reads of 李建国:", ascii(by_opencv(image).splitlines()[3]))
        assert by_opencv(image).splitlines()[3].encode("latin-1") == "FN:李建国".encode("shift_jis")
    for kind, one in (("default", image), ("utf-8", in_utf8)):
        grey = base64.b64encode(one.tobytes()).decode()
        drawn.append({"name": name, "kind": kind, "text": text, "height": one.shape[0], "width": one.shape[1], "grey": grey})
print("OpenCV does not read", len(IN_JAPANESE), "of", len(NAMES), "and zxing-cpp reads all")
with open("drawn.json", "w", encoding="utf-8") as file:
    json.dump({"names": IN_JAPANESE, "drawn": drawn}, file)
PYTHON
cat > "$folder/codes.mjs" <<'NODE'
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { scanGrayBuffer } from '@undecaf/zbar-wasm';
import jsQR from 'jsqr';

const { names, drawn } = JSON.parse(readFileSync('drawn.json', 'utf8'));

async function byZbar(grey, width, height) {
  const [symbol] = await scanGrayBuffer(Uint8Array.from(grey).buffer, width, height);
  return symbol?.decode();
}

function byJsQr(grey, width, height) {
  const colours = Uint8ClampedArray.from({ length: 4 * grey.length }, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
  return (jsQR.default ?? jsQR)(colours, width, height)?.data;
}

const unread = { ZBar: [], jsQR: [] };
for (const { name, kind, text, width, height, grey } of drawn) {
  const pixels = Buffer.from(grey, 'base64');
  const [zbar, jsqr] = [await byZbar(pixels, width, height), byJsQr(pixels, width, height)];
  if (kind === 'utf-8') assert.deepStrictEqual([zbar, jsqr], [text, text], name);
  if (zbar !== text) unread.ZBar.push(name);
  if (jsqr !== text) unread.jsQR.push(name);
  if (jsqr !== text) assert.strictEqual(jsqr, '');
}
console.log('not read:', unread);
assert.deepStrictEqual(unread, { ZBar: names, jsQR: names });
NODE
cd "$folder" && "$folder/venv/bin/python" codes.py && node codes.mjs
