// The switchboard: a card for each telephone, kept up to date by server-sent events.
import { habits, readable, say, showTempo } from "./words.js";

const cards = new Map();
const at = (id) => document.getElementById(id);
const template = at("card");

follow();
at("filter").addEventListener("input", filter);
at("filter").addEventListener("submit", (event) => event.preventDefault());
at("stranger").addEventListener("submit", openUnknown);

function follow() {
  const events = new EventSource("/telephones/events");
  events.addEventListener("all", (event) => { cards.clear(); take(event); build(); });
  events.addEventListener("some", (event) => {
    const before = cards.size;
    const changed = take(event);
    if (cards.size === before) changed.forEach(fill); else build();
    filter();
  });
  events.onopen = () => document.body.classList.remove("is-lost");
  events.onerror = () => document.body.classList.add("is-lost");
}

/** Takes over what an event says; returns the cards it is about. */
function take(event) {
  const shown = JSON.parse(event.data);
  showTempo(at("tempo"), shown.tempo.speed);
  return shown.cards.map((card) => {
    const entry = { element: cards.get(card.number)?.element, ...card };
    cards.set(card.number, entry);
    return entry;
  });
}

function build() {
  const groups = new Map();
  for (const card of cards.values()) {
    const name = groupOf(card);
    groups.set(name, [...(groups.get(name) ?? []), card]);
  }
  at("groups").replaceChildren(...[...groups].map(([name, members]) => section(name, members)));
  filter();
}

function groupOf(card) {
  if (card.group) return card.group;
  return say(card.label ? "group_none" : "group_unknown");
}

function section(name, members) {
  const group = document.createElement("section");
  group.className = "group";
  const heading = document.createElement("h2");
  const count = document.createElement("span");
  heading.append(name, count);
  const list = document.createElement("div");
  list.className = "cards";
  for (const card of members) {
    card.element ??= template.content.firstElementChild.cloneNode(true);
    fill(card);
    list.append(card.element);
  }
  group.append(heading, list);
  return group;
}

function fill(card) {
  const part = (selector) => card.element.querySelector(selector);
  card.element.dataset.state = card.state;
  card.element.dataset.open = card.open;
  card.element.dataset.number = card.number;
  part(".word").textContent = say(`state_${card.state}`) + (card.open ? ` · ${say("held")}` : "");
  part(".texts").textContent = texts(card.texts);
  part("h3").textContent = card.label || say("unknown_owner");
  part("p.number").textContent = readable(card.number);
  part(".note").textContent = card.note;
  part(".does").textContent = habits(card);
  part(".script").title = card.behaviour;
  part("a").href = `/telephones/${encodeURIComponent(card.number)}`;
  part("a").setAttribute("aria-label", `${say("pick_up_telephone")}: ${card.label || readable(card.number)}`);
}

function texts(count) {
  if (!count) return "";
  return count === 1 ? say("texts_count_one") : say("texts_count", { n: count });
}

function filter() {
  const wanted = at("wanted").value.trim().toLowerCase();
  const onlyBusy = at("busy").checked;
  for (const card of cards.values()) {
    const text = [card.label, card.number, readable(card.number), card.note, card.group, card.behaviour].join(" ").toLowerCase();
    card.element.hidden = !text.includes(wanted) || (onlyBusy && card.state === "idle");
  }
  for (const group of at("groups").children) {
    const shown = group.querySelectorAll(".card:not([hidden])").length;
    group.hidden = !shown;
    group.querySelector("h2 span").textContent = shown;
  }
  at("nothing").hidden = [...cards.values()].some((card) => !card.element.hidden);
  at("nothing").textContent = say(cards.size ? "nothing_found" : "nobody");
  const count = (...states) => [...cards.values()].filter((card) => states.includes(card.state)).length;
  at("counts").textContent = say("counts", { all: cards.size, ringing: count("ringing", "dialling"), talking: count("talking") });
}

function openUnknown(event) {
  event.preventDefault();
  const number = at("stranger-number").value.replaceAll(/[\s-]/g, "");
  const right = /^\+[1-9]\d{6,14}$/.test(number);
  at("stranger").classList.toggle("wrong", !right);
  at("stranger-number").setAttribute("aria-invalid", !right);
  at("stranger-hint").textContent = say(right ? "unknown_hint" : "unknown_wrong");
  if (right) window.open(`/telephones/${encodeURIComponent(number)}`, "_blank");
}
