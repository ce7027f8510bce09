// A responder's page: what is pressed is sent when it can be, and what is shown stays true.
import { isWaiting, sendForms } from "./outbox.js";
import { keepTrue } from "./refresh.js";

sendForms();
keepTrue(isWaiting);
