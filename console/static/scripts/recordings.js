// Records a sentence with the browser's microphone and keeps it as if it had been uploaded.
import { showAppearance } from "./appearance.js";

let recorder = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest(".record");
  if (!button) return;
  if (recorder) recorder.stop();
  else record(button);
});

async function record(button) {
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    button.textContent = button.dataset.refused;
    return;
  }
  const pieces = [];
  recorder = new MediaRecorder(microphone);
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.onstop = () => {
    for (const track of microphone.getTracks()) track.stop();
    keep(button, new Blob(pieces, { type: recorder.mimeType }));
    recorder = null;
  };
  recorder.start();
  button.dataset.on = "yes";
  button.textContent = button.dataset.stop;
}

function keep(button, sound) {
  const form = button.closest("form");
  const files = new DataTransfer();
  files.items.add(new File([sound], "recording.webm", { type: sound.type }));
  form.querySelector("input[type=file]").files = files.files;
  form.requestSubmit();
}

showAppearance();
