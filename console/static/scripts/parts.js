// The parts of the page: which versions are here, and how new ones take the places of the old.
import { morph } from "./morph.js";

const part = (key) => document.querySelector(`[data-part="${key}"]`);

export function have() {
  return [...document.querySelectorAll("[data-part]")].map((each) => `${each.dataset.part}:${each.dataset.version}`).join(" ");
}

export function merge(html) {
  const news = document.createElement("template");
  news.innerHTML = html;
  const fresh = new Map();
  const templates = [...news.content.children].filter((each) => each.localName === "template");
  for (const each of templates) if (!each.dataset.order) take(each.content.firstElementChild, fresh);
  for (const each of templates) if (each.dataset.order) arrange(each, fresh);
  return news.content.querySelector("#notice");
}

function take(wanted, fresh) {
  const old = part(wanted.dataset.part);
  if (old) morph(old, wanted);
  else fresh.set(wanted.dataset.part, wanted);
}

// What stays where it is keeps what is typed in it; only what is new or comes earlier than before is moved.
function arrange(order, fresh) {
  const region = document.querySelector(`[data-region="${order.dataset.order}"]`);
  if (!region) return;
  const keys = order.content.textContent.trim().split(/\s+/).filter(Boolean);
  const wanted = new Set(keys);
  for (const each of [...region.children]) if (each.dataset.part && !wanted.has(each.dataset.part)) each.remove();
  let place = region.firstElementChild;
  for (const key of keys) {
    const each = fresh.get(key) ?? part(key);
    if (each === place) place = place.nextElementSibling;
    else if (each) put(region, each, place);
  }
}

function put(region, each, place) {
  if (each.isConnected && region.moveBefore) region.moveBefore(each, place);
  else region.insertBefore(each, place);
}
