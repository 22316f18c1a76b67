/** Beside or below the drawing: all that is known of a box. */

import { button, make } from "./dom.js";

/**
 * @typedef {import("./data.js").Data} Data
 *
 * @typedef {object} Ways Where one may go from a panel.
 * @property {(call: number) => void} inside
 * @property {() => void} close
 */

export class Panel {
  /**
   * @param {HTMLElement} view
   * @param {Ways} ways
   */
  constructor(view, ways) {
    this.ways = ways;
    this.element = make("aside", { class: "panel", role: "region", "aria-label": "Details" });
    this.element.hidden = true;
    view.append(this.element);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") ways.close();
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions The calls of each.
   */
  show(data, repetitions) {
    const close = button("Close", "×", this.ways.close);
    close.className = "close";
    this.element.replaceChildren(close, ...this.told(data, repetitions));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions
   */
  told(data, repetitions) {
    const several = repetitions.length > 1;
    const heading = several ? [make("h2", {}, `${repetitions.length} times`)] : [];
    const told = repetitions.map((calls, at) => {
      if (calls.length === 1) return this.call(data, calls[0], several);
      const names = calls.map((call) => this.call(data, call, true));
      if (!several) return make("div", {}, ...names);
      const first = data.calls[calls[0]].path;
      const last = data.calls[calls[calls.length - 1]].path;
      return make("details", {}, make("summary", {}, `${at + 1}: ${first} … ${last}`), ...names);
    });
    return [...heading, ...told];
  }

  /**
   * @param {Data} data
   * @param {number} number
   * @param {boolean} isOneOfSeveral
   */
  call(data, number, isOneOfSeveral) {
    const call = data.calls[number];
    const name = call.class.slice(call.class.lastIndexOf(".") + 1);
    const link = data.links[call.class];
    const rows = call.rows.map((at) => {
      const [key, value] = data.rows[at];
      return make("tr", {}, make("th", { scope: "row" }, key), make("td", {}, value));
    });
    const told = [make("table", {}, make("tbody", {}, ...rows))];
    if (link) told.unshift(make("p", {}, make("a", { href: link }, `Documentation of ${name}`)));
    if (call.inside !== undefined) {
      const open = button(`Open ${call.path}`, "Open inside", () => this.ways.inside(number));
      told.unshift(make("p", {}, open));
    }
    if (isOneOfSeveral) {
      return make("details", {}, make("summary", {}, `${name} ${call.path}`), ...told);
    }
    return make("div", {}, make("h2", {}, name), make("p", { class: "path" }, call.path), ...told);
  }
}
