// Plays the last words of the call one after the other, as the telephone would.
import { showAppearance } from "./appearance.js";

const button = document.getElementById("play");
const sounds = [...document.querySelectorAll("#now .said audio")];
let current = null;

function playFrom(index) {
  stop();
  if (index >= sounds.length) return;
  current = sounds[index];
  current.closest(".said").classList.add("sounding");
  current.onended = () => playFrom(index + 1);
  current.currentTime = 0;
  button.textContent = button.dataset.stop;
  current.play().catch(stop);
}

function stop() {
  if (current) {
    current.onended = null;
    current.pause();
    current.closest(".said").classList.remove("sounding");
  }
  current = null;
  button.textContent = button.dataset.play;
}

button.hidden = sounds.length === 0;
button.addEventListener("click", () => (current ? stop() : playFrom(0)));
showAppearance();
// A step that was taken by a press is heard at once.
if (new URLSearchParams(location.search).get("done")) playFrom(0);
