// The panel, on every draw of the run; and the package that is built in it, to be asked about.
import { start } from "/component/panel.js";

start(document);
const link = /** @type {HTMLAnchorElement} */ (document.getElementById("ask-built"));
const page = link.pathname;
link.addEventListener("click", () => {
  const [terms, , words = ""] = location.hash.replace(/^#build:/, "").split(";");
  if (!location.hash.startsWith("#build:")) return;
  const asked = new URLSearchParams({ built: terms });
  for (const said of words.split(",").filter(Boolean)) {
    const at = said.lastIndexOf(":");
    asked.set(`says.${decodeURIComponent(said.slice(0, at))}`, said.slice(at + 1));
  }
  link.href = `${page}/build?${asked}`;
});
