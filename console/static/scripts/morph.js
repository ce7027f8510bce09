// Makes one tree like another and touches only what differs, so that focus, open cards and typed words stay.
export function morph(old, fresh) {
  copyAttributes(old, fresh);
  if (old.dataset.region) return; // its children are parts, and come by themselves
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const match = wanted.id ? known.get(wanted.id) : sameKind(place, wanted) ? place : null;
    if (!match) {
      old.insertBefore(wanted, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    if (match.nodeType === Node.ELEMENT_NODE) { if (!match.isEqualNode(wanted)) morph(match, wanted); }
    else if (match.data !== wanted.data) match.data = wanted.data;
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

function sameKind(old, wanted) {
  return old && !old.id && old.nodeName === wanted.nodeName;
}

// Whether a fold is open, and what a running clock shows, belong to whoever looks at the page.
function copyAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}
