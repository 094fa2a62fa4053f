// A text area with line numbers, faults at their lines, and a Tab key that indents. What the browser does well
// (undo, find, selection, composing) stays the browser's. Only the lines in sight are drawn.

import { element } from "./shared.js";

// Beyond this a text is not wrapped, since every one of its lines would have to be measured.
const WRAPPED = 300_000;
// Longer texts than this, in lines, are written at once and leave the browser's undo.
const UNDOABLE = 40;
const INDENT = "  ";

export class Field {
  constructor(root, { changed = () => {}, moved = () => {} } = {}) {
    this.root = root;
    this.area = root.querySelector("textarea");
    [this.gutter, this.stripes, this.mirror] = [".gutter", ".stripes", ".mirror"].map((name) => root.querySelector(name));
    this.wraps = this.area.wrap !== "off";
    this.faults = new Map();
    this.moved = moved;
    this.escaped = false;
    this.area.addEventListener("scroll", () => this.draw(), { passive: true });
    this.area.addEventListener("input", () => {
      this.measure();
      changed();
    });
    this.area.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("selectionchange", () => document.activeElement === this.area && this.place());
    new ResizeObserver(() => this.measure()).observe(this.area);
  }

  get text() {
    return this.area.value;
  }

  // Put a text in place of what stands here, by writing over the part in which the two differ.
  set text(text) {
    const old = this.area.value;
    if (old === text) return;
    const [from, to] = difference(old, text);
    this.write(from, to, text.slice(from, text.length - (old.length - to)));
    this.area.setSelectionRange(0, 0);
    this.area.scrollTo(0, 0);
    this.measure();
  }

  // Write over a span. The old command is the one way to write that the browser's undo knows of, but it takes
  // some 25 ms a line in Chromium and needs the focus.
  write(from, to, text) {
    const here = document.activeElement === this.area && text.split("\n").length <= UNDOABLE;
    this.area.setSelectionRange(from, to);
    if (here && document.execCommand(text ? "insertText" : "delete", false, text)) return;
    this.area.setRangeText(text, from, to, "end");
    this.area.dispatchEvent(new Event("input"));
  }

  // --- where the lines are ---------------------------------------------------------------------------

  measure() {
    const text = this.area.value;
    this.starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
    const style = getComputedStyle(this.area);
    this.height = parseFloat(style.lineHeight);
    this.pad = parseFloat(style.paddingTop);
    this.tops = this.wraps && text.length < WRAPPED ? this.wrapped(text) : null;
    this.area.style.whiteSpace = this.wraps && !this.tops ? "pre" : "";
    this.place();
  }

  // The tops of wrapped lines, measured on a copy that is as wide as the text.
  wrapped(text) {
    this.mirror.style.width = `${this.area.clientWidth}px`;
    this.mirror.replaceChildren(...text.split("\n").map((line) => element("div", "", line || "\u200b")));
    return [...this.mirror.children].map((line) => line.offsetTop);
  }

  top(line) {
    return this.pad + (this.tops ? this.tops[line] : line * this.height);
  }

  lineAt(y) {
    if (!this.tops) return Math.max(Math.floor((y - this.pad) / this.height), 0);
    return Math.max(last(this.tops, y - this.pad), 0);
  }

  place() {
    const at = this.area.selectionStart;
    const line = last(this.starts, at);
    this.now = line;
    this.draw();
    const column = [...this.area.value.slice(this.starts[line], at)].length + 1;
    this.moved(line + 1, column, this.faults.get(line + 1));
  }

  // --- drawing ---------------------------------------------------------------------------------------

  draw() {
    const { scrollTop, clientHeight } = this.area;
    if (!this.starts || !clientHeight) return;
    const first = this.lineAt(scrollTop), end = Math.min(this.lineAt(scrollTop + clientHeight) + 1, this.starts.length);
    const numbers = [], stripes = [];
    for (let line = first; line < end; line++) {
      const y = this.top(line) - scrollTop;
      const kind = this.kind(line);
      numbers.push(row(kind, y, this.height, line + 1));
      if (kind) stripes.push(row(kind, y, this.depth(line), ""));
    }
    this.gutter.replaceChildren(...numbers);
    this.gutter.style.width = `${String(this.starts.length).length + 3}ch`;
    this.stripes.replaceChildren(...stripes);
  }

  depth(line) {
    return this.tops && line + 1 < this.tops.length ? this.tops[line + 1] - this.tops[line] : this.height;
  }

  kind(line) {
    if (this.faults.has(line + 1)) return "faulty";
    return line === this.now && document.activeElement === this.area ? "now" : "";
  }

  // Mark faults, by their lines from 1.
  mark(faults) {
    this.faults = new Map(faults.map((fault) => [fault.line, fault]).reverse());
    if (faults.length) this.area.setAttribute("aria-invalid", "true");
    else this.area.removeAttribute("aria-invalid");
    if (this.starts) this.place();
  }

  // Put the cursor on a line and column, both from 1, columns in characters.
  jump(line, column) {
    const at = Math.min(line, this.starts.length) - 1;
    const end = at + 1 < this.starts.length ? this.starts[at + 1] - 1 : this.area.value.length;
    const before = [...this.area.value.slice(this.starts[at], end)].slice(0, column - 1).join("");
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(this.starts[at] + before.length, this.starts[at] + before.length);
    this.area.scrollTop = Math.max(this.top(at) - this.area.clientHeight / 3, 0);
    this.area.scrollLeft = Math.max(before.length * this.height * 0.35 - this.area.clientWidth * 0.6, 0);
    this.place();
  }

  // Go to the first fault behind the cursor, or to the first of all.
  next() {
    const lines = [...this.faults.keys()].sort((one, other) => one - other);
    const line = lines.find((each) => each > this.now + 1) ?? lines[0];
    if (line) this.jump(line, this.faults.get(line).column);
  }

  // --- keys ------------------------------------------------------------------------------------------

  // Tab indents, so it leaves the field only after Escape (WCAG 2.1.2, no keyboard trap).
  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const leaving = this.escaped;
    if (event.key !== "Shift") this.escaped = event.key === "Escape";
    if (this.area.readOnly) return;
    if (event.key === "Tab" && !leaving) {
      event.preventDefault();
      if (event.shiftKey) this.outdent();
      else this.indent();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.type(`\n${this.margin()}`);
    } else if (event.key === "F8") {
      event.preventDefault();
      this.next();
    }
  }

  type(text) {
    this.write(this.area.selectionStart, this.area.selectionEnd, text);
  }

  margin() {
    const at = this.area.selectionStart;
    const start = this.starts[last(this.starts, at)];
    return this.area.value.slice(start, at).match(/^ */)[0];
  }

  indent() {
    const { selectionStart: from, selectionEnd: to } = this.area;
    if (last(this.starts, from) === last(this.starts, to)) return this.type(INDENT);
    this.rewrite((line) => (line ? INDENT + line : line));
  }

  outdent() {
    this.rewrite((line) => line.replace(/^ {1,2}/, ""));
  }

  // Rewrite each of the selected lines, in one step of the browser's undo.
  rewrite(change) {
    const { value, selectionStart: from, selectionEnd: to } = this.area;
    const start = this.starts[last(this.starts, from)];
    const found = value.indexOf("\n", Math.max(to - (to > from ? 1 : 0), start));
    const end = found < 0 ? value.length : found;
    const before = value.slice(start, end), after = before.split("\n").map(change).join("\n");
    if (before === after) return;
    this.write(start, end, after);
    if (from === to) {
      const at = Math.max(from + after.length - before.length, start);
      this.area.setSelectionRange(at, at);
    } else {
      this.area.setSelectionRange(start, start + after.length);
    }
  }
}

// The span of a text outside of which another one is the same.
function difference(old, text) {
  const shorter = Math.min(old.length, text.length);
  let from = 0, behind = 0;
  while (from < shorter && old[from] === text[from]) from++;
  while (behind < shorter - from && old[old.length - 1 - behind] === text[text.length - 1 - behind]) behind++;
  return [from, old.length - behind];
}

// The place of the last of ascending numbers that is not above a number.
function last(numbers, number) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function row(kind, y, height, text) {
  const made = element("div", kind, text);
  made.style.top = `${y}px`;
  made.style.height = `${height}px`;
  return made;
}
