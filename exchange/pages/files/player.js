// What is heard in a call: the very files the service plays, and what the exchange's own voice says.
const sound = document.getElementById("sound");
let loops = 1;

sound.addEventListener("ended", () => {
  loops -= 1;
  if (loops > 0) begin(0);
});

/** Plays a file as often as it is asked for, from where it would be by now. */
export function play({ url, loop, seconds, offset }) {
  const each = seconds / loop;
  loops = loop - Math.floor(offset / each);
  sound.src = url;
  begin(offset % each);
}

/** Speaks, where the browser can; what was being said before is said to its end first. */
export function speak({ text, language }) {
  if (!("speechSynthesis" in window)) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language?.replace("cmn", "zh") ?? (/[\u2e80-\uffff]/.test(text) ? "zh-CN" : "en");
  speechSynthesis.speak(utterance);
}

/** Is quiet at once. */
export function quiet() {
  loops = 0;
  sound.pause();
  sound.removeAttribute("src");
  window.speechSynthesis?.cancel();
}

function begin(at) {
  sound.currentTime = at;
  sound.play().catch((refusal) => {
    if (refusal.name === "NotAllowedError") document.addEventListener("pointerdown", () => sound.play(), { once: true });
  });
}
