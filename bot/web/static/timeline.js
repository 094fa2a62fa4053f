// The timeline's section: it is fetched when it is opened, when a choice changes, and when a brief does.

import { byId, locale, localise, recall, remember, tell, words, zone } from "./shared.js";

const section = byId("timeline"), shown = byId("timeline-shown");
const choices = section?.querySelector("form");
let asked = 0;

async function fetched() {
  const query = new URLSearchParams({ ...Object.fromEntries(new FormData(choices)), zone, locale: locale() });
  const response = await fetch(`/api/timeline?${query}`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.sentence);
  return answer.html;
}

// Only the newest question's answer is shown, whichever comes first.
async function draw() {
  const mine = ++asked;
  section.ariaBusy = "true";
  try {
    const html = await fetched();
    if (mine !== asked) return;
    const opened = shown.querySelector(".beyond")?.open;
    shown.innerHTML = html;
    localise(shown);
    if (opened && shown.querySelector(".beyond")) shown.querySelector(".beyond").open = true;
  } catch (error) {
    tell(error instanceof TypeError ? words.unreachable : error.message);
  } finally {
    if (mine === asked) section.ariaBusy = "false";
  }
}

export function redraw() {
  if (section?.open) draw();
}

// An answer takes the place that the timeline has until something is asked.
export function fold() {
  if (section) section.open = false;
}

if (section) {
  section.open = recall("timeline", section.open);
  section.addEventListener("toggle", redraw);
  // What its reader chose is remembered; the click comes before the change.
  section.firstElementChild.addEventListener("click", () => remember("timeline", !section.open));
  const span = choices.querySelector(`input[value="${recall("span", "")}"]`);
  if (span) span.checked = true;
  choices.addEventListener("change", () => {
    remember("span", new FormData(choices).get("span"));
    draw();
  });
  choices.addEventListener("submit", (event) => event.preventDefault());
}
