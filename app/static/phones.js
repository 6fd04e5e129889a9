// The phones: what a hand does that htmx does not.
"use strict";

const EXTENDED = "^{}\\[~]|€";

function countSegments(field) {
  const septets = [...field.value].reduce((sum, letter) => sum + (EXTENDED.includes(letter) ? 2 : 1), 0);
  const count = septets <= 160 ? 1 : Math.ceil(septets / 153);
  const left = (count === 1 ? 160 : count * 153) - septets;
  const shown = field.form.querySelector("output");
  shown.value = field.value ? field.dataset.segments.replace("{left}", left).replace("{count}", count) : "";
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches(".composer textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-segments]")) countSegments(event.target);
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches(".composer")) {
    event.target.reset();
    event.target.querySelector("textarea").focus();
    if (event.target.querySelector("output")) event.target.querySelector("output").value = "";
  }
});

// Whoever asked may have been drawn anew meanwhile, so the event itself may come from nowhere in the page.
document.addEventListener("htmx:after:request", ({ detail }) => {
  const asker = detail.ctx.sourceElement;
  asker.closest(".more")?.removeAttribute("open");
  if (asker.closest("[data-refresh]")) document.body.dispatchEvent(new CustomEvent("changed"));
});

for (const screen of document.querySelectorAll(".screen")) {
  let shown = 0;
  new MutationObserver(() => {
    const count = screen.querySelectorAll(".bubble").length;
    if (count !== shown) screen.scrollTop = screen.scrollHeight;
    shown = count;
  }).observe(screen, { childList: true, subtree: true });
}
