/** The boxes of a drawing: reached by keys, and lit up with their neighbours. */

/** @typedef {import("./stage.js").Stage} Stage */

/**
 * @typedef {object} Heard What is done when a box is chosen.
 * @property {(box: number) => void} choose
 * @property {() => void} leave
 */

export class Boxes {
  /**
   * @param {Stage} stage
   * @param {Heard} heard
   */
  constructor(stage, heard) {
    this.stage = stage;
    this.heard = heard;
    /** @type {SVGAElement[]} */
    this.all = [];
    this.current = 0;
    /** @type {Map<number, number[]>} */
    this.after = new Map();
    /** @type {Map<number, number[]>} */
    this.before = new Map();
    /** @type {Element[]} */
    this.lit = [];
    const view = stage.view;
    view.addEventListener("click", (event) => this.clicked(event));
    view.addEventListener("keydown", (event) => this.pressed(event));
    view.addEventListener("focusin", (event) => this.light(this.of(event)));
    view.addEventListener("focusout", () => this.light(-1));
    view.addEventListener("pointerover", (event) => this.light(this.of(event)));
    view.addEventListener("pointerleave", () => this.light(-1));
    this.begin();
  }

  /** Takes the boxes of the drawing that is shown now. */
  begin() {
    const boxes = /** @type {unknown} */ (this.stage.svg.querySelectorAll("a"));
    this.all = [.../** @type {NodeListOf<SVGAElement>} */ (boxes)];
    this.current = Math.max(0, this.all.findIndex((box) => box.parentElement?.matches(".boxes")));
    this.after.clear();
    this.before.clear();
    for (const line of this.stage.svg.querySelectorAll("[data-e]")) {
      const [from, to] = ends(line);
      push(this.after, from, to);
      push(this.before, to, from);
    }
    this.all.forEach((box, at) => {
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", at === this.current ? "0" : "-1");
    });
  }

  /**
   * The place of the box at which something happens; -1 where there is none.
   * @param {Event} event
   */
  of(event) {
    const box = /** @type {Element} */ (event.target).closest("a");
    return this.all.indexOf(/** @type {any} */ (box));
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const box = this.of(event);
    if (box < 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.focus(box);
    this.heard.choose(box);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const box = this.of(event);
    const last = this.all.length - 1;
    const first = this.all.findIndex((one) => one.parentElement?.matches(".boxes"));
    /** @type {Record<string, () => number>} */
    const ways = {
      ArrowRight: () => Math.min(last, box + 1),
      ArrowLeft: () => Math.max(0, box - 1),
      ArrowDown: () => this.after.get(box)?.[0] ?? -1,
      ArrowUp: () => this.before.get(box)?.[0] ?? -1,
      Home: () => first,
      End: () => last,
    };
    if (event.key === "Escape") {
      this.heard.leave();
    } else if (box >= 0 && (event.key === "Enter" || event.key === " ")) {
      this.heard.choose(box);
    } else if (box >= 0 && event.key in ways) {
      const next = ways[event.key]();
      if (next >= 0) this.focus(next);
    } else return;
    event.preventDefault();
  }

  /** @param {number} box */
  focus(box) {
    this.all[this.current]?.setAttribute("tabindex", "-1");
    this.current = box;
    this.all[box].setAttribute("tabindex", "0");
    this.all[box].focus({ preventScroll: true });
    this.stage.reveal(this.all[box]);
  }

  /**
   * Lights up a box, its lines, and what is at their other ends.
   * @param {number} box
   */
  light(box) {
    for (const one of this.lit) one.classList.remove("lit");
    this.lit = [];
    if (box < 0) return;
    const near = new Set([box, ...(this.after.get(box) ?? []), ...(this.before.get(box) ?? [])]);
    this.lit = [...near].map((at) => this.all[at]);
    for (const line of this.stage.svg.querySelectorAll("[data-e]")) {
      if (ends(line).includes(box)) this.lit.push(line);
    }
    for (const one of this.lit) one.classList.add("lit");
  }
}

/** @param {Element} line */
function ends(line) {
  const said = line.getAttribute("data-e") ?? "";
  return said.split(" ").map((end) => (end ? Number(end) : -1));
}

/**
 * @param {Map<number, number[]>} map
 * @param {number} from
 * @param {number} to
 */
function push(map, from, to) {
  if (from < 0 || to < 0) return;
  const there = map.get(from) ?? [];
  there.push(to);
  map.set(from, there);
}
