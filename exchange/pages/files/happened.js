// The call and the texts in words.
import { say } from "./words.js";

const LOCALE = document.documentElement.lang;
const list = document.getElementById("happened");
const texts = document.getElementById("texts");
const shown = new Set();
let playing = null;
let bar = null;

/** Writes one line of the call; `kind` is said, mine, end or nothing. */
export function write(text, kind = "") {
  document.getElementById("call-empty").hidden = true;
  const line = document.createElement("li");
  line.className = kind;
  const content = document.createElement("div");
  content.append(text);
  line.append(clock(new Date(), { hour: "2-digit", minute: "2-digit", hour12: false }), content);
  list.append(line);
  list.scrollTop = list.scrollHeight;
  return content;
}

/** A new call begins on an empty sheet. */
export const clear = () => list.replaceChildren();

/** Writes that something is heard for so many seconds, with a bar that moves. */
export function writeHeard(text, { seconds, offset }) {
  rest();
  bar = document.createElement("progress");
  bar.max = seconds;
  bar.value = offset;
  bar.setAttribute("aria-label", say("seconds", { n: Math.round(seconds) }));
  write(`${text} · ${say("seconds", { n: Math.round(seconds) })}`, "said").append(bar);
  const begun = performance.now() - offset * 1000;
  playing = setInterval(() => {
    const heard = (performance.now() - begun) / 1000;
    if (heard < seconds) bar.value = heard;
    else rest();
  }, 200);
}

/** Nothing is heard any more. */
export function rest() {
  clearInterval(playing);
  bar?.remove();
}

/** Shows a text once, however often it is told. */
export function showText({ id, body, at, direction }) {
  if (shown.has(id)) return;
  shown.add(id);
  document.getElementById("texts-empty").hidden = true;
  const bubble = document.createElement("li");
  const words = document.createElement("p");
  words.textContent = body;
  const when = clock(new Date(at), { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
  if (direction === "in") {
    bubble.className = "mine";
    when.prepend(`${say("text_from_you")} · `);
  }
  bubble.append(words, when);
  texts.append(bubble);
  texts.scrollTop = texts.scrollHeight;
}

function clock(instant, format) {
  const time = document.createElement("time");
  time.dateTime = instant.toISOString();
  time.textContent = instant.toLocaleString(LOCALE, format);
  return time;
}
