// Drafts that this browser kept from before: each is taken or thrown away, by nobody but the reader.

import { button, byId, element, filled, said, words, written } from "./shared.js";

export class Offers {
  // `drafts` keeps them, `useless(draft)` tells those that hold nothing new, `taken(draft)` puts one to use.
  constructor(drafts, { useless, taken, left }) {
    Object.assign(this, { drafts, useless, taken, left });
  }

  // Offer what is kept but the draft that is being written; returns whether there is any.
  show(base) {
    const found = this.drafts.others(base).filter((draft) => !this.dropped(draft));
    byId("offers").replaceChildren(...found.map((draft) => this.offer(draft, base)));
    byId("offers").hidden = !found.length;
    return found.length > 0;
  }

  dropped(draft) {
    const none = this.useless(draft);
    if (none) this.drafts.drop(draft.key);
    return none;
  }

  offer(draft, base) {
    const when = written(new Date(draft.at));
    const box = element("div", "offer"), buttons = element("div", "actions");
    buttons.append(
      button(words.take, () => this.take(draft, when)),
      button(words.throw, () => this.discard(draft, base, when)),
    );
    box.append(element("p", "", filled(words.draft_of, { when, revision: draft.base })), buttons);
    return box;
  }

  take(draft, when) {
    this.taken(draft);
    this.drafts.drop(draft.key);
    this.show(draft.base);
    said(filled(words.taken, { when }));
  }

  discard(draft, base, when) {
    this.drafts.drop(draft.key);
    if (this.show(base)) byId("offers").querySelector("button").focus();
    else this.left();
    said(filled(words.thrown, { when }));
  }
}
