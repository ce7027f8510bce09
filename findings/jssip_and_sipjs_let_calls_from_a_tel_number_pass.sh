#!/usr/bin/env bash
# A call to JsSIP 3.13.8 and to SIP.js 0.21.2, whose From names the caller by a tel: URI, as IMS networks write it.
#
# Guess before running: the call comes up as from any other number; at worst the name or the number of the caller is missing. What
#   a user agent cannot read it answers with 400 (RFC 3261 section 8.2).
# Seen: nothing comes up and nothing is answered: neither 100 nor 180 nor 400. The grammars of both know sip: and sips: alone,
#   and a request whose From cannot be read is dropped behind a line of the log; the caller hears silence until the network
#   gives up. The same with tel: in To. In P-Asserted-Identity, beside a sip: From, it does no harm.
# What it means: whether a daughter's call back reaches the desk's browser telephone depends on the network she calls from. An
#   office that tests with its own trunk sees sip: alone. Have the exchange rewrite tel: before it gets to a browser, and test
#   with both. (Host names beginning with a digit drop calls by the same way: versatica/JsSIP issue 560, onsip/SIP.js issue 1055.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts jssip@3.13.8 sip.js@0.21.2
cat > "$folder/calls.mjs" <<'NODE'
import assert from 'node:assert';
import { setTimeout as wait } from 'node:timers/promises';
import JsSIP from 'jssip';
import { TransportState } from 'sip.js/lib/api/transport-state.js';
import { UserAgent } from 'sip.js/lib/api/user-agent.js';

globalThis.window = { RTCPeerConnection: class {} }; // a browser has it, and JsSIP looks for it
const SDP = ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', 'm=audio 18000 RTP/AVP 8', ''].join('\r\n');
let calls = 0;

function invite(from, to = '<sip:desk@example.org>') {
  calls += 1;
  return ['INVITE sip:desk@example.org SIP/2.0', `Via: SIP/2.0/WS 192.0.2.9;branch=z9hG4bK${calls}`, 'Max-Forwards: 70',
    `From: ${from};tag=${calls}`, `To: ${to}`, `Call-ID: call-${calls}`, 'CSeq: 1 INVITE', 'Contact: <sip:gate@192.0.2.9>',
    'P-Asserted-Identity: <tel:+8631186010101>', 'Content-Type: application/sdp', `Content-Length: ${SDP.length}`, '', SDP].join('\r\n');
}

function answers(sent) {
  return sent.map((message) => message.split(' ')[1]).join(' ');
}

async function inJsSip(message) {
  const sent = [];
  const socket = { url: 'ws://127.0.0.1', via_transport: 'WS', sip_uri: 'sip:127.0.0.1;transport=ws',
    connect() { socket.onconnect(); }, disconnect() {}, send(text) { sent.push(String(text)); return true; } };
  const phone = new JsSIP.UA({ sockets: [socket], uri: 'sip:desk@example.org', register: false, contact_uri: 'sip:desk@example.org' });
  const rung = [];
  phone.on('newRTCSession', ({ request }) => rung.push(String(request.from.uri)));
  phone.start();
  socket.ondata(message);
  await wait(300);
  return { rung, answers: answers(sent) };
}

class OwnTransport {
  constructor() { this.protocol = 'WS'; this.state = TransportState.Connected; this.sent = []; }
  get stateChange() { return { addListener() {}, removeListener() {} }; }
  async connect() { this.onConnect?.(); }
  async disconnect() {}
  async dispose() {}
  isConnected() { return true; }
  async send(text) { this.sent.push(text); }
}

async function inSipJs(message) {
  const rung = [];
  const phone = new UserAgent({
    uri: UserAgent.makeURI('sip:desk@example.org'), transportConstructor: OwnTransport, logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: () => ({ close() {} }),
    delegate: { onInvite: (invitation) => rung.push(String(invitation.remoteIdentity.uri)) },
  });
  await phone.start();
  phone.transport.onMessage(message);
  await wait(300);
  return { rung, answers: answers(phone.transport.sent) };
}

for (const [name, call] of [['JsSIP', inJsSip], ['SIP.js', inSipJs]]) {
  const known = await call(invite('<sip:+8631186010101@192.0.2.9;user=phone>'));
  const unknown = await call(invite('<tel:+8631186010101>'));
  const toTel = await call(invite('<sip:200@192.0.2.9>', '<tel:+8631186010102>'));
  console.log(`${name}, from sip:`, known, 'from tel:', unknown, 'to tel:', toTel);
  assert.deepStrictEqual(known.rung.length, 1);
  assert.match(known.answers, /^100\b/);
  assert.deepStrictEqual(unknown, { rung: [], answers: '' });
  assert.deepStrictEqual(toTel, { rung: [], answers: '' });
}
process.exit(0);
NODE
cd "$folder" && node calls.mjs
