// The calendar: drawn once from the data of its element, then fetched anew whenever something changed.
"use strict";

const LOCALES = { de: "de-DE", en: "en-GB" };

// Without offset: the calendar shows the workshop's clock, wherever it is looked at.
function localTime(date) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:00`;
}

function part(name, text = "") {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function openCalendar(element) {
  const words = JSON.parse(element.dataset.words);
  const workshop = document.getElementById("workshop");
  const source = () => `${element.dataset.source}/${workshop.value}`;
  const localNow = element.dataset.now.slice(0, 19);
  const locale = LOCALES[document.documentElement.lang];
  const known = new Map();

  const titleFormat = (start, end) => {
    const oneDay = start.toDateString() === end.toDateString();
    const shape = oneDay ? { weekday: "long", day: "numeric", month: "long" } : { day: "numeric", month: "short", year: "numeric" };
    return new Intl.DateTimeFormat(locale, shape).formatRange(start, end);
  };

  const dressed = (event) => {
    const { customer, plate, status, version } = event.extendedProps;
    const time = event.start.toTimeString().slice(0, 5);
    const fresh = known.size > 0 && known.get(event.id) !== version;
    known.set(event.id, version);
    event.fresh = fresh;
    const what = part("what");
    what.append(part("time", time), " ", event.title);
    const who = [status === "reserved" ? words.held : customer, plate].filter(Boolean);
    return { domNodes: [what, ...who.map((words) => part("who", words))] };
  };

  const calendar = EventCalendar.create(element, {
    view: element.dataset.view,
    date: localNow.slice(0, 10),
    locale,
    firstDay: 1,
    columnWidth: matchMedia("(max-width: 46rem)").matches ? "6.5rem" : undefined,
    titleFormat,
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    height: element.dataset.height || "34rem",
    slotMinTime: "07:00:00",
    slotMaxTime: "19:00:00",
    slotDuration: "00:30:00",
    slotHeight: 30,
    allDaySlot: false,
    nowIndicator: false,
    scrollTime: "07:00:00",
    editable: element.dataset.move !== undefined,
    eventDurationEditable: false,
    eventStartEditable: element.dataset.move !== undefined,
    headerToolbar: { start: "prev,today,next", center: "title", end: element.dataset.views || "" },
    buttonText: (texts) => ({ ...texts, ...words }),
    resources: [],
    eventSources: [{ events: fetchEvents }],
    eventContent: (info) => (info.event.display === "background" ? info.event.title : dressed(info.event)),
    eventDidMount: (info) => {
      if (info.event.fresh) info.el.classList.add("is-new");
      const told = [...info.el.querySelectorAll(".what, .who")].map((part) => part.textContent);
      info.el.setAttribute("aria-label", told.join(", ") || info.el.textContent);
    },
    ...(window.calendarActions ? window.calendarActions(element) : {}),
  });

  async function fetchEvents(info) {
    const answer = await fetch(`${source()}/events?start=${localTime(info.start)}&end=${localTime(info.end)}`);
    return answer.ok ? answer.json() : calendar.getEvents();
  }

  async function fetchColumns() {
    const answer = await fetch(`${source()}/resources`);
    if (answer.ok) calendar.setOption("resources", await answer.json());
  }

  async function follow() {
    const answer = await fetch(element.dataset.follow);
    const focus = answer.ok ? await answer.json() : {};
    const mark = `${focus.appointment}:${focus.version}`;
    if (!focus.appointment || mark === element.dataset.followed) return;
    element.dataset.followed = mark;
    if (workshop.value !== String(focus.workshop)) {
      workshop.value = String(focus.workshop);
      await fetchColumns();
    }
    calendar.setOption("date", focus.day);
  }

  workshop.addEventListener("change", async () => {
    known.clear();
    await fetchColumns();
    calendar.refetchEvents();
  });
  document.body.addEventListener("changed", async () => {
    if (document.querySelector(".ec-dragging")) return; // Its end says "changed" too.
    if (element.dataset.follow) await follow();
    calendar.refetchEvents();
  });
  fetchColumns();
  return calendar;
}

for (const element of document.querySelectorAll("#calendar")) openCalendar(element);
