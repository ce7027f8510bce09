// The page of today: kept fresh, with a card for each home, forms that do not leave the page, and running clocks.
import { watchCard, refreshCard } from "./card.js";
import { showAppearance } from "../appearance.js";
import { runClocks } from "./clock.js";
import { sendForms } from "../forms.js";
import { live, overtake } from "./live.js";
import { watchFolds } from "./folds.js";
import { merge } from "../parts.js";
import { welcome } from "./welcome.js";

const main = document.getElementById("today");

function show(html) {
  tell(merge(html));
  refreshCard();
  runClocks();
  welcome();
}

function tell(notice) {
  if (notice) say(notice.textContent);
}

function say(text) {
  document.getElementById("told-text").textContent = text;
  document.getElementById("told").hidden = false;
}

document.getElementById("told-close").addEventListener("click", () => { document.getElementById("told").hidden = true; });
showAppearance();
watchCard(main);
watchFolds(main);
sendForms(main, (html) => { overtake(); show(html); }, () => say(document.getElementById("trouble").content.textContent));
live(show);
runClocks();
welcome();
setInterval(runClocks, 250);
