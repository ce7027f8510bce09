// Fetches the parts that have changed whenever the stream says that something has happened: a first change at once, then
// at most once a second, and not all open pages at the same moment.
import { have } from "../parts.js";

const PAUSE_MS = 1000;
const AT_ONCE = 2;
const JITTER_MS = 150;
const SAFETY_NET_MS = 15000;
const AGAIN_MS = 2000;
const address = `/today/parts?language=${document.body.dataset.language}`;
const lost = document.getElementById("lost");
let planned = null;
let allowed = AT_ONCE;
let counted = Date.now();
let busy = false;
let again = false;
let turn = 0;
let streaming = false;

// What a form brought back is newer than whatever was asked for before it.
export function overtake() {
  turn += 1;
}

export function live(show) {
  const soon = () => {
    if (planned || document.hidden) return;
    planned = setTimeout(() => { planned = null; refresh(show); }, wait() + Math.random() * JITTER_MS);
  };
  document.addEventListener("visibilitychange", soon);
  setInterval(soon, SAFETY_NET_MS);
  follow(soon);
}

function follow(soon) {
  const events = new EventSource("/events");
  events.addEventListener("hello", () => { streaming = true; say(""); soon(); });
  events.onmessage = soon;
  events.onerror = () => {
    streaming = false;
    say(lost.dataset.text);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => follow(soon), AGAIN_MS);
  };
  addEventListener("pagehide", () => events.close());
}

// Two refreshes may follow each other at once; every second allows another one.
function wait() {
  allowed = Math.min(AT_ONCE, allowed + (Date.now() - counted) / PAUSE_MS);
  counted = Date.now();
  return allowed >= 1 ? 0 : (1 - allowed) * PAUSE_MS;
}

async function refresh(show) {
  if (busy) { again = true; return; }
  busy = true;
  wait();
  allowed -= 1;
  const mine = turn;
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ have: have() }), cache: "no-store" });
    if (answer.status === 401) { location.reload(); return; } // the session is over: the page leads to the sign-in
    if (answer.status >= 500) say(lost.dataset.text); // what stands there stays, and is asked for again
    else if (streaming) say("");
    const html = answer.status === 200 ? await answer.text() : "";
    if (mine !== turn) again = true;
    else if (html) show(html);
  } catch {
    say(lost.dataset.text);
  }
  busy = false;
  if (again) { again = false; setTimeout(() => refresh(show), Math.max(wait(), JITTER_MS)); }
}

function say(text) {
  if (lost.textContent !== text) lost.textContent = text;
}
