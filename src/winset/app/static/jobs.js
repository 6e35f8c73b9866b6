// How far fits are; their answers are shown when they end, and nothing else on the page is touched.
import { renew } from "./fresh.js";

/** @param {HTMLElement} place */
async function watch(place) {
  const answer = await fetch(`/jobs/${place.dataset.job}`, { headers: { accept: "application/json" } }).catch(() => null);
  if (!place.isConnected || (answer && !answer.ok)) return;
  const job = await answer?.json();
  if (job && !job.live) {
    if (document.getElementById("answers")) await renew("answers").then(() => setTimeout(watchAll, 1000));
    else location.reload();
    return;
  }
  const said = place.querySelector(".said");
  if (said && job) said.textContent = job.state === "queued" ? "waiting for the fit before it" : `${(job.said || "starting").replace(/^\[[^\]]*\] */, "")} (${Math.round(job.seconds)} s so far)`;
  setTimeout(() => watch(place), 1000);
}

function watchAll() {
  document.querySelectorAll("[data-job]").forEach((place) => watch(/** @type {HTMLElement} */ (place)));
}

watchAll();
