// Light or dark as it was chosen on this machine, before anything is painted; otherwise as the system wishes.
const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
document.documentElement.classList.add("scripted");
