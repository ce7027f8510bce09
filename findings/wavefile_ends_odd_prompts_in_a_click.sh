#!/usr/bin/env bash
# Prompts for a telephone line (µ-law and A-law WAV at 8 kHz, one byte a sample), read by wavefile 11.0.0 (npm).
#
# What one would guess: a chunk says its size, so the byte of padding that RIFF puts after an odd one is not sound; and whoever asks
#   for 16 bits of a compressed file gets them decoded, or an error, as toSampleRate() gives one.
# Seen: the padding is one sample more. In a silent µ-law prompt of 801 samples sample 802 is -32124, nearly full scale; in A-law it
#   is -5504. With an even number of samples nothing is added. toBitDepth("16") on a µ-law file takes the bytes as they
#   stand: of a quiet tone (a peak of 1000) nine samples in ten are at full scale, and the header says 16-bit PCM.
# What it means: every second prompt ends in a click as loud as a line can carry, in the ear of somebody with a hearing aid, and where
#   prompts are joined it comes in the middle. Take the size from the data chunk, and decode with fromMuLaw() or fromALaw() first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts wavefile@11.0.0
cat > "$folder/prompt.cjs" <<'NODE'
const assert = require('node:assert');
const { WaveFile } = require('wavefile');

const [A_LAW, MU_LAW] = [6, 7];
const SILENCE = { [A_LAW]: 0xd5, [MU_LAW]: 0xff };

function chunk(name, body) {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from(name), size, body, Buffer.alloc(body.length % 2)]);
}

function prompt(law, count) {
  const [format, fact] = [Buffer.alloc(18), Buffer.alloc(4)];
  format.writeUInt16LE(law, 0);
  format.writeUInt16LE(1, 2); // channel
  format.writeUInt32LE(8000, 4); // samples a second
  format.writeUInt32LE(8000, 8); // bytes a second
  format.writeUInt16LE(1, 12); // byte a sample
  format.writeUInt16LE(8, 14); // bits a sample
  fact.writeUInt32LE(count);
  const parts = [chunk('fmt ', format), chunk('fact', fact), chunk('data', Buffer.alloc(count, SILENCE[law]))];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...parts]));
}

function decoded(law, count) {
  const file = new WaveFile(prompt(law, count));
  assert.strictEqual(file.fact.dwSampleLength, count);
  (law === A_LAW ? file.fromALaw() : file.fromMuLaw());
  return [...file.getSamples()];
}

for (const [law, name, silence, click] of [[MU_LAW, 'µ-law', 0, -32124], [A_LAW, 'A-law', 8, -5504]]) {
  const [even, odd] = [decoded(law, 800), decoded(law, 801)];
  console.log(`${name}: 800 samples become ${even.length}, 801 become ${odd.length}, the last ones are ${odd.slice(-3)}`);
  assert.ok(even.length === 800 && even.every((sample) => sample === silence));
  assert.ok(odd.length === 802 && odd.slice(0, -1).every((sample) => sample === silence));
  assert.strictEqual(odd.at(-1), click);
}

const tone = new WaveFile();
tone.fromScratch(1, 8000, '16', Array.from({ length: 800 }, (_, at) => Math.round(1000 * Math.sin(at * 0.35))));
tone.toMuLaw();
const taken = new WaveFile(tone.toBuffer());
assert.throws(() => taken.toSampleRate(16000), /compressed/);
taken.toBitDepth('16');
const loudest = [...taken.getSamples()].filter((sample) => Math.abs(sample) >= 32767).length;
console.log(`toBitDepth("16") of a tone with a peak of 1000: PCM (${taken.fmt.audioFormat}), ${loudest} of 800 samples at full scale`);
assert.deepStrictEqual([taken.fmt.audioFormat, taken.bitDepth], [1, '16']);
assert.ok(loudest > 700);
NODE
cd "$folder" && node prompt.cjs
