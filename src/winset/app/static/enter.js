// Whoever followed a link to a package goes on to that package: servers never see what stands after the #.

const to = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=to]"));
if (to && location.hash) to.value += location.hash;
export {};
