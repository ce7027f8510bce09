// Fetches the parts that change whenever the stream says that something has happened: at most three times a second.
const PAUSE_MS = 330;
const SAFETY_NET_MS = 15000;
const AGAIN_MS = 2000;
const address = `/today/parts?language=${document.body.dataset.language}`;
const lost = document.getElementById("lost");
let planned = null;
let last = 0;
let busy = false;
let again = false;
let shown = "";
let turn = 0;

// What a form brought back is newer than whatever was asked for before it.
export function overtake() {
  turn += 1;
  shown = "";
}

export function live(show) {
  const soon = () => {
    if (planned || document.hidden) return;
    planned = setTimeout(() => { planned = null; refresh(show); }, Math.max(0, last + PAUSE_MS - Date.now()));
  };
  document.addEventListener("visibilitychange", soon);
  setInterval(soon, SAFETY_NET_MS);
  follow(soon);
}

function follow(soon) {
  const events = new EventSource("/events");
  events.addEventListener("hello", () => { say(""); soon(); });
  events.onmessage = soon;
  events.onerror = () => {
    say(lost.dataset.text);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => follow(soon), AGAIN_MS);
  };
  addEventListener("pagehide", () => events.close());
}

async function refresh(show) {
  if (busy) { again = true; return; }
  busy = true;
  last = Date.now();
  const mine = turn;
  try {
    const answer = await fetch(address, { cache: "no-cache" });
    const html = await answer.text();
    if (mine !== turn) again = true;
    else if (answer.ok && html !== shown) { shown = html; show(html); }
  } catch {
    say(lost.dataset.text);
  }
  busy = false;
  if (again) { again = false; setTimeout(() => refresh(show), PAUSE_MS); }
}

function say(text) {
  if (lost.textContent !== text) lost.textContent = text;
}
