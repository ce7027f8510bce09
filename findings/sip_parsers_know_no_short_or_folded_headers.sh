#!/usr/bin/env bash
# An INVITE in the forms that RFC 3261 lets every SIP element use: headers by their short names, and a header folded into a second line;
# read by pyVoIP 1.6.8, voip-utils 0.5.0, sipmessage 0.7.1 and aiosipua 0.7.1 (Python), sip 0.0.6 and JsSIP 3.13.8 (npm).
#
# Guess before running: whoever reads SIP reads both, as sections 7.3.1 and 7.3.3 ask of everybody, and as gateways that save bytes
#   send them.
# Seen: three of six do. To pyVoIP and to voip-utils a call with short names has no Call-ID, nobody it is from and no Via, and nothing is
#   said of it; a folded line is an IndexError or a ValueError. sipmessage knows the short names and refuses the folded line, which
#   may be the subject alone. aiosipua, sip and JsSIP read all forms.
# What it means: a resident behind an old exchange rings for help and is answered by nobody, not even by an error, while each test with
#   one's own telephone passes. Take a call of every form into the tests of whatever stands at the trunk.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pyVoIP==1.6.8 voip-utils==0.5.0 sipmessage==0.7.1 aiosipua==0.7.1
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts sip@0.0.6 jssip@3.13.8
cd "$folder"
cat > invite.txt <<'SIP'
INVITE sip:87654321@203.0.113.1 SIP/2.0
Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKinvented
Max-Forwards: 70
From: Wang <sip:13800138001@203.0.113.2>;tag=one
To: <sip:87654321@203.0.113.1>
Call-ID: invented@203.0.113.2
CSeq: 12 INVITE
Contact: <sip:13800138001@203.0.113.2>
Subject: heart
Content-Length: 0

SIP
sed -e 's/^Via/v/; s/^From/f/; s/^To/t/; s/^Call-ID/i/; s/^Contact/m/; s/^Subject/s/; s/^Content-Length/l/' invite.txt > short.txt
sed -e 's/^Subject: heart$/Subject:\n heart/' invite.txt > folded.txt
sed -i 's/$/\r/' invite.txt short.txt folded.txt
cat > read.py <<'PYTHON'
from pathlib import Path

import pyVoIP.VoIP  # noqa: F401  (pyVoIP.SIP cannot be imported first)
from aiosipua import SipMessage as AiosipuaMessage
from pyVoIP.SIP import SIPMessage
from sipmessage import Message
from voip_utils.sip import SipMessage as VoipUtilsMessage

READERS = {
    "pyVoIP": lambda data: SIPMessage(data).headers.get("Call-ID"),
    "voip-utils": lambda data: VoipUtilsMessage.parse_sip(data.decode()).headers.get("call-id"),
    "sipmessage": lambda data: Message.parse(data).call_id,
    "aiosipua": lambda data: AiosipuaMessage.parse(data.decode()).call_id,
}
CALL = "invented@203.0.113.2"
EXPECTED = {
    "pyVoIP": [CALL, None, "IndexError"],
    "voip-utils": [CALL, None, "ValueError"],
    "sipmessage": [CALL, CALL, "ValueError"],
    "aiosipua": [CALL, CALL, CALL],
}
for name, read in READERS.items():
    seen = []
    for form in ("invite", "short", "folded"):
        try:
            seen.append(read(Path(f"{form}.txt").read_bytes()))
        except (IndexError, ValueError) as error:
            seen.append(type(error).__name__)
    print(f"{name}: long names {seen[0]}, short names {seen[1]}, folded {seen[2]}")
    assert seen == EXPECTED[name]
PYTHON
cat > read.cjs <<'NODE'
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const sip = require('sip');
const JsSIP = require('jssip/lib/Parser');

const READERS = {
  sip: (text) => sip.parse(text).headers['call-id'],
  JsSIP: (text) => JsSIP.parseMessage(text, { configuration: {} }).call_id,
};
for (const [name, read] of Object.entries(READERS)) {
  const seen = ['invite', 'short', 'folded'].map((form) => read(readFileSync(`${form}.txt`, 'utf8')));
  console.log(`${name}: long names ${seen[0]}, short names ${seen[1]}, folded ${seen[2]}`);
  assert.deepStrictEqual(seen, Array(3).fill('invented@203.0.113.2'));
}
NODE
venv/bin/python -W ignore read.py && node read.cjs
