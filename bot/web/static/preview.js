// The preview: which part of the draft, in which look, page by page. Its buttons do nothing but turn pages.

import { byId, localise, recall, remember } from "./shared.js";

export class Preview {
  constructor(brief, chosen) {
    this.name = `preview.${brief}`;
    this.part = recall(this.name, "");
    this.offered = "";
    byId("part").addEventListener("change", () => {
      this.choose(byId("part").value);
      chosen();
    });
    byId("preview").addEventListener("click", (event) => this.pressed(event.target.closest("button")));
  }

  choose(part) {
    this.part = part;
    remember(this.name, part);
  }

  // Offer the parts of the draft; returns false where the chosen one is not among them, and another is chosen.
  offer(parts) {
    const offered = JSON.stringify(parts);
    const known = parts.some(({ key }) => key === this.part);
    if (!known) this.choose(parts[0].key);
    if (offered !== this.offered) {
      this.offered = offered;
      const groups = new Map(parts.map(({ group }) => [group, []]));
      for (const { group, key, label } of parts) groups.get(group).push(new Option(label, key));
      byId("part").replaceChildren(...[...groups].map(optgroup));
    }
    byId("part").value = this.part;
    return known;
  }

  show({ html, withheld }) {
    byId("stale").textContent = "";
    byId("withheld").textContent = withheld;
    const box = byId("preview");
    if (box.dataset.html === html) return;
    const page = box.querySelector(".card:not([hidden])")?.dataset.page;
    box.innerHTML = html;
    box.dataset.html = html;
    localise(box);
    for (const button of box.querySelectorAll("button")) button.disabled = !box.querySelector(`[data-page="${turned(button)}"]`);
    this.turn(box.querySelector(`[data-page="${page}"]`) ? page : "1");
  }

  stale(sentence) {
    byId("stale").textContent = sentence;
  }

  pressed(button) {
    const page = button && turned(button);
    if (!page) return;
    this.turn(page);
    byId("preview").querySelector(`.card:not([hidden]) .look:not([hidden]) button:enabled`)?.focus();
  }

  turn(page) {
    for (const card of byId("preview").children) card.hidden = card.dataset.page !== page;
  }
}

// The page that a button of the preview turns to.
function turned(button) {
  return button.dataset.key.match(/^draft-page:(\d+)$/)?.[1];
}

function optgroup([label, options]) {
  const group = document.createElement("optgroup");
  group.label = label;
  group.append(...options);
  return group;
}
