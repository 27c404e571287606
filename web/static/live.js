/* Says that something has changed since the page was made, and leaves it to the reader to see it: nothing is moved,
   nothing written is lost. Listens while the page is looked at, and no longer. */
"use strict";

const address = document.body.dataset.live;
let stream = null;
let isOld = false;

function listen() {
  if (stream !== null || isOld || document.visibilityState !== "visible") return;
  stream = new EventSource(address);
  stream.addEventListener("changed", () => {
    isOld = true;
    rest();
    const here = new URL(location.href);
    here.searchParams.delete("gjort"); // what was done then is not done again
    document.getElementById("nyt-vis").href = here;
    document.getElementById("nyt").classList.add("shown");
    document.getElementById("nyt-besked").hidden = false;
  });
}

function rest() {
  stream?.close();
  stream = null;
}

if (address) {
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : rest()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  listen();
}
