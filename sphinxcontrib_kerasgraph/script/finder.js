/** Finds calls by name or class, also those inside of what is closed. */

import { kind } from "./data.js";
import { button, make } from "./dom.js";
import { _ } from "./words.js";

/** @typedef {import("./data.js").Data} Data */
/** @typedef {import("./diagram.js").Diagram} Diagram */

export class Finder {
  /** @param {Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
    /** @type {Data | null} */
    this.data = null;
    /** @type {number[]} */
    this.hits = [];
    this.at = 0;
    this.input = /** @type {HTMLInputElement} */ (
      make("input", { type: "search", placeholder: _("Layer or class"), "aria-label": _("Find") })
    );
    this.count = make("output");
    this.element = make(
      "search",
      { class: "find" },
      this.input,
      this.count,
      button(_("Previous"), "‹", () => this.next(-1)),
      button(_("Next"), "›", () => this.next(1)),
      button(_("Close"), "×", () => this.close()),
    );
    this.element.hidden = true;
    diagram.view.prepend(this.element);
    this.input.addEventListener("input", () => this.find());
  }

  /** @param {Data} data */
  open(data) {
    this.data = data;
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    this.element.hidden = true;
    this.diagram.boxes.focus();
  }

  find() {
    const wanted = this.input.value.trim().toLowerCase();
    const names = this.data?.calls.map((call) => `${call.path} ${kind(call)}`.toLowerCase()) ?? [];
    this.hits = names.flatMap((name, at) => (wanted && name.includes(wanted) ? at : []));
    this.at = 0;
    this.count.textContent = wanted && _("not found");
    this.next(0);
  }

  /** @param {number} step */
  next(step) {
    const { length } = this.hits;
    if (!length) return;
    this.at = (this.at + step + length) % length;
    this.count.textContent = _("{at} of {number}", { at: this.at + 1, number: length });
    void this.diagram.reach(this.hits[this.at]).then(() => this.input.focus());
  }
}
