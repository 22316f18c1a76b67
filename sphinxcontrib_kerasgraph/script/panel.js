/** Beside or below the drawing: all that is known of a box. */

import { button, make } from "./dom.js";

/**
 * @typedef {import("./data.js").Data} Data
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
    this.content = make("div", {});
    this.status = make("output", {});
    this.element = make(
      "aside",
      { class: "panel", role: "region", "aria-label": "Details", tabindex: "-1" },
      button("Close", "×", ways.close),
      this.status,
      this.content,
    );
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
    this.view.classList.remove("open");
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions The calls of each.
   * @param {() => void} [back]
   */
  show(data, repetitions, back) {
    const [calls = [], ...others] = repetitions;
    const told =
      others.length > 0
        ? this.repetitions(data, repetitions)
        : calls.length > 1
          ? this.stack(data, calls)
          : calls.map((call) => this.call(data, call));
    if (back) told.unshift(button("Back to all", "‹ All", back));
    this.fill(...told);
  }

  /** @param {string} text Lines. */
  tell(text) {
    const [first, ...others] = text.split("\n");
    this.fill(head(first), ...others.map((line) => make("p", {}, line)));
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  /** @param {...Node} told */
  fill(...told) {
    this.say("");
    this.content.replaceChildren(...told);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.view.classList.add("open");
    this.view.classList.toggle("beside", this.view.clientWidth >= 640);
  }

  /**
   * @param {Data} data
   * @param {number[][]} repetitions
   */
  repetitions(data, repetitions) {
    const back = () => this.show(data, repetitions);
    const items = repetitions.map((calls) => {
      const [first, last] = [calls[0], calls[calls.length - 1]].map((call) => data.calls[call].path);
      const name = first === last ? first : `${first} … ${last}`;
      return make("li", {}, button(name, name, () => this.show(data, [calls], back)));
    });
    return [head(`${repetitions.length} repetitions`), make("ol", {}, ...items)];
  }

  /**
   * @param {Data} data
   * @param {number[]} calls
   */
  stack(data, calls) {
    const back = () => this.show(data, [calls]);
    const rows = calls.map((number) => {
      const call = data.calls[number];
      const open = button(call.path, kind(call), () => this.show(data, [[number]], back));
      const name = make("th", { scope: "row" }, open, call.path);
      return make("tr", {}, name, cell(data, call, "Output"), cell(data, call, "Parameters"));
    });
    const columns = ["Layer", "Output", "Parameters"].map((one) => make("th", { scope: "col" }, one));
    const table = make("table", { class: "stack" }, make("thead", {}, make("tr", {}, ...columns)));
    table.append(make("tbody", {}, ...rows));
    return [head(`${calls.length} layers`), table];
  }

  /**
   * @param {Data} data
   * @param {number} number
   */
  call(data, number) {
    const call = data.calls[number];
    const link = data.links[call.class];
    const known = rows(data, call).map(([key, value]) =>
      make("tr", {}, make("th", { scope: "row" }, key), make("td", {}, value)),
    );
    const ways = [button("Light up the path to another box", "Path to…", this.ways.seek)];
    if (call.inside !== undefined) {
      ways.unshift(button(`Open ${call.path}`, "Open inside", () => this.ways.inside(number)));
    }
    if (link) ways.push(make("a", { href: link }, "Documentation"));
    return make(
      "div",
      {},
      head(kind(call), call.path),
      make("div", { class: "ways" }, ...ways),
      make("table", {}, make("tbody", {}, ...known)),
    );
  }
}

/**
 * @param {string} title
 * @param {string} [name]
 */
function head(title, name = "") {
  return make("p", { class: "head" }, make("strong", {}, title), " ", name);
}

/** @param {import("./data.js").Call} call */
function kind(call) {
  return call.class.slice(call.class.lastIndexOf(".") + 1);
}

/**
 * @param {Data} data
 * @param {import("./data.js").Call} call
 */
function rows(data, call) {
  return call.rows.map((at) => data.rows[at]);
}

/**
 * @param {Data} data
 * @param {import("./data.js").Call} call
 * @param {string} key
 */
function cell(data, call, key) {
  const value = rows(data, call).find((row) => row[0] === key)?.[1] ?? "";
  return make("td", {}, value.replace(/ \w+$/gm, "")); // without the dtype
}
