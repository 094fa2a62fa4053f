// The editor's script: the two files of a draft, what the server says about them, and what is done with them.

import { Checks } from "./checks.js";
import { Drafts } from "./drafts.js";
import { Faults } from "./faults.js";
import { Field } from "./field.js";
import { Offers } from "./offers.js";
import { Preview } from "./preview.js";
import { byId, calm, connect, filled, localise, looks, pause, post, Refused, said, tell, telling, words } from "./shared.js";

const brief = document.body.dataset.brief;
const names = ["yaml", "report"];
const files = { "brief.yaml": "yaml", "report.md": "report" };
const both = (each) => Object.fromEntries(names.map((name) => [name, each(name)]));
const same = (one, other) => names.every((name) => one[name] === other[name]);

const fields = both((name) => new Field(byId(`${name}-code`), { changed, moved: (...where) => placed(name, ...where) }));
const theirs = both((name) => new Field(byId(`theirs-${name}-code`)));
const drafts = new Drafts(brief);
const offers = new Offers(drafts, { useless: (draft) => same(draft, published), taken, left: () => fields.yaml.area.focus() });
const faults = new Faults({ mark, jump: ({ file, line, column }) => jump(files[file], line, column) });
const preview = new Preview(brief, () => checks.now());

let base = 0, current = 0; // the revision that the draft began with, and the one that is published now
let published = null, handed = null; // texts: the base's, and those that were handed in as a proposal
let bytes = {}; // what a text area does not keep: byte order marks and the ends of lines
let handing = false;

const texts = () => both((name) => fields[name].text);
const differs = () => published !== null && !same(texts(), published);

// --- reading and keeping the text ---------------------------------------------------------------------

function plain(text) {
  return text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
}

function exact(name) {
  const { mark, crlf } = bytes[name];
  return mark + (crlf ? fields[name].text.replaceAll("\n", "\r\n") : fields[name].text);
}

const draft = () => ({ brief, ...both(exact) });

async function source() {
  for (;;) {
    const response = await fetch(`/api/editor/source/${brief}`).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (response?.ok && answer) return answer;
    if (response && response.status !== 403) throw new Refused(answer?.sentence);
    lost(response?.status);
    await pause(1500);
  }
}

// Begin anew with a published revision.
function begin(found) {
  const old = drafts.key(base);
  adopt(found);
  byId("theirs").hidden = true;
  for (const name of names) {
    fields[name].area.disabled = false;
    fields[name].text = published[name];
  }
  keep();
  if (old !== drafts.key(base)) drafts.drop(old);
  checks.now();
}

// Take a published revision as what the draft is compared with and follows.
function adopt(found) {
  base = current = found.revision;
  handed = null;
  published = both((name) => plain(found[name]));
  bytes = both((name) => ({ mark: found[name].startsWith("\ufeff") ? "\ufeff" : "", crlf: found[name].includes("\r\n") }));
  byId("moved").hidden = true;
}

// Storage is written at once, but for texts so long that it would be felt while typing.
const LONG = 300_000;
let keeping = 0;

function changed() {
  clearTimeout(keeping);
  if (fields.yaml.text.length + fields.report.text.length < LONG) keep();
  else keeping = setTimeout(keep, 500);
  checks.soon();
}

function keep() {
  clearTimeout(keeping);
  if (published === null) return;
  if (differs()) return told(drafts.keep(base, texts()));
  drafts.drop(drafts.key(base));
  told();
}

// Say what the draft stands on and whether it is kept.
function told(kept = true) {
  byId("base").textContent = filled(base === current ? words.base : words.old_base, { revision: base, current });
  const done = handed && same(texts(), handed);
  byId("kept").textContent = !differs() ? words.unchanged : done ? words.handed_in : kept ? words.kept : words.not_kept;
  if (!kept) tell(words.not_kept);
}

addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("beforeunload", (event) => {
  keep();
  if (differs() && !(handed && same(texts(), handed))) event.preventDefault();
});

// --- drafts that are kept from before -----------------------------------------------------------------

// What stands in the editor is not written over: it stays kept, and is offered in its turn.
function taken(draft) {
  if (differs()) {
    keep();
    drafts.leave();
  }
  base = draft.base;
  for (const name of names) fields[name].text = draft[name];
  keep();
  if (base === current) byId("moved").hidden = true;
  newer(current);
  checks.now();
  fields.yaml.area.focus();
}

// --- a newer revision ---------------------------------------------------------------------------------

// Another revision is published: an untouched editor follows, a changed one is asked.
const newer = (revision) => telling(() => moved(revision));

async function moved(revision) {
  current = Math.max(current, revision);
  if (handing || published === null || current <= base) return;
  told();
  if (!byId("moved").hidden && byId("moved").dataset.revision === String(current)) return;
  if (await followed()) return;
  byId("moved").dataset.revision = current;
  byId("moved-words").textContent = filled(words.moved, { revision: current });
  byId("moved").hidden = false;
  said(byId("moved-words").textContent);
}

// Whoever changed nothing follows, and so does the author of the very text that was published. It is asked when
// the new revision has arrived, since somebody may type while it is on its way.
async function followed() {
  const found = await source();
  if (found.revision <= base) return true;
  const own = same(texts(), both((name) => plain(found[name])));
  if (differs() && !own) return false;
  begin(found);
  said(filled(own ? words.published : words.followed, { revision: base }));
  return true;
}

async function beside() {
  const found = await source();
  byId("theirs").hidden = false;
  for (const name of names) theirs[name].text = plain(found[name]);
  select(names.find((name) => !byId(`${name}-panel`).hidden));
  theirs[names.find((name) => !byId(`${name}-panel`).hidden)].area.focus();
}

async function rebase() {
  const found = await source(), old = drafts.key(base);
  adopt(found);
  keep();
  drafts.drop(old);
  checks.now();
  said(filled(words.rebased, { revision: base }));
  fields.yaml.area.focus();
}

async function replace() {
  const found = await source();
  keep();
  drafts.leave();
  begin(found);
  offers.show(base);
  said(filled(words.replaced, { revision: base }));
  fields.yaml.area.focus();
}

byId("beside").addEventListener("click", () => telling(beside));
byId("rebase").addEventListener("click", () => telling(rebase));
byId("replace").addEventListener("click", () => telling(replace));

// --- the two files ------------------------------------------------------------------------------------

function select(name) {
  for (const each of names) {
    const here = each === name;
    byId(`${each}-tab`).setAttribute("aria-selected", here);
    byId(`${each}-tab`).tabIndex = here ? 0 : -1;
    byId(`${each}-panel`).hidden = !here;
    byId(`theirs-${each}-code`).hidden = !here;
  }
  fields[name].place();
}

// Tabs are walked with the arrow keys (WAI-ARIA Authoring Practices, tabs).
document.querySelector(".tabs").addEventListener("keydown", (event) => {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const name = names.find((each) => byId(`${each}-panel`).hidden);
  select(name);
  byId(`${name}-tab`).focus();
});
for (const name of names) byId(`${name}-tab`).addEventListener("click", () => select(name));

function placed(name, line, column, fault) {
  if (byId(`${name}-panel`).hidden) return;
  byId("place").textContent = filled(words.place, { line, column });
  byId("here").textContent = fault ? filled(words.fault, fault) : "";
}

function mark(found) {
  for (const name of names) fields[name].mark(found.filter(({ file }) => files[file] === name));
}

function jump(name, line, column) {
  select(name);
  fields[name].jump(line, column);
}

// --- checking -----------------------------------------------------------------------------------------

const checks = new Checks({
  draft: () => ({ ...draft(), part: preview.part }),
  busy: () => faults.busy(),
  shown: checked,
  refused: (sentence) => faults.verdict("faulty", sentence),
  lost,
  back,
});

function checked({ faults: found, notice, parts, preview: shown, revision }) {
  faults.show(found);
  byId("notice").textContent = notice;
  byId("notice").hidden = !notice;
  newer(revision);
  if (found.length) return preview.stale(words.stale);
  if (!preview.offer(parts)) return checks.now();
  if (shown) preview.show(shown);
}

let away = false;

function lost(status) {
  away = true;
  tell(status === 403 ? words.stopped : words.lost);
}

function back() {
  if (!away) return;
  away = false;
  tell();
  said(words.back);
}

connect({
  on: { overview: ({ briefs }) => newer(briefs.find(({ id }) => id === brief)?.revision ?? 0) },
  opened: back,
  broken: (refused) => {
    lost(refused ? 403 : 0);
    return true;
  },
  again: 1500,
});

// --- what is done with the draft ----------------------------------------------------------------------

async function act(path, body, show) {
  if (handing) return;
  handing = true;
  tell("", "refused");
  byId("outcome").replaceChildren();
  byId("outcome").setAttribute("aria-busy", "true");
  said(words.working);
  try {
    await telling(async () => {
      const answer = await post(path, { ...draft(), ...body });
      if (answer.kind === "card") show(answer);
      else refused(answer);
    }, "refused");
  } finally {
    handing = false;
    byId("outcome").setAttribute("aria-busy", "false");
    if (byId("said").textContent === words.working) said("");
    newer(current);
  }
}

function refused({ faults: found, sentence, revision }) {
  if (found) {
    faults.show(found);
    return tell(filled(words.mend, found[0]), "refused");
  }
  tell(sentence, "refused");
  current = Math.max(current, revision);
}

function outcome({ html, title }) {
  byId("outcome").innerHTML = html;
  localise(byId("outcome"));
  said(title);
  const heading = byId("outcome").querySelector("h2");
  heading.focus({ preventScroll: true });
  byId("outcome").scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

function publish() {
  const reason = byId("reason").value.trim();
  demand(reason ? "" : words.reason);
  if (!reason) return byId("reason").focus();
  const sent = texts();
  act("/api/editor/publish", { base, reason }, (answer) => {
    outcome(answer);
    if (answer.published) serves(sent, answer.revision);
    else handed = sent;
    byId("reason").value = "";
    told();
    said(filled(answer.published ? words.published : words.proposed, answer));
  });
}

// What was sent is published: the draft that follows begins there.
function serves(sent, revision) {
  drafts.drop(drafts.key(base));
  base = current = revision;
  published = sent;
  handed = null;
  byId("moved").hidden = byId("theirs").hidden = true;
  keep();
}

function demand(sentence) {
  const told = byId("reason-fault");
  told.textContent = sentence;
  told.hidden = !sentence;
  byId("reason").setAttribute("aria-invalid", Boolean(sentence));
  byId("reason").setAttribute("aria-describedby", sentence ? "reason-fault reason-hint" : "reason-hint");
}

byId("compare").addEventListener("click", () => act("/api/editor/compare", {}, outcome));
byId("radius").addEventListener("click", () => act("/api/editor/radius", {}, outcome));
byId("publish").addEventListener("submit", (event) => {
  event.preventDefault();
  publish();
});

// --- begin --------------------------------------------------------------------------------------------

looks();
telling(async () => {
  begin(await source());
  if (offers.show(base)) byId("offers").querySelector("button").focus();
  else if (matchMedia("(pointer: fine)").matches) fields.yaml.area.focus();
});
