// The sounds a telephone makes by itself: bell, dial tones, ringing at the other end, beep.
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
const BELL = [1010, 1290];
const BELL_SECONDS = 1.6;
const LINE_TONE = 450; // Hz: ringback and busy in China (GB/T 3380)

export const context = new AudioContext();
let cycle = null;
let sounding = [];

/** Tells whether sound is blocked, now and whenever that changes; the first click or key unblocks it. */
export function watch(blocked) {
  const tell = () => blocked(context.state !== "running");
  context.onstatechange = tell;
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => context.resume(), true);
  tell();
}

/** Rings the bell, again and again, until `stop`. */
export function ring() {
  repeat(4000, () => {
    for (let at = 0; at < BELL_SECONDS; at += 0.08) BELL.forEach((hertz, half) => tone([hertz], at + half * 0.04, 0.04, 0.16));
  });
}

/** What a caller hears while it rings at the other end. */
export const ringback = () => repeat(5000, () => tone([LINE_TONE], 0, 1, 0.06));

/** Stops bell and ringback. */
export function stop() {
  clearInterval(cycle);
  cycle = null;
  sounding.forEach((source) => source.stop());
  sounding = [];
}

/** The tone of a key, as an exchange hears it. */
export function dtmf(key) {
  const place = KEYS.indexOf(key);
  tone([ROWS[Math.floor(place / 3)], COLUMNS[place % 3]], 0, 0.14, 0.07);
}

/** The beep after which a recording begins. */
export const beep = (seconds) => tone([1000], 0, seconds, 0.12);

/** The other end has hung up. */
export const engaged = () => [0, 0.7, 1.4].forEach((at) => tone([LINE_TONE], at, 0.35, 0.05));

function repeat(milliseconds, sound) {
  stop();
  sound();
  cycle = setInterval(sound, milliseconds);
}

function tone(frequencies, after, seconds, loudness) {
  if (context.state !== "running") return;
  const begin = context.currentTime + after;
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(loudness, begin + 0.004);
  gain.gain.setValueAtTime(loudness, begin + seconds - 0.004);
  gain.gain.linearRampToValueAtTime(0, begin + seconds);
  for (const frequency of frequencies) {
    const source = new OscillatorNode(context, { frequency });
    source.connect(gain);
    source.start(begin);
    source.stop(begin + seconds);
    source.onended = () => { sounding = sounding.filter((one) => one !== source); };
    sounding.push(source);
  }
}
