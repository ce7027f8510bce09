// What is folded is fetched when it is opened, kept fresh while it is open, and taken away when it is closed.
const links = new WeakMap();

export function watchFolds(main) {
  main.addEventListener("toggle", (event) => { if (event.target.matches?.(".fold")) turn(event.target); }, true);
  addEventListener("hashchange", aim);
  aim();
}

function turn(fold) {
  const inside = fold.querySelector("[data-region]");
  if (fold.open) fill(fold, inside);
  else if (links.has(inside)) inside.replaceChildren(links.get(inside));
}

async function fill(fold, inside) {
  if (!links.has(inside)) links.set(inside, inside.firstElementChild);
  try {
    const answer = await fetch(`${fold.dataset.source}?language=${document.body.dataset.language}`, { headers: { "X-Parts": "true" } });
    if (!answer.ok || !fold.open) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    inside.replaceChildren(fresh.content);
  } catch {
    // The link stands there still.
  }
}

// Whoever follows a link to a case finds it open.
function aim() {
  const wanted = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = wanted && wanted.querySelector(".fold");
  if (fold) fold.open = true;
}
