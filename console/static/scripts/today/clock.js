// The clocks of the page count in community time, which may run faster than ours.
const skew = Date.parse(document.body.dataset.realNow) - Date.now();
const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: document.body.dataset.zone });

function communityNow() {
  const anchor = document.getElementById("headline").dataset;
  return Date.parse(anchor.clock) + (Date.now() + skew - Date.parse(anchor.real)) * Number(anchor.speed);
}

export function runClocks() {
  const now = communityNow();
  write(document.getElementById("clock"), hours.format(now));
  for (const clock of document.querySelectorAll("time.running")) write(clock, duration(now - Date.parse(clock.dataset.since)));
}

function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part) => String(part).padStart(2, "0")).join(":");
}

function write(element, text) {
  if (element.firstChild?.data !== text) element.textContent = text;
}
