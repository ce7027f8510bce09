// Any sound as the file a telephone records: 8 kHz, mono, 16-bit WAV.
const RATE = 8000;

/** Blocks of samples at a sample rate, resampled, as a WAV file. */
export async function fromBlocks(blocks, rate) {
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  if (!length) return new Blob([]);
  const buffer = new AudioBuffer({ length, sampleRate: rate, numberOfChannels: 1 });
  let place = 0;
  for (const block of blocks) {
    buffer.copyToChannel(block, 0, place);
    place += block.length;
  }
  return fromBuffer(buffer);
}

/** A decoded sound of any rate and number of channels, as a WAV file. */
export async function fromBuffer(buffer) {
  const offline = new OfflineAudioContext(1, Math.max(1, Math.round(buffer.duration * RATE)), RATE);
  const source = new AudioBufferSourceNode(offline, { buffer });
  source.connect(offline.destination);
  source.start();
  return written((await offline.startRendering()).getChannelData(0));
}

function written(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, place) => view.setInt16(44 + place * 2, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Blob([view], { type: "audio/wav" });
}
