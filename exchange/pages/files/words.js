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

/** What a script does with its first calls, in words; what it repeats is said once. */
export function habits(script) {
  if (script.refuse) return say("script_refuse");
  const each = script.habits.map(habit);
  return each.filter((words, place) => words !== each[place - 1]).slice(0, 3).join(say("then"));
}

function habit({ pick, keys }) {
  return pick === "answer" && keys ? say("script_press", { keys: [...keys].join(" ") }) : say(`script_${pick}`);
}

/** How fast people live now, in words, on a chip. */
export function showTempo(chip, speed) {
  chip.textContent = speed === 1 ? say("real_speed") : say("speed", { n: speed });
  chip.classList.toggle("fast", speed !== 1);
}
