/* Draws the pictures of numbers anew with Apache ECharts, where it is installed; what the server has drawn stays where
   it is not. Colours are those of the page's own key, by day and by night; a table beside each picture has the numbers. */
const still = matchMedia("(prefers-reduced-motion: reduce)");
const night = matchMedia("(prefers-color-scheme: dark)");
const line = (rotation, dash = [2, 4]) => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: dash, rotation });
const dots = { symbol: "circle", symbolSize: 0.5, dashArrayX: [[6, 0]], dashArrayY: [6, 0] };
const weaves = {
  needs_supplies: dots, wants_person: line(0), no_key: line(Math.PI / 4), hung_up: line(Math.PI / 2),
  not_reached: line(-Math.PI / 4), not_asked: dots, waiting: line(0), before: line(Math.PI / 4),
};

const told = (figure) => JSON.parse(figure.dataset.chart);

function looks(figure, mark) {
  const drawn = figure.querySelector(`.key .${mark}`);
  return { ground: resolved(drawn, "--glass"), ink: resolved(drawn, "--on-glass") };
}

/* What a token comes to here, as a colour that a canvas understands. */
function resolved(element, token) {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  element.closest("li").append(probe);
  probe.className = element.getAttribute("class");
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function page() {
  const style = getComputedStyle(document.querySelector(".chart figcaption, .chart .key"));
  const axis = document.createElement("i");
  axis.style.color = "var(--line-strong)";
  document.body.append(axis);
  const found = { ink: style.color, family: style.fontFamily, axis: getComputedStyle(axis).color };
  axis.remove();
  return found;
}

function series(figure, shape, each) {
  const { ground, ink } = looks(figure, each.mark);
  const weave = weaves[each.mark];
  const common = { name: each.name, data: each.values };
  if (shape === "lines") {
    return { ...common, type: "line", symbolSize: 6, itemStyle: { color: ground }, lineStyle: { color: ground, width: 2.5, type: each.mark === "calls" ? "dashed" : "solid" } };
  }
  const itemStyle = { color: ground, decal: weave ? { ...weave, color: ink } : { symbol: "none" }, borderColor: page().axis, borderWidth: 0.5 };
  const bar = { ...common, type: "bar", itemStyle };
  if (shape === "stack") return { ...bar, stack: "all", barCategoryGap: "25%" };
  return { ...bar, barGap: "0%", label: { show: true, position: "right", color: page().ink, fontFamily: page().family } };
}

function options(figure) {
  const { shape, labels, series: all, top } = told(figure);
  const { ink, family, axis } = page();
  const words = { color: ink, fontFamily: family, fontSize: 14 };
  const names = { type: "category", data: labels, axisLabel: words, axisTick: { show: false }, axisLine: { lineStyle: { color: axis } } };
  const numbers = { type: "value", max: top, minInterval: 1, axisLabel: words, splitLine: { lineStyle: { color: axis, opacity: 0.35 } } };
  const lies = shape === "rows";
  return {
    animation: !still.matches, animationDuration: 400, textStyle: { fontFamily: family },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    grid: { left: 4, right: lies ? 40 : 8, top: 12, bottom: 4, containLabel: true },
    xAxis: lies ? { ...numbers, axisLabel: { show: false }, splitLine: { show: false } } : names,
    yAxis: lies ? { ...names, inverse: true, axisLabel: { ...words, width: figure.clientWidth < 500 ? 110 : 220, overflow: "break" } } : numbers,
    series: all.map((each) => series(figure, shape, each)),
  };
}

function draw(figure) {
  const box = figure.querySelector(".picture");
  const { shape, labels } = told(figure);
  const drawn = box.querySelector(".drawn");
  const height = shape === "rows" ? 48 * labels.length + 24 : 288;
  box.style.height = `${height}px`;
  drawn?.remove();
  const picture = window.echarts.init(box, null, { renderer: "canvas", height });
  box.setAttribute("aria-hidden", "true");
  picture.setOption(options(figure));
  new ResizeObserver(() => picture.resize()).observe(box);
  return () => picture.setOption(options(figure));
}

const figures = [...document.querySelectorAll(".chart[data-chart]")];
if (window.echarts && figures.length) {
  const again = figures.map(draw);
  const all = () => again.forEach((each) => each());
  new MutationObserver(all).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  night.addEventListener("change", all);
}
