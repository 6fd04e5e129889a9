// The page for staff: what a hand does that htmx does not.
"use strict";

document.addEventListener("change", (event) => {
  if (event.target.dataset.go) location.assign(event.target.dataset.go + event.target.value);
});

// Whoever asked may have been drawn anew meanwhile, so the event itself may come from nowhere in the page.
document.addEventListener("htmx:after:request", ({ detail }) => {
  const asker = detail.ctx.sourceElement;
  if (asker.matches("#answer")) asker.querySelector("textarea").value = "";
  if (asker.matches(".link")) showPanel();
});

document.addEventListener("htmx:response:error", ({ detail }) => showProblem(detail.ctx.response.status, detail.ctx.text));

// A refusal comes as a notice in words. This is what nobody foresaw, or what stands in front of us said.
function showProblem(status, text) {
  const { title, detail } = text.startsWith("{") ? JSON.parse(text) : { title: status, detail: "" };
  const told = document.createElement("div");
  told.className = "bad";
  told.append(Object.assign(document.createElement("b"), { textContent: title }), " ", detail);
  document.getElementById("notice").replaceChildren(told);
}

async function openAppointment(element, id) {
  await htmx.ajax("GET", `${element.dataset.open}/${id}`, { target: "#panel", swap: "innerHTML" });
  showPanel();
}

// On a phone the panel is below the calendar, and who uses the keyboard is still at what they chose.
function showPanel() {
  const panel = document.getElementById("panel");
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

// The list below the calendar turns its page along with it.
function turnList(info) {
  const shown = document.getElementById("day");
  const day = localTime(info.start).slice(0, 10);
  if (!info.view.type.endsWith("Day") || shown.value === day) return;
  shown.value = day;
  document.body.dispatchEvent(new CustomEvent("turned"));
}

// A talk begins at its end, and stays there as it goes on.
function followTalk(talk) {
  let shown = 0;
  const look = () => {
    const lines = talk.querySelectorAll("#lines li");
    if (lines.length !== shown) lines[lines.length - 1]?.parentElement.scrollTo(0, 1e6);
    shown = lines.length;
  };
  new MutationObserver(look).observe(talk, { childList: true, subtree: true });
  look();
}

// A drag asks first: the calendar only shows what was agreed to, and the notice says what stood in the way.
async function moveAppointment(element, info) {
  const { version } = info.event.extendedProps;
  const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-Form-Token"];
  const answer = await fetch(`${element.dataset.open}/${info.event.id}/move`, {
    method: "POST",
    headers: { "X-Form-Token": token, "HX-Request": "true" },
    body: new URLSearchParams({ start: localTime(info.event.start), version }),
  });
  const notice = document.getElementById("notice");
  if (answer.ok) notice.innerHTML = await answer.text();
  else showProblem(answer.status, await answer.text());
  if (!notice.querySelector(".good")) info.revert();
  document.body.dispatchEvent(new CustomEvent("changed"));
}

window.calendarActions = (element) => ({
  eventClick: (info) => info.event.display !== "background" && openAppointment(element, info.event.id),
  eventDrop: (info) => moveAppointment(element, info),
  eventDragMinDistance: 5,
  datesSet: turnList,
});

for (const talk of document.querySelectorAll("#talk")) followTalk(talk);

const wanted = location.hash.match(/^#appointment-(\d+)$/);
if (wanted && document.getElementById("calendar")) openAppointment(document.getElementById("calendar"), wanted[1]);
