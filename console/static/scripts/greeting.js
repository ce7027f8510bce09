// The greeting is heard on the page where it is typed; without this script another page plays it.
import { morph } from "./morph.js";

const REFUSED = [409, 412, 422];
const player = new Audio();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hear]");
  if (!button || !button.form.reportValidity()) return;
  event.preventDefault();
  hear(button);
});

async function hear(button) {
  const unheard = button.form.querySelector("[data-unheard]");
  unheard.hidden = true;
  button.disabled = true;
  try {
    const body = new URLSearchParams(new FormData(button.form));
    const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.ok) await play(await answer.blob());
    else if (REFUSED.includes(answer.status)) explain(await answer.text());
    else unheard.hidden = false;
  } catch {
    unheard.hidden = false;
  }
  button.disabled = false;
}

async function play(sound) {
  URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(sound);
  await player.play();
}

// Why it cannot be said stands beside what was typed.
function explain(html) {
  const main = new DOMParser().parseFromString(html, "text/html").getElementById("main");
  morph(document.getElementById("main"), document.importNode(main, true));
}
