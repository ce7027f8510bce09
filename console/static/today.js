// Keeps the list of today fresh: whenever something has happened it is fetched again, at most twice a second.
const list = document.getElementById("today");
const WAIT_MS = 500;
let waiting = false;

async function refresh() {
  const answer = await fetch(`/today/list?language=${list.dataset.language}`);
  if (answer.ok) list.innerHTML = await answer.text();
}

function soon() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => { waiting = false; refresh(); }, WAIT_MS);
}

const events = new EventSource("/events");
events.onmessage = soon;
events.onopen = soon;
