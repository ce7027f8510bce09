// The words of the page in its language.
const words = JSON.parse(document.getElementById("words").textContent);

/** What is said under a name, with what stands in braces filled in; the name itself where nothing is said. */
export function say(name, filling = {}) {
  return Object.entries(filling).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), words[name] ?? name);
}

/** Whether something is said under a name. */
export const known = (name) => name in words;

/** A telephone number in groups that can be read; +86 stands apart. */
export function readable(number) {
  const [, country, rest] = /^(\+86)?(.*)$/.exec(number);
  if (!country) return number;
  return [country, ...(rest.match(/\d{1,4}(?=(?:\d{4})*$)/g) ?? [])].join(" ");
}

/** How fast people live now, in words, on a chip. */
export function showTempo(chip, speed) {
  chip.textContent = speed === 1 ? say("real_speed") : say("speed", { n: speed });
  chip.classList.toggle("fast", speed !== 1);
}
