// A page that stands still: only light and dark can be chosen.
import { showAppearance } from "./appearance.js";

showAppearance();
