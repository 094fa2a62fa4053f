// Checking while typing: one request at a time, the latest text wins, and a lost connection is tried again.

import { pause, Refused, send } from "./shared.js";

const AFTER_TYPING = 350, AGAIN = 1500;

export class Checks {
  // `draft()` gives what to send. What came of it is told to `shown(answer)`, `refused(sentence)`, `lost(status)`
  // and `back()`, and before each request `busy()` is called.
  constructor({ draft, busy, shown, refused, lost, back }) {
    Object.assign(this, { draft, busy, shown, refused, lost, back });
    this.wanted = this.done = this.changedAt = 0;
    this.running = this.away = false;
  }

  get pending() {
    return this.wanted !== this.done;
  }

  // Check what stands in the editor, once nothing was typed for a moment.
  soon() {
    this.wanted++;
    this.changedAt = performance.now();
    if (!this.running) this.run();
  }

  // Check at once, for what was chosen and not typed.
  now() {
    this.soon();
    this.changedAt = -AFTER_TYPING;
  }

  async run() {
    this.running = true;
    while (this.pending) {
      await this.rest();
      const mine = this.wanted;
      const answer = await this.asked();
      if (answer === null) await pause(AGAIN);
      else this.done = mine;
      if (answer && mine === this.wanted) this.shown(answer);
    }
    this.running = false;
  }

  async rest() {
    const left = () => this.changedAt + AFTER_TYPING - performance.now();
    while (left() > 0) await pause(Math.min(left(), 50));
  }

  // Returns the answer, null where it should be asked again, false where the server will not take this text.
  async asked() {
    this.busy();
    try {
      const answer = await send("/api/editor/check", this.draft());
      if (this.away) this.back();
      this.away = false;
      return answer;
    } catch (error) {
      const { status, message } = error instanceof Refused ? error : { status: 0 };
      if (status && status !== 403) {
        this.refused(message);
        return false;
      }
      this.away = true;
      this.lost(status);
      return null;
    }
  }
}
