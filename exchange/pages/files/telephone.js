// A telephone: what the line says is shown and heard, what is pressed goes to the line.
import * as attention from "./attention.js";
import * as happened from "./happened.js";
import { Line } from "./line.js";
import * as player from "./player.js";
import * as recorder from "./recorder.js";
import * as tones from "./tones.js";
import { habits, known, readable, say, showTempo } from "./words.js";

const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ" };
const at = (id) => document.getElementById(id);
const page = document.body;
const number = page.dataset.number;
let state = "idle";
let since = 0;
let owner = "";

const hears = {
  owner: showOwner, state: showState, play, say: speak, pause: () => {}, quiet, gather, beep, recording,
  ended, text: happened.showText, tempo: ({ speed }) => showTempo(at("tempo"), speed), superseded, refused,
};

at("number").textContent = readable(number);
buildKeypad();
attention.offer();
tones.watch((blocked) => { at("blocked").hidden = !blocked; });
setInterval(showTime, 250);
const line = new Line(number, (message) => hears[message.type](message), connected);

at("answer").addEventListener("click", () => line.say("answer"));
at("hang-up").addEventListener("click", () => line.say("hang_up"));
at("dial").addEventListener("click", () => line.say("dial"));
at("take-back").addEventListener("click", () => location.reload());
at("write").addEventListener("submit", sendText);
document.addEventListener("keydown", keyboard);

function connected(isThere) {
  page.classList.toggle("is-lost", !isThere);
  for (const id of ["answer", "hang-up", "dial"]) at(id).disabled = !isThere;
  if (!isThere) showState({ state: "idle", seconds: 0 });
}

function showOwner({ label, note, ...script }) {
  owner = label || say("unknown_owner");
  at("owner").textContent = owner;
  at("note").textContent = note;
  at("behaviour").textContent = say("script_named", { name: habits(script) });
}

function showState({ state: next, other, by, seconds }) {
  const before = state;
  state = next;
  page.dataset.state = state;
  since = performance.now() - seconds * 1000;
  at("state").textContent = say(`state_${state}`);
  at("who").textContent = other ? `${say(WITH[state])} ${other.label || say("service")}` : "";
  at("who-number").textContent = other ? readable(other.number) : "";
  at("hint").textContent = say(by === "script" ? "script_hint" : `${state}_hint`);
  at("answer").hidden = state !== "ringing";
  at("dial").hidden = state !== "idle";
  at("hang-up").hidden = state === "idle";
  at("hang-up").disabled = by === "script";
  at("hang-up-word").textContent = say(state === "ringing" ? "decline" : "hang_up");
  if (state !== before) begin(before);
}

const WITH = { ringing: "call_from", dialling: "call_to", talking: "with" };

/** What begins when the telephone does something else. */
function begin(before) {
  attention.calm();
  tones.stop();
  if (state === "ringing" || (state === "dialling" && before === "idle")) happened.clear();
  if (state !== "idle") happened.write(say(`log_${state}`));
  if (state === "ringing") { tones.ring(); attention.attract(owner); }
  if (state === "dialling") tones.ringback();
  if (state === "idle") { quiet(); gather({ open: false }); }
}

function play(message) {
  player.play(message);
  happened.writeHeard(say("log_play"), message);
}

function speak(message) {
  player.speak(message);
  happened.writeHeard(say("log_say", { text: message.text }), message);
}

function quiet() {
  player.quiet();
  happened.rest();
}

function gather({ open }) {
  page.dataset.asked = open;
  if (state === "talking") at("hint").textContent = say(open ? "asked_hint" : "talking_hint");
}

function beep({ seconds }) {
  tones.beep(seconds);
  happened.write(say("log_beep"));
}

function recording(order) {
  if (!order.on) return recorder.finish();
  at("hint").textContent = say("recording_hint");
  happened.write(say("log_recording"));
  return recorder.record(order, (arrived) => happened.write(say(arrived ? "log_recorded" : "log_not_recorded")));
}

function ended({ reason, by }) {
  recorder.finish();
  if (by !== "subscriber" && state === "talking") tones.engaged();
  const name = `ended_${reason}_${by}`;
  const words = say(known(name) ? name : "ended");
  happened.write(words, "end");
  setTimeout(() => { if (state === "idle") at("hint").textContent = words; });
}

function superseded() {
  showState({ state: "idle", seconds: 0 });
  at("superseded").hidden = false;
  at("dial").disabled = true;
}

function refused({ what }) {
  const name = `refused_${what}`;
  at("hint").textContent = known(name) ? say(name) : say("refused", { what });
}

function showTime() {
  const seconds = Math.floor((performance.now() - since) / 1000);
  at("time").textContent = state === "talking" ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
}

function buildKeypad() {
  at("keypad").append(...[..."123456789*0#"].map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.dataset.key = key;
    button.setAttribute("aria-label", say("key", { key }));
    const letters = document.createElement("small");
    letters.textContent = LETTERS[key] ?? "";
    button.append(key, letters);
    button.addEventListener("click", () => press(key));
    return button;
  }));
}

function press(key) {
  tones.dtmf(key);
  const button = at("keypad").querySelector(`[data-key="${key}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 140);
  if (state !== "talking") return;
  line.say("press", { key });
  happened.write(say("log_pressed", { key }), "mine");
}

function keyboard(event) {
  const { key, target } = event;
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=file])")) return;
  if (/^[0-9*#]$/.test(key)) press(key);
  else if (key === "Escape" && state !== "idle") line.say("hang_up");
  else if (key === "Enter" && state === "ringing" && !target.matches("button, a, label")) line.say("answer");
}

function sendText(event) {
  event.preventDefault();
  const body = at("body").value.trim();
  if (!body) return;
  line.say("text", { body });
  at("body").value = "";
}
