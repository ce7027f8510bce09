// Passkeys: what the service asks is handed to the browser, and what the browser's device has signed to the service.
for (const place of document.querySelectorAll("[data-passkeys-at]")) {
  const here = location.origin === place.dataset.passkeysAt && Boolean(window.PublicKeyCredential);
  for (const each of place.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== (here ? "here" : "elsewhere");
  place.hidden = !here && place.dataset.or === "nothing";
  if (here) place.querySelector("form[data-to]").addEventListener("submit", (event) => { event.preventDefault(); answer(place, event.target); });
}

async function answer(place, form) {
  const button = form.querySelector("button");
  const told = place.querySelector("[role=alert]");
  told.hidden = true;
  button.disabled = true;
  try {
    const asked = await send(`${form.dataset.to}/options`, new URLSearchParams(new FormData(form)));
    const credential = await (form.dataset.adds ? made(asked) : shown(asked));
    const { name, then } = form.elements;
    const { to } = await send(form.dataset.to, JSON.stringify({ credential, name: name?.value, then: then?.value }));
    location.assign(to);
  } catch (trouble) {
    told.querySelector("p").textContent = trouble.told ?? (trouble.name === "InvalidStateError" ? told.dataset.known : told.dataset.cancelled);
    told.hidden = false;
    button.disabled = false;
  }
}

async function send(address, body) {
  const type = typeof body === "string" ? "application/json" : "application/x-www-form-urlencoded";
  const headers = { Accept: "application/json", "Content-Type": type };
  const reply = await fetch(`${address}?language=${document.body.dataset.language}`, { method: "POST", body, headers });
  const read = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(reply.statusText), { told: read.detail });
  return read;
}

async function made(asked) {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const excludeCredentials = asked.excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) }));
  const publicKey = { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials };
  return written(await navigator.credentials.create({ publicKey }), ["clientDataJSON", "attestationObject"]);
}

async function shown(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] };
  const pieces = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  return written(await navigator.credentials.get({ publicKey }), pieces);
}

// As PublicKeyCredential.toJSON writes it, which browsers have only had for a short time.
function written(credential, pieces) {
  const response = Object.fromEntries(pieces.map((each) => [each, text(credential.response[each])]));
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
}

function text(buffer) {
  if (!buffer) return null;
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
