// The welcome of the demo: four steps that tick themselves off when they have really happened.
const section = document.getElementById("welcome");
const CLOSED = "welcome-closed";
const reached = { 1: false, 2: false, 3: false, 4: false };
let resident = null;

export function welcome() {
  if (!section) return;
  section.hidden = localStorage.getItem(CLOSED) === "yes";
  if (section.hidden) return;
  follow();
  for (const step of section.querySelectorAll("[data-step]")) tick(step);
}

// The newcomer's resident stays the same until somebody else's answer has come from there.
function follow() {
  const row = resident && document.getElementById(`home-${resident}`);
  if (!row || (!reached[1] && !["waiting", "calling", "resting", "talking", "unwell"].includes(row.dataset.sign) && section.dataset.opened !== resident)) choose();
  if (!resident) return;
  const sign = document.getElementById(`home-${resident}`).dataset.sign;
  const its = document.querySelector(`[data-resident="${resident}"]`);
  reached[1] = reached[2] = reached[2] || (sign === "unwell" && Boolean(its));
  reached[3] = reached[4] = reached[4] || (Boolean(its) && its.dataset.state !== "open");
  const ringing = its?.querySelector(".rung a.telephone");
  const responder = section.querySelector("[data-go=responder]");
  if (ringing && responder) responder.href = ringing.href;
}

function choose() {
  const rows = [...document.querySelectorAll("#everyone-rows tr")];
  const row = ["waiting", "calling", "resting", "well"].map((sign) => rows.find((each) => each.dataset.sign === sign)).find(Boolean);
  resident = row ? row.id.replace("home-", "") : null;
  if (!row) return;
  section.querySelector("[data-name]").textContent = row.querySelector(".person").firstChild.textContent.trim();
  const link = section.querySelector("[data-go=resident]");
  if (link) link.href = row.querySelector("a.telephone").href;
}

function tick(step) {
  const done = reached[step.dataset.step];
  step.classList.toggle("done", done);
  step.classList.toggle("next", !done && [1, 2, 3, 4].find((each) => !reached[each]) === Number(step.dataset.step));
}

section?.querySelector("#welcome-close").addEventListener("click", () => {
  localStorage.setItem(CLOSED, "yes");
  section.hidden = true;
});
section?.querySelector("[data-go=resident]")?.addEventListener("click", () => { section.dataset.opened = resident; });
