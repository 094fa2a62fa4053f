// What the page and the editor have in common: what a browser remembers, moments, asking, looks, live news.

export const words = JSON.parse(document.body.dataset.words);
export const byId = (id) => document.getElementById(id);
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// --- what is remembered in this browser -------------------------------------------------------------

export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`briefbot.${name}`)) ?? otherwise;
  } catch {
    return otherwise; // storage is switched off, or holds what another version wrote
  }
}

// Returns whether it is remembered; storage may be switched off or full.
export function remember(name, value) {
  try {
    localStorage.setItem(`briefbot.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

// --- moments in the reader's zone -------------------------------------------------------------------

const styles = {
  date: { dateStyle: "long" },
  time: { timeStyle: "short" },
  both: { dateStyle: "long", timeStyle: "short" },
};
const units = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
// The page's language, as the browser's own region writes it where that is the same language.
const language = document.documentElement.lang;
export const locale = () => (navigator.language.split("-")[0] === language ? navigator.language : language);

export function written(when, style = "both") {
  return new Intl.DateTimeFormat(locale(), styles[style]).format(when);
}

function relative(when) {
  const seconds = (when - Date.now()) / 1000;
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / length), unit);
}

export function localise(root) {
  for (const time of root.querySelectorAll("time[data-style]")) {
    const when = new Date(time.dateTime);
    const style = time.dataset.style;
    time.title = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "long" }).format(when);
    time.textContent = style === "relative" ? relative(when) : written(when, style);
  }
  for (const coloured of root.querySelectorAll("[data-colour]")) {
    coloured.style.setProperty("--bar", coloured.dataset.colour);
  }
}

// --- asking -----------------------------------------------------------------------------------------

export class Refused extends Error {}

export function newRequest() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Do something; what the server refuses is told.
export async function telling(act, place) {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.message, place);
  }
}

// Send a request once; throws Refused with the server's sentence, TypeError where nobody answers.
export async function send(path, body, request = newRequest()) {
  const sent = JSON.stringify({ ...body, request, zone, locale: locale() });
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: sent });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Refused(answer.sentence), { status: response.status });
}

// Send it up to three times; the same request id goes out again, so that it is carried out once.
export async function post(path, body) {
  const request = newRequest();
  for (let attempt = 0; ; attempt++) {
    try {
      return await send(path, body, request);
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (attempt === 2) throw new Refused(words.unreachable);
      await pause(400 * (attempt + 1));
    }
  }
}

// Show a sentence where problems stand, or take it away. One that stands there already is not said again.
export function tell(sentence = "", place = "problem") {
  if (byId(place).textContent !== sentence) byId(place).textContent = sentence;
  byId(place).hidden = !sentence;
}

// --- looks ------------------------------------------------------------------------------------------

export function looks() {
  for (const radio of document.querySelectorAll("input[name=look]")) {
    radio.checked = radio.value === recall("look", "page");
    if (radio.checked) document.body.dataset.look = radio.value;
    radio.addEventListener("change", () => {
      document.body.dataset.look = radio.value;
      remember("look", radio.value);
    });
  }
}

// --- live news --------------------------------------------------------------------------------------

let cursor = document.body.dataset.cursor;

function state(name) {
  byId("connection").dataset.state = name;
  byId("connection").firstElementChild.textContent = words[name];
}

// Connect, and again whenever the line breaks. `on` maps events to what is done with them; `opened`, `broken`
// (with whether the server refuses this page) and `again` (milliseconds) are the page's own.
export function connect({ on, opened, broken, again }) {
  const source = new EventSource(`/api/events?after=${encodeURIComponent(cursor)}`);
  source.onopen = () => {
    state("live");
    opened();
  };
  for (const [name, act] of Object.entries(on)) {
    source.addEventListener(name, (event) => {
      if (event.lastEventId) cursor = event.lastEventId;
      act(JSON.parse(event.data));
    });
  }
  source.onerror = async () => {
    state("reconnecting");
    // The browser tries again by itself unless it was refused.
    if (source.readyState !== EventSource.CLOSED) return broken(false);
    const answer = await fetch("/api/overview").catch(() => null);
    const goesOn = broken(answer?.status === 403);
    if (!goesOn) return;
    await pause(again);
    connect({ on, opened, broken, again });
  };
}

// --- elements, and what is said aloud ---------------------------------------------------------------

export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export function element(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

export function button(label, pressed) {
  const made = element("button", "action", label);
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

let saying = 0;

export function said(sentence) {
  clearTimeout(saying);
  byId("said").textContent = sentence;
}

// Whoever types is told once there is a pause.
export function soonSaid(sentence) {
  clearTimeout(saying);
  saying = setTimeout(said, 1000, sentence);
}
