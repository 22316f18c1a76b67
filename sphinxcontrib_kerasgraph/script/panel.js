/** Beside or below the drawing: all that is known of a box. */

import { kind } from "./data.js";
import { button, make } from "./dom.js";
import { _ } from "./words.js";

/**
 * @typedef {import("./data.js").Data} Data
 * @typedef {import("./diagram.js").Diagram} Diagram
 */

export class Panel {
  /** @param {Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
    this.view = diagram.view;
    this.content = make("div");
    this.status = make("output");
    this.element = make(
      "aside",
      { class: "panel", role: "region", "aria-label": _("Details"), tabindex: "-1" },
      button(_("Close"), "×", () => diagram.closePanel()),
      this.status,
      this.content,
    );
    this.close();
    this.view.append(this.element);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
    delete this.view.dataset.panel;
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions The calls of each.
   * @param {() => void} [back]
   */
  show(data, repetitions, back) {
    const [calls] = repetitions;
    const again = () => this.show(data, repetitions, back);
    const only = (/** @type {number[]} */ some) => () => this.show(data, [some], again);
    const ways = [button(_("Light up the path to another box"), _("Path to…"), () => this.diagram.seek())];
    if (back) ways.unshift(button(_("Back to all"), _("‹ All"), back));
    if (repetitions.length > 1) {
      const items = repetitions.map((one) => {
        const names = new Set([one[0], one[one.length - 1]].map((at) => data.calls[at].path));
        const name = [...names].join(" … ");
        return make("li", {}, button(name, name, only(one)));
      });
      this.tell(_("{number} repetitions", { number: items.length }), "", ...ways, make("ol", {}, ...items));
    } else if (calls.length > 1) {
      const rows = calls.map((at) => {
        const call = data.calls[at];
        const known = Object.fromEntries(call.rows.map((place) => data.rows[place]));
        const output = known.Output?.replace(/ \w+$/gm, ""); // without the dtype
        const name = make("span", {}, button(call.path, kind(call), only([at])), call.path);
        return row("td", name, output ?? "", known.Parameters ?? "");
      });
      const head = row("th", _("Layer"), _("Output"), _("Parameters"));
      const table = make("table", { class: "stack" }, head, ...rows);
      this.tell(_("{number} layers", { number: calls.length }), "", ...ways, table);
    } else {
      const call = data.calls[calls[0]];
      const link = data.links[call.class];
      if (link) ways.push(make("a", { href: link }, _("Documentation")));
      if (call.inside !== undefined) {
        const enter = () => this.diagram.enter(calls[0]);
        ways.unshift(button(_("Open {name}", { name: call.path }), _("Open inside"), enter));
      }
      const rows = call.rows.map((at) => data.rows[at]).map(([key, value]) => row("td", _(key), value));
      this.tell(kind(call), call.path, ...ways, make("table", {}, ...rows));
    }
  }

  /**
   * @param {string} title
   * @param {string} name
   * @param {...(Node | string)} told
   */
  tell(title, name, ...told) {
    this.say("");
    this.content.replaceChildren(make("strong", {}, title), ` ${name}`, make("br"), ...told);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    // Not by a class: some themes have rules for which browsers then look at all boxes again.
    this.view.dataset.panel = this.view.clientWidth < 640 ? "below" : "beside";
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}

/**
 * A row of a table, which its first cell names.
 * @param {"td" | "th"} tag
 * @param {Node | string} name
 * @param {...(Node | string)} others
 */
function row(tag, name, ...others) {
  return make("tr", {}, make("th", {}, name), ...others.map((one) => make(tag, {}, one)));
}
