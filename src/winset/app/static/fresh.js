// Parts of the page as the server has them now: what one is typing stays where it is.

/** Put parts of the page, by their ids, as they stand on the server. @param {string[]} ids */
export async function renew(...ids) {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const now = document.getElementById(id), then = page.getElementById(id);
    if (now && then) now.replaceChildren(...then.childNodes);
  }
}
