// What a person with poor eyes or without a mouse would stumble over on this page, as a list of sentences.
() => {
  const faults = [];
  const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const name = (element) => (element.getAttribute("aria-label") || element.innerText || element.labels?.[0]?.textContent || "").trim();
  for (const element of document.querySelectorAll("a, button, select, input, summary")) {
    if (seen(element) && !name(element)) faults.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  let level = 0;
  for (const heading of [...document.querySelectorAll("h1, h2, h3, h4")].filter((each) => seen(each) && !each.closest(".welcome"))) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`heading ${level} is followed by ${next}: ${heading.textContent}`);
    level = next;
  }
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.unshift(getComputedStyle(each).backgroundColor);
    return layers;
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !seen(element) || element.closest(".hidden, .skip, noscript, script, template, option")) continue;
    const style = getComputedStyle(element);
    const back = grounds(element);
    const [a, b] = [light(paint([...back, style.color])), light(paint(back))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${words.currentNode.data.trim().slice(0, 30)} (${element.className})`);
    if (parseFloat(style.fontSize) < 13) faults.push(`too small: ${words.currentNode.data.trim().slice(0, 30)}`);
  }
  if (parseFloat(getComputedStyle(document.body).fontSize) < 17) faults.push("the text of the page is too small");
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  if (new Set(ids).size !== ids.length) faults.push("an id appears twice");
  return faults;
}
