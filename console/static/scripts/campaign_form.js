// Whom and when the form means is looked up again while it is filled in; what came later than it was asked for is left out.
import { showAppearance } from "./appearance.js";

const PAUSE_MS = 350;
const form = document.getElementById("builder");
const shown = document.getElementById("preview");
let planned = null;
let turn = 0;

async function look() {
  const mine = ++turn;
  try {
    const answer = await fetch(`/campaigns/preview?language=${document.body.dataset.language}`, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Parts": "true" }, cache: "no-store",
    });
    if (answer.status === 401) { location.reload(); return; }
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    if (mine === turn) shown.innerHTML = html;
  } catch {
    if (mine === turn) shown.textContent = shown.dataset.lost;
  }
}

function soon() {
  clearTimeout(planned);
  planned = setTimeout(look, PAUSE_MS);
}

showAppearance();
document.getElementById("look").hidden = true;
form.addEventListener("input", soon);
