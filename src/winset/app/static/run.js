// The panel, on every draw of the run.
import { start } from "/component/panel.js";

start(document);
