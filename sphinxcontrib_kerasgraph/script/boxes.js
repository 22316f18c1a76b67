/** The boxes of a drawing: reached by keys, told of, and lit up with their neighbours. */

import { Lines } from "./lines.js";

/** @typedef {import("./diagram.js").Diagram} Diagram */

export class Boxes {
  /** @param {Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
    const { stage } = diagram;
    this.stage = stage;
    /** @type {SVGAElement[]} */
    this.all = [];
    /** @type {number[]} The places of boxes in the order of the data's flow. */
    this.order = [];
    /** The one that Tab leads to, and the one before. */
    this.current = this.last = 0;
    this.lines = new Lines(stage.svg, 0);
    /** @type {Element[]} */
    this.lit = [];
    /** @type {EventTarget | null} What was pointed at last. */
    this.over = null;
    /** @type {Element[]} What is lit up whenever nothing is pointed at. */
    this.kept = [];
    this.begin();
    const view = stage.view;
    view.addEventListener("click", (event) => this.choseBy(event));
    view.addEventListener("focusin", (event) => {
      const box = this.of(event);
      if (box < 0) return;
      this.choose(box);
      if (this.all[box].matches(":focus-visible")) this.tell(box);
    });
    view.addEventListener("focusout", () => this.rest());
    view.addEventListener("pointerenter", () => this.lines.widen());
    // Not by "pointerover", which is also told where the page moves under a pointer that rests.
    view.addEventListener("pointermove", (event) => this.pointed(event));
    view.addEventListener("pointerleave", () => {
      this.over = null;
      this.rest();
    });
  }

  /** Takes the boxes of the drawing that is shown now. */
  begin() {
    const { svg } = this.stage;
    this.all = [.../** @type {NodeListOf<any>} */ (svg.querySelectorAll("a"))];
    this.lines = new Lines(svg, this.all.length);
    this.order = this.all.map((_, at) => at);
    this.current = this.last = svg.querySelectorAll(".frames a").length % this.all.length;
    for (const title of svg.querySelectorAll("title")) {
      // Browsers would show it as a second tip.
      title.parentElement?.setAttribute("aria-description", title.textContent ?? "");
      title.remove();
    }
    this.all.forEach((box, at) => {
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", at === this.current ? "0" : "-1");
      if ((box.textContent ?? "").trim().length < 3) box.setAttribute("aria-label", this.name(at));
    });
    this.keep([]);
  }

  /** @param {number} box */
  name(box) {
    return said(this.all[box]).split("\n")[0];
  }

  /**
   * The place of the box at which something happens; -1 where there is none.
   * @param {Event} event
   */
  of({ target }) {
    return this.all.indexOf(/** @type {any} */ (/** @type {Element} */ (target).closest("a")));
  }

  /**
   * The lines at which something happens, and what they are.
   * @param {Event} event
   */
  linesOf({ target }) {
    const ends = /** @type {Element} */ (target).getAttribute("data-e");
    if (!ends) return null;
    const lines = this.lines.all.filter(({ element }) => element.getAttribute("data-e") === ends);
    const [{ from, to }] = lines;
    const names = [this.reached(from, "to"), this.reached(to, "from")].map((boxes) =>
      boxes.map((box) => this.name(box)).join(", "),
    );
    return { lines, text: `${names.join(" → ")}\n${this.diagram.wires(ends)}` };
  }

  /**
   * @param {number} end Of a line.
   * @param {"from" | "to"} way
   */
  reached(end, way) {
    return end < this.all.length ? [end] : this.lines.next(end, way).boxes;
  }

  /** @param {PointerEvent} event */
  pointed(event) {
    const { clientX: x, clientY: y, target } = event;
    if (event.pointerType === "touch" || target === this.over) return;
    this.over = target;
    const box = this.of(event);
    if (box >= 0) {
      this.tell(box);
      return;
    }
    this.rest();
    const lines = this.linesOf(event);
    if (lines) this.light(this.drawn(lines));
    const text = lines?.text ?? said(/** @type {Element} */ (target).closest("[aria-description]"));
    if (text) this.diagram.tip.show(new DOMRect(x, y, 8, 8), text);
  }

  /** @param {MouseEvent} event */
  choseBy(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const box = this.of(event);
    const lines = this.linesOf(event);
    if (lines) this.diagram.chooseLines(lines.lines, lines.text);
    if (box < 0) return;
    event.preventDefault();
    this.focus(box);
    void this.diagram.choose(box, false);
  }

  /**
   * Where a key leads from the box that has the focus.
   * @param {string} key
   */
  next(key) {
    const { order, current } = this;
    const isForth = /Down|Right/.test(key);
    if (/Down|Up/.test(key)) {
      const { boxes } = this.lines.next(current, isForth ? "from" : "to");
      if (boxes.includes(this.last)) return this.last;
      const middle = (/** @type {number} */ box) => {
        const { left, right } = this.all[box].getBoundingClientRect();
        return (left + right) / 2;
      };
      const aside = (/** @type {number} */ box) => Math.abs(middle(box) - middle(current));
      boxes.sort((one, other) => aside(one) - aside(other));
      if (boxes.length) return boxes[0];
    }
    if (key === "Home") return order[0];
    if (key === "End") return order[order.length - 1];
    return order[order.indexOf(current) + (isForth ? 1 : -1)] ?? current;
  }

  /** @param {number} box */
  choose(box) {
    this.all[this.current].setAttribute("tabindex", "-1");
    if (box !== this.current) this.last = this.current;
    this.current = box;
    this.all[box].setAttribute("tabindex", "0");
    this.reveal();
  }

  /** Has the current box in view, in the stage and in the window. */
  reveal() {
    this.stage.reveal(this.all[this.current]);
    this.all[this.current].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  focus(box = this.current) {
    this.all[box].focus({ preventScroll: true });
  }

  /**
   * Lights up a box and what is around, and tells of it.
   * @param {number} box
   */
  tell(box) {
    this.light(this.around(box));
    this.diagram.tip.show(this.all[box].getBoundingClientRect(), said(this.all[box]));
  }

  /**
   * A box, its lines, and what is at their other ends.
   * @param {number} box
   */
  around(box) {
    const [after, before] = [this.lines.next(box), this.lines.next(box, "to")];
    const boxes = [box, ...after.boxes, ...before.boxes];
    return this.drawn({ lines: [...after.lines, ...before.lines], boxes });
  }

  /** @param {{lines: import("./lines.js").Line[], boxes?: number[]}} things */
  drawn({ lines, boxes = lines.flatMap(({ from, to }) => [from, to]) }) {
    return [...boxes.flatMap((box) => this.all[box] ?? []), ...lines.map(({ element }) => element)];
  }

  /** @param {Element[]} elements */
  keep(elements) {
    this.kept = elements;
    this.rest();
  }

  rest() {
    this.diagram.tip.hide();
    this.light(this.kept);
  }

  /** @param {Element[]} elements */
  light(elements) {
    for (const one of this.lit) one.classList.remove("lit");
    this.lit = elements;
    for (const one of elements) one.classList.add("lit");
  }
}

/** @param {Element | null} element */
function said(element) {
  return element?.getAttribute("aria-description") ?? "";
}
