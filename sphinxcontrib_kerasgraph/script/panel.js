/** Beside or below the drawing: all that is known of a box. */

import { button, make } from "./dom.js";

/**
 * @typedef {import("./data.js").Data} Data
 * @typedef {import("./data.js").Call} Call
 *
 * @typedef {object} Ways Where one may go from a panel.
 * @property {(call: number) => void} inside
 * @property {() => void} seek Asks for the end of a path.
 * @property {() => void} close
 */

export class Panel {
  /**
   * @param {HTMLElement} view
   * @param {Ways} ways
   */
  constructor(view, ways) {
    this.view = view;
    this.ways = ways;
    this.content = make("div");
    this.status = make("output");
    this.element = make(
      "aside",
      { class: "panel", role: "region", "aria-label": "Details", tabindex: "-1" },
      button("Close", "×", ways.close),
      this.status,
      this.content,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      ways.close();
    });
    this.close();
    view.append(this.element);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
    this.view.classList.remove("open", "beside");
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions The calls of each.
   * @param {() => void} [back]
   */
  show(data, repetitions, back) {
    const { length } = repetitions;
    const [calls] = repetitions;
    const again = () => this.show(data, repetitions, back);
    const ways = [button("Light up the path to another box", "Path to…", this.ways.seek)];
    if (back) ways.unshift(button("Back to all", "‹ All", back));
    if (length > 1) {
      const list = repetitions.map((one) => repetition(data, one, () => this.show(data, [one], again)));
      this.tell(`${length} repetitions`, "", ...ways, make("ol", {}, ...list));
    } else if (calls.length > 1) {
      const rows = calls.map((one) => row(data.calls[one], data, () => this.show(data, [[one]], again)));
      this.tell(`${calls.length} layers`, "", ...ways, table("stack", ["Layer", "Output", "Parameters"], rows));
    } else {
      const call = data.calls[calls[0]];
      const link = data.links[call.class];
      if (link) ways.push(make("a", { href: link }, "Documentation"));
      if (call.inside !== undefined) {
        ways.unshift(button(`Open ${call.path}`, "Open inside", () => this.ways.inside(calls[0])));
      }
      const rows = call.rows.map((at) => cells(data.rows[at]));
      this.tell(kind(call), call.path, ...ways, table("card", [], rows));
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
    this.view.classList.add("open");
    this.view.classList.toggle("beside", this.view.clientWidth >= 640);
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }
}

/**
 * @param {Data} data
 * @param {number[]} calls
 * @param {() => void} open
 */
function repetition(data, calls, open) {
  const names = new Set([calls[0], calls[calls.length - 1]].map((call) => data.calls[call].path));
  const name = [...names].join(" … ");
  return make("li", {}, button(name, name, open));
}

/**
 * @param {Call} call
 * @param {Data} data
 * @param {() => void} open
 */
function row(call, data, open) {
  const known = new Map(call.rows.map((at) => data.rows[at]));
  const output = known.get("Output")?.replace(/ \w+$/gm, ""); // without the dtype
  const name = make("span", {}, button(call.path, kind(call), open), call.path);
  return cells([name, output ?? "", known.get("Parameters") ?? ""]);
}

/** @param {(Node | string)[]} values The first names the row. */
function cells([name, ...others]) {
  return make("tr", {}, make("th", { scope: "row" }, name), ...others.map((one) => make("td", {}, one)));
}

/**
 * @param {string} name
 * @param {string[]} columns
 * @param {Node[]} rows
 */
function table(name, columns, rows) {
  const heads = columns.map((column) => make("th", { scope: "col" }, column));
  return make("table", { class: name }, make("tr", {}, ...heads), ...rows);
}

/** @param {Call} call */
function kind(call) {
  return call.class.replace(/.*\./, "");
}
