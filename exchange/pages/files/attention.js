// Makes ringing noticed in a background tab: title, icon and, if allowed, a notification.
import { say } from "./words.js";

const icon = document.getElementById("favicon");
const button = document.getElementById("notify");
const title = document.title;
let blinking = null;
let notification = null;

/** Offers notifications once, where they can still be allowed. */
export function offer() {
  button.hidden = !("Notification" in window) || Notification.permission !== "default";
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.hidden = true;
  });
}

/** Calls for attention while it rings; `who` owns the telephone. */
export function attract(who) {
  calm();
  const blink = () => { document.title = document.title === title ? `${say("ringing_title")} · ${who}` : title; };
  blink();
  blinking = setInterval(blink, 1000);
  icon.href = "/assets/icon-ringing.svg";
  if (document.hidden && "Notification" in window && Notification.permission === "granted") notify(who);
}

/** It rings no more. */
export function calm() {
  clearInterval(blinking);
  document.title = title;
  icon.href = "/assets/icon.svg";
  notification?.close();
  notification = null;
}

function notify(who) {
  notification = new Notification(`☎ ${who}`, { body: say("notify_body"), icon: "/assets/icon-ringing.svg", tag: location.pathname });
  notification.onclick = () => { window.focus(); notification?.close(); };
}
