// The page for staff: what a hand does that htmx does not.
"use strict";

document.addEventListener("change", (event) => {
  if (event.target.dataset.go) location.assign(event.target.dataset.go + event.target.value);
});

document.addEventListener("htmx:after:request", (event) => {
  if (event.target.matches("#answer")) event.target.querySelector("textarea").value = "";
});

function openAppointment(element, id) {
  htmx.ajax("GET", `${element.dataset.open}/${id}`, { target: "#panel", swap: "innerHTML" });
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
  notice.innerHTML = await answer.text();
  if (!notice.querySelector(".good")) info.revert();
  document.body.dispatchEvent(new CustomEvent("changed"));
}

window.calendarActions = (element) => ({
  eventClick: (info) => info.event.display !== "background" && openAppointment(element, info.event.id),
  eventDrop: (info) => moveAppointment(element, info),
  eventDragMinDistance: 5,
});

const wanted = location.hash.match(/^#appointment-(\d+)$/);
if (wanted && document.getElementById("calendar")) openAppointment(document.getElementById("calendar"), wanted[1]);
