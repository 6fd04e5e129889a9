// Telling the page that something was committed, whoever did it: its parts then ask for themselves anew.
"use strict";

const RETRY = 3000;

// A browser reconnects by itself unless it was answered with an error, as by a server that is just starting.
function follow(address) {
  const stream = new EventSource(address);
  stream.addEventListener("changed", () => document.body.dispatchEvent(new CustomEvent("changed")));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, RETRY, address);
  });
}

const watched = document.querySelector("[data-live]");
if (watched) follow(watched.dataset.live);
