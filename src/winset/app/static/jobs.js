// How far fits are; the page is loaded again when one ends.

/** @param {HTMLElement} place */
async function watch(place) {
  const answer = await fetch(`/jobs/${place.dataset.job}`, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const job = await answer.json();
  if (!job.live) {
    location.reload();
    return;
  }
  const said = place.querySelector(".said");
  if (said) said.textContent = job.state === "queued" ? "waiting for the fit before it" : `${job.said || "starting"} (${Math.round(job.seconds)} s so far)`;
  setTimeout(() => watch(place), 1000);
}

document.querySelectorAll("[data-job]").forEach((place) => watch(/** @type {HTMLElement} */ (place)));
