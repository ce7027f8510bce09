// The keyboard on every page: / looks for a resident, ? shows the keys, Ctrl-K or ⌘-K goes anywhere.
const WAIT_MS = 200;
const keys = document.getElementById("keys");
const palette = document.getElementById("palette");
const typed = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
const found = document.getElementById("palette-found");
const nothing = document.getElementById("palette-nothing");
const pages = [...document.querySelectorAll("#palette-pages a")];
const open = document.getElementById("show-keys");
let timer = null;
let asked = 0;

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") return act(event, togglePalette);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/" && palette.dataset.find) act(event, search);
  if (event.key === "?") act(event, () => keys.showModal());
});
open.addEventListener("click", () => keys.showModal());
for (const dialog of [keys, palette]) dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
typed.addEventListener("input", () => { showPages(); clearTimeout(timer); timer = setTimeout(look, WAIT_MS); });
typed.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") act(event, () => move(1));
  if (event.key === "ArrowUp") act(event, () => move(-1));
  if (event.key === "Enter") act(event, () => chosen()?.click());
});
if (location.hash === "#q") document.getElementById("q")?.select();

function act(event, deed) {
  event.preventDefault();
  deed();
}

function isTyping(where) {
  return where.isContentEditable || where.matches("input, select, textarea");
}

// On the list of residents its field is there already; from any other page one is led to it.
function search() {
  const field = document.querySelector("#search #q");
  if (field) field.select();
  else location.assign("/residents#q");
}

function togglePalette() {
  if (palette.open) return palette.close();
  keys.close();
  typed.value = "";
  found.replaceChildren();
  showPages();
  palette.showModal();
  typed.focus();
  look();
}

function showPages() {
  const words = typed.value.trim().toLowerCase();
  for (const page of pages) page.hidden = !`${page.textContent} ${page.dataset.also}`.toLowerCase().includes(words);
  choose(options()[0]);
}

// What is found later never takes the place of what was asked for after it.
async function look() {
  const turn = ++asked;
  if (!palette.dataset.find) return choose(options()[0]);
  const language = document.body.dataset.language;
  try {
    const answer = await fetch(`${palette.dataset.find}?${new URLSearchParams({ q: typed.value, language })}`);
    if (!answer.ok || turn !== asked) return;
    const news = document.createElement("template");
    news.innerHTML = await answer.text();
    if (turn === asked) found.replaceChildren(news.content);
  } catch {
    // the pages are there all the same
  }
  if (turn === asked) choose(chosen() ?? options()[0]);
}

function options() {
  return [...list.querySelectorAll("a:not([hidden])")];
}

function chosen() {
  return list.querySelector('a[aria-selected="true"]:not([hidden])');
}

function move(step) {
  const all = options();
  choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
}

function choose(option) {
  for (const each of list.querySelectorAll("a")) each.setAttribute("aria-selected", each === option);
  options().forEach((each, index) => { each.id = `palette-${index}`; });
  if (option) typed.setAttribute("aria-activedescendant", option.id);
  else typed.removeAttribute("aria-activedescendant");
  nothing.hidden = Boolean(option);
  option?.scrollIntoView({ block: "nearest" });
}
