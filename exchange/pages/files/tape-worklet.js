// Passes what the microphone hears on to the page, block by block.
registerProcessor("tape", class extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) this.port.postMessage(input[0].slice());
    return true;
  }
});
