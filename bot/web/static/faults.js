// The faults of a draft: the sentence that counts them, and the list of links that lead to their places.

import { byId, element, filled, soonSaid, words } from "./shared.js";

// What a person can take in; the rest shows when these are mended.
const LISTED = 50;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Faults {
  // `mark(faults)` marks them in the text, `jump(fault)` goes to one of them.
  constructor({ mark, jump }) {
    Object.assign(this, { mark, jump });
    this.shown = [];
    this.said = null;
  }

  show(faults) {
    this.judge(faults);
    if (same(faults, this.shown)) return;
    this.shown = faults;
    this.mark(faults);
    const items = faults.slice(0, LISTED).map((fault) => this.listed(fault));
    if (faults.length > LISTED) items.push(element("li", "", filled(words.more_faults, { count: faults.length - LISTED })));
    byId("faults").replaceChildren(...items);
  }

  listed(fault) {
    const link = element("a", "", ` ${filled(words.fault, fault)}`), item = element("li");
    link.href = "#faults";
    link.prepend(element("span", "", filled(words.fault_place, fault)));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.jump(fault);
    });
    item.append(link);
    return item;
  }

  judge(faults) {
    const [first] = faults;
    const sentence = !first ? words.no_fault : faults.length === 1 ? words.one_fault : words.faults;
    this.verdict(first ? "faulty" : "well", filled(sentence, { ...first, count: faults.length }));
  }

  busy() {
    byId("verdict").dataset.state = "busy";
    byId("verdict").textContent = words.checking;
  }

  // Say what is new aloud; that a text which was just opened holds no fault is no news.
  verdict(state, sentence) {
    byId("verdict").dataset.state = state;
    byId("verdict").textContent = sentence;
    if (this.said !== null && this.said !== sentence) soonSaid(sentence);
    this.said = sentence;
  }
}
