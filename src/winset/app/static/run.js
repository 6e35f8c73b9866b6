// The panel, on every draw of the run; and the package that is built in it, to be asked about.
import { start } from "/component/panel.js";

start(document);
const link = /** @type {HTMLAnchorElement} */ (document.getElementById("ask-built"));
const page = link.pathname;
link.addEventListener("click", () => {
  const [terms] = location.hash.replace(/^#build:/, "").split(";");
  if (location.hash.startsWith("#build:")) link.href = `${page}/build?built=${encodeURIComponent(terms)}`;
});
