#!/usr/bin/env bash
# Telephone numbers with parameters inside SIP addresses (RFC 3261 19.1.6), read and written again by JsSIP 3.13.8 and SIP.js 0.21.2 (npm)
# and sipmessage 0.7.1 (PyPI).
#
# Guess before running: what is read is written again as an equal address; a number as people write it, with blanks, loses
#   its blanks before it is rung.
# Seen: sip:86010101;ext=801@… is written sip:86010101%3Bext%3D801@… by both npm libraries, and phone-context alike. By RFC 3261
#   19.1.4 reserved characters and their escapes are not equal: the far side sees a "number" with a percent sign in it, and
#   neither extension nor context. sipmessage keeps the address. JsSIP's normalizeTarget() takes hyphens and brackets out of
#   a number, but escapes the blanks: +86 311 8601 0101 becomes +86%20311%208601%200101. A folded header line (RFC 3261
#   7.3.1) makes sipmessage raise ValueError, and so the whole message unreadable.
# What it means: an extension is dialled as keys after the answer, not as part of the address, and a number is brought into
#   E.164 before a library sees it. (versatica/JsSIP issue 909 asks for the semicolon; it was answered that the escape is right.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts jssip@3.13.8 sip.js@0.21.2
cat > "$folder/addresses.mjs" <<'NODE'
import assert from 'node:assert';
import JsSIP from 'jssip';
import { UserAgent } from 'sip.js';

const EXPECTED = {
  'sip:+8631186010101@gw.example;user=phone': 'sip:+8631186010101@gw.example;user=phone',
  'sip:86010101;ext=801@gw.example;user=phone': 'sip:86010101%3Bext%3D801@gw.example;user=phone',
  'sip:86010101;phone-context=+86311@gw.example;user=phone':
    'sip:86010101%3Bphone-context%3D+86311@gw.example;user=phone',
};
for (const [address, expected] of Object.entries(EXPECTED)) {
  const written = [JsSIP.URI.parse(address), UserAgent.makeURI(address)].map(String);
  console.log(address, '->', ...new Set(written));
  assert.deepStrictEqual(written, [expected, expected], address);
}
const TARGETS = {
  '(0311)8601-0101': 'sip:031186010101@gw.example',
  '+86 311 8601 0101': 'sip:+86%20311%208601%200101@gw.example',
};
for (const [target, expected] of Object.entries(TARGETS)) {
  const rung = String(JsSIP.Utils.normalizeTarget(target, 'gw.example'));
  console.log(target, '->', rung);
  assert.strictEqual(rung, expected, target);
}
NODE
(cd "$folder" && node addresses.mjs)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install sipmessage==0.7.1
"$folder/venv/bin/python" - <<'PYTHON'
from sipmessage import URI, Message

KEPT = "sip:86010101;ext=801@gw.example;user=phone"
assert str(URI.parse(KEPT)) == KEPT

INVITE = (
    "INVITE sip:86010101@gw.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
    "To: <sip:86010101@gw.example>\r\nFrom: <sip:office@gw.example>;tag=a\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n"
    "Subject: good{}morning\r\nContent-Length: 0\r\n\r\n"
)
print("sipmessage, header in one line:", Message.parse(INVITE.format(" ").encode()).headers.get("Subject"))
try:
    Message.parse(INVITE.format("\r\n ").encode())
except ValueError as refused:
    print("sipmessage, the same header folded: ValueError:", refused)
else:
    raise AssertionError("sipmessage reads folded headers now")
PYTHON
