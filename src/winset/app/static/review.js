// Keys of the screen on which statements are read: as on the terminal's.
addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || at.matches("input:not([type=radio]), select, textarea")) return;
  const number = "012345".indexOf(event.key);
  /** @type {NodeListOf<HTMLInputElement>} */
  const stances = document.querySelectorAll("input[name=stance]");
  if (number >= 0 && stances.length) {
    stances[(number + stances.length - 1) % stances.length].checked = true;
    return;
  }
  const named = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(event.key)}"]`));
  if (!named) return;
  event.preventDefault();
  named.click();
});
