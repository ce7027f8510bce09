// Light or dark.
const dark = matchMedia("(prefers-color-scheme: dark)");

export function showAppearance() {
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => { choose(isDark() ? "light" : "dark"); label(button); });
  dark.addEventListener("change", () => label(button));
  label(button);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

function label(button) {
  button.textContent = isDark() ? button.dataset.light : button.dataset.dark;
}
