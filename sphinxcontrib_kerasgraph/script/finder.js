/** Finds calls by name or class, also those inside of what is closed. */

import { button, make } from "./dom.js";

/** @typedef {import("./data.js").Data} Data */

export class Finder {
  /**
   * @param {HTMLElement} view
   * @param {{go: (call: number) => void, leave: () => void}} ways
   */
  constructor(view, ways) {
    this.ways = ways;
    /** @type {Data | null} */
    this.data = null;
    /** @type {number[]} */
    this.hits = [];
    this.at = 0;
    this.input = /** @type {HTMLInputElement} */ (
      make("input", { type: "search", placeholder: "Layer or class", "aria-label": "Find" })
    );
    this.count = make("output");
    this.element = make(
      "search",
      { class: "find" },
      this.input,
      this.count,
      button("Previous", "‹", () => this.next(-1)),
      button("Next", "›", () => this.next(1)),
      button("Close", "×", () => this.close()),
    );
    this.element.hidden = true;
    view.prepend(this.element);
    this.input.addEventListener("input", () => this.find());
    this.input.addEventListener("keydown", (event) => {
      // A theme would take a slash as asking for its own search.
      event.stopPropagation();
      if (event.key === "Enter") this.next(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    });
  }

  /** @param {Data} data */
  open(data) {
    this.data = data;
    this.element.hidden = false;
    this.input.select();
    this.input.focus();
  }

  close() {
    this.element.hidden = true;
    this.ways.leave();
  }

  find() {
    const wanted = this.input.value.trim().toLowerCase();
    this.hits = [];
    this.data?.calls.forEach((call, at) => {
      const name = `${call.path} ${call.class.replace(/.*\./, "")}`.toLowerCase();
      if (wanted && name.includes(wanted)) this.hits.push(at);
    });
    this.at = 0;
    this.count.textContent = wanted && "not found";
    this.next(0);
  }

  /** @param {number} step */
  next(step) {
    const { length } = this.hits;
    if (!length) return;
    this.at = (this.at + step + length) % length;
    this.count.textContent = `${this.at + 1} of ${length}`;
    this.ways.go(this.hits[this.at]);
  }
}
