// Cards of a long list, as far as they hold the words that are typed.

const field = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
const none = document.getElementById("found-none");

/** Hide what does not hold every word. */
function show() {
  const words = (field?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".cards .card"))) {
    const text = (card.textContent ?? "").toLowerCase();
    card.hidden = !words.every((w) => text.includes(w));
    if (!card.hidden) left += 1;
  }
  if (none) none.hidden = left > 0;
}

field?.addEventListener("input", show);
show(); // a page that one comes back to keeps what was typed
