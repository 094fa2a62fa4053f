// Drafts in this browser's storage: what was typed outlives the tab, the browser and the bot. Each opened page
// writes under a key of its own, so that two tabs on one brief do not overwrite each other.

import { newRequest } from "./shared.js";

export class Drafts {
  constructor(brief) {
    this.prefix = `briefbot.draft.${brief}.`;
    this.own = newRequest().slice(0, 12);
  }

  key(base) {
    return `${this.prefix}${base}.${this.own}`;
  }

  // Keep a text; returns false where the browser has no room for it.
  keep(base, files) {
    try {
      localStorage.setItem(this.key(base), JSON.stringify({ ...files, base, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  // Leave what is kept under this page's key where it is, and write under a new one from here on.
  leave() {
    this.own = newRequest().slice(0, 12);
  }

  // Every draft that is kept of the brief, the newest first, but the one that this page writes.
  others(base) {
    const found = [];
    for (const key of this.keys()) {
      if (key === this.key(base)) continue;
      const draft = read(key);
      if (draft) found.push({ ...draft, key });
    }
    return found.sort((one, other) => other.at - one.at);
  }

  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return []; // storage is switched off
    }
  }

  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Storage is switched off: nothing was kept.
    }
  }
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    const whole = typeof draft.yaml === "string" && typeof draft.report === "string" && draft.base > 0;
    return whole ? draft : null;
  } catch {
    return null; // another version of the page wrote it
  }
}
