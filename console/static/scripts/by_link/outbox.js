// What is pressed without a connection is kept on this telephone, and sent when there is one. Each form has a key of its
// own, by which it is done once, however often it arrives. A form says how long it may wait (data-minutes, 0: for ever) or
// that it may not (data-now).
import { ask, isTyping, put } from "./refresh.js";

const main = document.getElementById("main");
const bar = document.getElementById("unsent");
const PLACE = `outbox:${main.dataset.page}`;
const AGAIN_MS = 5000;
const SENDING_MS = 800;
const MINUTE_MS = 60000;
const USUAL_MINUTES = 60;
let busy = false;

export const isWaiting = () => busy || kept().length > 0;

export function sendForms() {
  main.addEventListener("submit", (event) => {
    const deed = deedOf(event.target);
    try {
      keep([...kept().filter((each) => !isSame(each, deed)), deed]);
    } catch {
      return; // nothing can be kept here: the browser sends it itself
    }
    event.preventDefault();
    settle(event.target);
    send();
  });
  addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  send();
}

function deedOf(form) {
  const body = new URLSearchParams(new FormData(form)).toString();
  const minutes = Number(form.dataset.minutes ?? USUAL_MINUTES);
  return { action: new URL(form.action).pathname, body, now: "now" in form.dataset, until: minutes && Date.now() + minutes * MINUTE_MS };
}

// What is being sent is not being typed any more.
function settle(form) {
  for (const each of form.elements) {
    if ("defaultValue" in each) each.defaultValue = each.value;
    if ("defaultChecked" in each) each.defaultChecked = each.checked;
  }
}

const said = (deed, name) => new URLSearchParams(deed.body).get(name);
const isSame = (one, other) => one.action === other.action && said(one, "once") === said(other, "once");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]");
  } catch {
    return [];
  }
}

function keep(deeds) {
  if (deeds.length) localStorage.setItem(PLACE, JSON.stringify(deeds));
  else localStorage.removeItem(PLACE);
}

// Of several pages of the same link one sends.
function send() {
  if (busy || !kept().length) return;
  if (navigator.locks) navigator.locks.request(PLACE, sendAll);
  else sendAll();
}

async function sendAll() {
  if (busy || !kept().length) return;
  busy = true;
  const slow = setTimeout(() => tell("sending"), SENDING_MS);
  let told = "";
  let shown = null;
  for (let [deed] = kept(); deed; [deed] = kept()) {
    const answer = isLate(deed) ? null : await deliver(deed);
    if (answer === undefined && !deed.now) { told = "kept"; break; }
    if (answer === undefined) told = "failed";
    else if (answer === null) told = "late";
    else if (!shown?.isRefusal) shown = answer;
    keep(kept().filter((each) => !isSame(each, deed)));
  }
  clearTimeout(slow);
  busy = false;
  tell(told);
  if (shown) show(shown);
}

const isLate = (deed) => Boolean(deed.until) && deed.until < Date.now();

// Undefined where it has not arrived, or cannot be dealt with just now.
async function deliver({ action, body }) {
  const headers = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
  try {
    const answer = await ask(action, { method: "POST", body, headers });
    if (answer.status >= 500) return undefined;
    return { html: await answer.text(), isRefusal: !answer.ok };
  } catch {
    return undefined;
  }
}

function tell(what) {
  bar.hidden = !what;
  bar.textContent = what ? bar.dataset[what] : "";
}

function show({ html }) {
  if (isTyping()) return; // it is shown when nothing is typed any more
  put(html);
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
}
