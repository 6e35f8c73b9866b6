// Parts of a page that take a while: each is shown when it is there, one after the other.

for (const place of document.querySelectorAll("[data-part]")) {
  const answer = await fetch(/** @type {HTMLElement} */ (place).dataset.part ?? "");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...(page.querySelector("main") ?? page.body).childNodes);
}
export {}; // a module: it waits
