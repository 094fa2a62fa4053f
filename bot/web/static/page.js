// The page's script: the command box, the feed, live news. All words come from the server, escaped there.

import { byId, calm, connect, localise, looks, post, recall, remember, tell, telling, words } from "./shared.js";
import { fold, redraw } from "./timeline.js";

const line = byId("line"), list = byId("suggestions"), listBox = byId("suggestions-box"), about = byId("about");
const feed = byId("feed"), side = byId("side"), said = byId("said");

setInterval(() => localise(feed), 60000);

// --- asking -----------------------------------------------------------------------------------------

async function asking(path, body, show) {
  tell();
  feed.ariaBusy = "true";
  const waiting = setTimeout(() => (said.textContent = words.working), 400);
  try {
    await telling(async () => show(await post(path, body)));
  } finally {
    clearTimeout(waiting);
    if (said.textContent === words.working) said.textContent = "";
    feed.ariaBusy = "false";
  }
}

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const element = template.content.firstElementChild;
  localise(element);
  return element;
}

function place(element, instead) {
  if (instead?.isConnected) instead.replaceWith(element);
  else feed.prepend(element);
  byId("starters")?.remove();
  fold();
  number();
  return element;
}

// What takes the place of an answer was asked for by the same line.
function entitled(card, instead) {
  const asked = instead?.querySelector(".asked")?.textContent ?? instead?.dataset.asked;
  if (asked && !card.querySelector(".asked")) {
    const code = document.createElement("code");
    code.className = "asked";
    code.textContent = asked;
    card.querySelector(".meta").prepend(code, " ");
  }
  return card;
}

function number() {
  [...feed.children].forEach((card, at, all) => {
    card.setAttribute("aria-posinset", at + 1);
    card.setAttribute("aria-setsize", all.length);
  });
}

function bring(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

// Show an answer. `instead` is what it may take the place of; `moving` says that focus follows it.
function show(answer, { instead = null, moving = false } = {}) {
  if (answer.kind === "posted") {
    said.textContent = words.posted;
    byId("starters")?.remove();
    return;
  }
  if (answer.kind === "form") {
    const card = place(formCard(answer));
    (card.querySelector("input, select, textarea") ?? card).focus();
    return;
  }
  const takesPlace = answer.replaces || instead?.matches(".asking");
  const card = place(entitled(made(answer.html), takesPlace ? instead : null), takesPlace ? instead : null);
  if (moving) bring(card);
}

async function ask(typed) {
  const asked = typed.trim();
  if (!asked) return;
  keep(asked);
  await asking("/api/call", { line: asked }, (answer) => show(answer));
  if (document.activeElement === line) scrollTo({ top: 0, behavior: calm() ? "auto" : "smooth" });
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = line.value;
  close();
  line.value = "";
  ask(typed);
});

byId("starters")?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  line.focus();
  ask(button.dataset.line);
});

feed.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (!button || button.disabled) return;
  const card = button.closest(".card");
  const own = !card.dataset.message;
  button.disabled = true;
  asking("/api/press", { key: button.dataset.key }, (answer) => show(answer, { instead: own ? card : null, moving: true }))
    .finally(() => (button.disabled = false));
});

// A feed is walked by Page Down and Page Up (WAI-ARIA Authoring Practices, feed).
feed.addEventListener("keydown", (event) => {
  const step = { PageDown: "nextElementSibling", PageUp: "previousElementSibling" }[event.key];
  const next = step && event.target.closest(".card")?.[step];
  if (!next) return;
  event.preventDefault();
  bring(next);
});

// --- forms ------------------------------------------------------------------------------------------

function formCard(answer) {
  const card = made(`<article class="card asking" tabindex="0">${answer.html}</article>`);
  card.setAttribute("aria-label", answer.title);
  card.dataset.asked = answer.asked;
  const form = card.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, card);
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => {
    card.remove();
    number();
    line.focus();
  });
  for (const input of form.querySelectorAll("input[list]")) {
    input.addEventListener("input", () => offer(input));
    input.addEventListener("focus", () => offer(input), { once: true });
  }
  return card;
}

async function offer(input) {
  const query = new URLSearchParams({ command: input.dataset.command, option: input.name, partial: input.value });
  const response = await fetch(`/api/complete?${query}`).catch(() => null);
  if (!response?.ok) return;
  const { items } = await response.json();
  input.list.replaceChildren(...items.map(({ label, value }) => new Option(label, value)));
}

function faulty(field, sentence) {
  const told = field.closest(".field").querySelector(".fault");
  told.textContent = sentence;
  told.hidden = !sentence;
  if (sentence) {
    told.id = `${field.id}-fault`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", told.id);
  } else {
    field.removeAttribute("aria-invalid");
  }
  return Boolean(sentence);
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",", 2)[1] ?? "");
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

const largest = 10 * 1024 * 1024;

async function send(form, card) {
  const fields = [...form.querySelectorAll("input, select, textarea")];
  const missing = (field) => (field.required && !field.value ? words.required : "");
  const tooLarge = (field) => (field.files?.[0]?.size > largest ? words.too_large : "");
  const wrong = fields.filter((field) => faulty(field, missing(field) || tooLarge(field)));
  if (wrong.length) return wrong[0].focus();
  const answers = {}, files = {};
  for (const field of fields) {
    if (field.type !== "file") answers[field.name] = field.value;
    else if (field.files[0]) files[field.name] = { name: field.files[0].name, content: await base64(field.files[0]) };
  }
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  await asking("/api/submit", { key: form.dataset.key, answers, files }, (answer) => {
    if (answer.kind !== "card") card.remove();
    show(answer, { instead: card, moving: true });
  });
  button.disabled = false;
}

// --- the command box: combobox with a list (WAI-ARIA Authoring Practices) -----------------------------

let items = [], active = -1, span = [0, 0], turn = 0;
let coming = null; // the suggestions for what stands in the box now, while they are on their way

function open() {
  return !listBox.hidden;
}

function close() {
  turn++;
  coming = null;
  items = [];
  listBox.hidden = true;
  list.replaceChildren();
  line.setAttribute("aria-expanded", "false");
  line.removeAttribute("aria-activedescendant");
  active = -1;
}

function suggest() {
  choose(-1);
  const mine = (coming = fetchSuggestions(++turn).finally(() => {
    if (coming === mine) coming = null;
  }));
}

async function fetchSuggestions(mine) {
  const query = new URLSearchParams({ line: line.value, cursor: line.selectionStart });
  const response = await fetch(`/api/complete?${query}`).catch(() => null);
  if (mine !== turn || !response?.ok) return;
  const found = await response.json();
  if (mine !== turn) return;
  const done = found.items.length === 1 && found.items[0].insert.trim() === line.value.slice(found.start, found.end);
  if (!found.items.length || done) return close();
  offerAll(found);
}

function offerAll(found) {
  items = found.items;
  span = [found.start, found.end];
  active = -1;
  line.removeAttribute("aria-activedescendant");
  list.replaceChildren(...items.map(option));
  about.textContent = found.about;
  about.hidden = !found.about;
  listBox.hidden = false;
  list.scrollTop = 0;
  line.setAttribute("aria-expanded", "true");
  said.textContent = items.length === 1 ? words.suggestion : words.suggestions.replace("{count}", items.length);
}

function option({ label, detail }, at) {
  const element = document.createElement("li");
  element.id = `suggestion-${at}`;
  element.role = "option";
  element.setAttribute("aria-selected", "false");
  const shown = document.createElement("span");
  shown.textContent = label;
  const explained = document.createElement("small");
  explained.textContent = detail;
  element.append(shown, " ", explained);
  return element;
}

function choose(at) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = at;
  const element = list.children[at];
  if (!element) return line.removeAttribute("aria-activedescendant");
  element.setAttribute("aria-selected", "true");
  element.scrollIntoView({ block: "nearest" });
  line.setAttribute("aria-activedescendant", element.id);
}

function accept(at) {
  const { insert } = items[at];
  line.setRangeText(insert, span[0], span[1], "end");
  close();
  if (insert.endsWith(" ") || insert.endsWith("=")) suggest();
}

// Tab leaves the box unless it has something to complete; it waits for suggestions on their way.
async function tab() {
  const typed = line.value;
  await coming;
  if (line.value !== typed || document.activeElement !== line) return;
  if (completes() >= 0) accept(completes());
  else byId("ask").querySelector("[type=submit]").focus();
}

function completes() {
  if (!open()) return -1;
  if (active >= 0) return active;
  return span[1] > span[0] && items[0].insert !== line.value.slice(...span) ? 0 : -1;
}

async function step(by) {
  await coming;
  const places = items.length + 1; // the box itself is one of them
  if (open()) choose(((active + 1 + by + places) % places) - 1);
}

const keys = {
  ArrowDown: () => (open() ? step(1) : back(1) || suggest()),
  ArrowUp: () => (open() ? step(-1) : back(-1)),
  Escape: close,
};

line.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Tab" && !event.shiftKey && (coming || completes() >= 0)) {
    event.preventDefault();
    tab();
  } else if (event.key === "Enter" && open() && active >= 0) {
    event.preventDefault();
    accept(active);
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

line.addEventListener("input", () => {
  at = past.length;
  if (line.value.trim()) suggest();
  else close();
});
line.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => {
  event.preventDefault(); // the box keeps its focus
  const chosen = event.target.closest("[role=option]");
  if (chosen) accept([...list.children].indexOf(chosen));
});

// --- what was asked before ----------------------------------------------------------------------------

let past = recall("history", []), at = past.length, draft = "";

function keep(asked) {
  past = [...past.filter((each) => each !== asked), asked].slice(-50);
  at = past.length;
  remember("history", past);
}

function back(step) {
  if (at === past.length) draft = line.value;
  const to = at + step;
  if (to < 0 || to > past.length) return false;
  at = to;
  line.value = at === past.length ? draft : past[at];
  line.setSelectionRange(line.value.length, line.value.length);
  return true;
}

// --- looks and language -------------------------------------------------------------------------------

looks();
// The choice is the same as that of /brief language; the page is written anew in it.
byId("locale").addEventListener("change", (event) => {
  const options = { language: event.target.value };
  telling(async () => {
    await post("/api/call", { command: "brief language", options });
    location.reload();
  });
});

// --- live news ------------------------------------------------------------------------------------------

let shownSide = "";

function arrived(message) {
  if (feed.querySelector(`[data-message="${message.id}"]`)) return;
  feed.prepend(made(message.html));
  number();
}

function edited(message) {
  feed.querySelector(`[data-message="${message.id}"]`)?.replaceWith(made(message.html));
  number();
}

function overview({ html }) {
  if (html === shownSide) return;
  shownSide = html;
  redraw();
  const opened = side.querySelector("details")?.open;
  const focused = side.contains(document.activeElement) && (document.activeElement.getAttribute("href") ?? "");
  side.innerHTML = html;
  const details = side.querySelector("details");
  if (details && opened) details.open = true;
  if (focused !== false) (side.querySelector(`a[href="${focused}"]`) ?? details?.firstElementChild)?.focus();
  localise(side);
}

// A page whose key has ended stays refused until the new link is opened in it.
function broken(refused) {
  if (refused) tell(words.stopped);
  return !refused;
}

localise(document);
number();
connect({
  on: { message: arrived, edited, overview, commands: () => open() && suggest() },
  opened: () => tell(),
  broken,
  again: 1500,
});
// On a touch screen the focus would open the keyboard over the page.
if (matchMedia("(pointer: fine)").matches) line.focus();
