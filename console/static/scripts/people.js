// The list of residents follows what is typed; without this script the button does it.
import { showAppearance } from "./appearance.js";

const WAIT_MS = 250;
const form = document.getElementById("search");
let timer = null;
let asked = 0;

showAppearance();
ready();
form.addEventListener("input", (event) => {
  clearTimeout(timer);
  timer = setTimeout(look, event.target.localName === "select" ? 0 : WAIT_MS);
});
form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); look(); });

// What an input method is still composing is looked up as well: its letters are pinyin.
async function look() {
  const turn = ++asked;
  const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const address = said.size ? `${form.action}?${said}` : form.action;
  try {
    const answer = await fetch(address, { headers: { "X-Parts": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (turn === asked) show(html, address);
  } catch {
    if (turn === asked) location.assign(address);
  }
}

function show(html, address) {
  const news = document.createElement("template");
  news.innerHTML = html;
  document.getElementById("found").replaceChildren(...news.content.getElementById("found").childNodes);
  history.replaceState(null, "", address);
  ready();
}

// One tick for everybody on the page, and how many are ticked; without the script each is ticked by hand.
function ready() {
  const all = document.querySelector("[data-tick-all]");
  if (!all) return;
  all.parentElement.hidden = false;
  const boxes = [...document.querySelectorAll('#found input[name="who"]')];
  all.addEventListener("change", () => { for (const each of boxes) each.checked = all.checked; count(boxes, all); });
  for (const each of boxes) each.addEventListener("change", () => count(boxes, all));
  count(boxes, all);
}

function count(boxes, all) {
  const ticked = boxes.filter((each) => each.checked).length;
  document.querySelector("[data-ticked]").textContent = ticked || "";
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}
