// A relative's page: light and dark can be chosen, and what is shown stays true.
import { showAppearance } from "../appearance.js";
import { keepTrue } from "./refresh.js";

showAppearance();
keepTrue();
