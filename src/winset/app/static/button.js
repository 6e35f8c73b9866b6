// A button that does something.

/** @param {string} text @param {() => void} act @param {string} [label] what it is called where its text does not say */
export function button(text, act, label = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}
