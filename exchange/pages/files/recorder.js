// The recorder after the beep: the microphone, or a file, until silence, a key or the end of the call.
import { context } from "./tones.js";
import { say } from "./words.js";
import { fromBlocks, fromBuffer } from "./wav.js";

const LOUD = 0.012; // root mean square above which somebody speaks
const at = (id) => document.getElementById(id);
let tape = null;

at("recording-done").addEventListener("click", () => finish());
at("recording-file").addEventListener("change", (event) => deliverFile(event.target));

/** Begins to record as ordered; `delivered` is told whether the sound arrived. */
export async function record(order, delivered) {
  const mine = tape = { order, delivered, blocks: [], begun: performance.now(), heard: performance.now() };
  at("recording").hidden = false;
  at("recording-trouble").textContent = "";
  at("recording-file").value = "";
  mine.clock = setInterval(() => show(mine), 100);
  try {
    await listen(mine);
  } catch {
    at("recording-trouble").textContent = say("no_microphone");
    mine.deaf = true;
  }
}

/** Ends the recording and sends what there is. */
export async function finish() {
  const done = tape;
  if (!done) return;
  close(done);
  await deliver(done, await fromBlocks(done.blocks, context.sampleRate));
}

async function listen(mine) {
  await context.resume();
  mine.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  await context.audioWorklet.addModule("/assets/tape-worklet.js");
  if (tape !== mine) return close(mine);
  const node = new AudioWorkletNode(context, "tape");
  node.port.onmessage = ({ data }) => hear(mine, data);
  mine.source = new MediaStreamAudioSourceNode(context, { mediaStream: mine.stream });
  mine.source.connect(node);
  mine.heard = performance.now();
}

function hear(mine, block) {
  if (tape !== mine) return;
  mine.blocks.push(block);
  const loudness = Math.sqrt(block.reduce((sum, sample) => sum + sample * sample, 0) / block.length);
  mine.level = Math.max(loudness, (mine.level ?? 0) * 0.96);
  if (loudness > LOUD) mine.heard = performance.now();
}

function show(mine) {
  const now = performance.now();
  at("level").value = mine.level ?? 0;
  at("recorded").textContent = say("seconds", { n: Math.floor((now - mine.begun) / 1000) });
  if (!mine.deaf && mine.source && now - mine.heard > mine.order.silence_seconds * 1000) finish();
}

async function deliverFile(input) {
  const chosen = tape;
  if (!chosen || !input.files[0]) return;
  try {
    const sound = await fromBuffer(await context.decodeAudioData(await input.files[0].arrayBuffer()));
    close(chosen);
    await deliver(chosen, sound);
  } catch {
    at("recording-trouble").textContent = say("bad_file");
  }
}

function close(done) {
  clearInterval(done.clock);
  done.source?.disconnect();
  done.stream?.getTracks().forEach((track) => track.stop());
  if (tape !== done) return;
  tape = null;
  at("recording").hidden = true;
}

async function deliver(done, sound) {
  const answer = await fetch(done.order.upload.replace("+", "%2B"), { method: "PUT", body: sound }).catch(() => null);
  done.delivered(answer?.ok === true);
}
