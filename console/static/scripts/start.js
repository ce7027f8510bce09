// The first start: while one's own telephone is being rung, the step tells how that goes; without this script a link does.
import { showAppearance } from "./appearance.js";

const WAIT_MS = 2000;

showAppearance();
follow();

function follow() {
  if (document.querySelector("[data-under-way]")) setTimeout(look, WAIT_MS);
}

async function look() {
  try {
    const answer = await fetch("/start");
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // it is asked again
  }
  follow();
}

// What somebody is typing stays as it is.
function show(news) {
  for (const id of ["step-call", "step-campaign"]) {
    const [old, now] = [document.getElementById(id), news.getElementById(id)];
    if (now && !old.contains(document.activeElement)) old.replaceWith(document.importNode(now, true));
  }
}
