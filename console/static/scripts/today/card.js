// A small card beside a window: who lives there, what they answered and when. It appears on hover, focus and tap.
const card = document.getElementById("card");
const body = card.querySelector(".card-body");
const HOVER_MS = 120;
const LEAVE_MS = 250;
let owner = null;
let pinned = false;
let timer = null;

export function watchCard(main) {
  main.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse") hover(event.target.closest(".window")); });
  main.addEventListener("focusin", (event) => { if (event.target.matches(".window:focus-visible")) open(event.target); });
  main.addEventListener("focusout", (event) => { if (event.target === owner && !card.contains(event.relatedTarget)) leave(); });
  main.addEventListener("click", (event) => {
    const home = event.target.closest(".window");
    if (!home) return;
    event.preventDefault();
    if (home === owner && pinned) close();
    else { open(home); pinned = true; card.classList.add("pinned"); }
  });
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", () => hover(null));
  card.querySelector(".card-close").addEventListener("click", () => { const home = owner; close(); home.focus({ preventScroll: true }); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && owner) close(); });
  document.addEventListener("pointerdown", (event) => { if (owner && !card.contains(event.target) && !event.target.closest(".window")) close(); });
  addEventListener("resize", () => { if (owner) place(); });
}

export function refreshCard() {
  if (!owner) return;
  owner = document.getElementById(owner.id);
  if (owner) fill(); else close();
}

function hover(home) {
  if (pinned) return;
  clearTimeout(timer);
  if (home) timer = setTimeout(() => open(home), owner ? 0 : HOVER_MS);
  else if (owner) timer = setTimeout(leave, LEAVE_MS);
}

function leave() {
  if (!pinned && document.activeElement !== owner) close();
}

function open(home) {
  clearTimeout(timer);
  if (owner !== home) pinned = false;
  owner?.classList.remove("looked-at");
  owner = home;
  owner.classList.add("looked-at");
  fill();
  if (!card.matches(":popover-open")) card.showPopover();
  place();
}

function close() {
  clearTimeout(timer);
  owner?.classList.remove("looked-at");
  owner = null;
  pinned = false;
  card.classList.remove("pinned");
  if (card.matches(":popover-open")) card.hidePopover();
}

function fill() {
  body.replaceChildren(...owner.dataset.homes.split(" ").map((id) => person(document.getElementById(`home-${id}`))));
}

function person(row) {
  const told = document.createElement("div");
  told.className = "card-who";
  for (const name of ["person", "answer", "place", "at", "attempts", "case-state"]) {
    const cell = row.querySelector(`.${name}`);
    if (!cell.textContent.trim()) continue;
    const line = document.createElement("div");
    line.className = `card-${name}`;
    if (cell.dataset.label) line.dataset.label = cell.dataset.label;
    line.append(...[...cell.cloneNode(true).childNodes]);
    told.append(line);
  }
  return told;
}

function place() {
  if (matchMedia("(max-width: 40rem)").matches) { card.style.inset = ""; return; }
  const home = owner.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.min(Math.max(8, home.left + home.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = home.top - height - 10;
  card.style.inset = `${above > 8 ? above : home.bottom + 10}px auto auto ${left}px`;
}

addEventListener("scroll", () => { if (owner) place(); }, { passive: true });
