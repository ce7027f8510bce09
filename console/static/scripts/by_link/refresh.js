// A page that stands open on somebody's telephone stays true: it asks for its version, and is fetched when that is another.
import { morph } from "../morph.js";

const LONGEST_MS = 15000;
const main = document.getElementById("main");
let busy = false;

// Nothing is shown while "isHeldBack" says so.
export function keepTrue(isHeldBack = () => false) {
  const look = () => refresh(() => isHeldBack() || isTyping());
  setInterval(look, 1000 * Number(main.dataset.every ?? 15));
  document.addEventListener("visibilitychange", look);
}

// What somebody has begun to fill in is not taken from under their hands.
export function isTyping() {
  const fields = [...main.querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((each) => each.value !== each.defaultValue || each.checked !== each.defaultChecked);
}

export function put(html) {
  const news = new DOMParser().parseFromString(html, "text/html");
  const fresh = news.getElementById("main");
  if (!fresh) return;
  document.title = news.title;
  morph(main, document.importNode(fresh, true));
}

export function ask(address, options = {}) {
  return fetch(address + location.search, { ...options, signal: AbortSignal.timeout(LONGEST_MS) });
}

async function refresh(isHeldBack) {
  if (busy || document.hidden || !main.dataset.version || isHeldBack()) return;
  busy = true;
  try {
    if (await isOld() && !isHeldBack()) await show(isHeldBack);
  } catch {
    // without a connection the page stays as it is, and asks again
  }
  busy = false;
}

// A page that may be shown no more is fetched, too: it says why.
async function isOld() {
  const answer = await ask(main.dataset.refresh);
  if (answer.status >= 500) return false;
  return !answer.ok || await answer.text() !== main.dataset.version;
}

async function show(isHeldBack) {
  const answer = await ask(main.dataset.page, { headers: { Accept: "text/html" } });
  const html = await answer.text();
  if (answer.status < 500 && !isHeldBack()) put(html);
}
