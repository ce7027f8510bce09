import { have } from "./parts.js";

// Sends the forms of the cases without leaving the page; what has become of it is shown where it happens.
export function sendForms(main, show, trouble) {
  main.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    event.preventDefault();
    send(event.target, show, trouble);
  });
}

async function send(form, show, trouble) {
  const button = form.querySelector("button");
  const body = new URLSearchParams(new FormData(form));
  const about = form.closest(".case");
  body.append("have", have());
  const focused = form.contains(document.activeElement);
  button.disabled = true;
  try {
    const language = document.body.dataset.language;
    const answer = await fetch(`${new URL(form.action).pathname}?language=${language}`, { method: "POST", body, headers: { "X-Parts": "true" } });
    if (!answer.headers.get("Content-Type").startsWith("text/html")) throw new Error(answer.statusText);
    show(await answer.text());
  } catch {
    trouble();
  }
  button.disabled = false;
  if (focused && !form.isConnected) (about.isConnected ? about : document.getElementById("cases-title")).focus();
}
