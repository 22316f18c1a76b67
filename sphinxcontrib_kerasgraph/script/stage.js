/** Zooms a drawing by a CSS transform, and moves it by native scrolling. */

/** Text that is shrunk further isn't read at ease. */
const LEGIBLE = 0.7;
const LARGEST = 8;
/** How much of the window's height a drawing takes, at most. */
const HEIGHT = 0.8;
const STEP = 1.3;
/** As far as the gradients of the style sheet go. */
const FADE = 32;

/** @typedef {{x: number, y: number}} Point in pixels of the window. */

/**
 * The scale at which all of a drawing is seen; what is smaller than the page stays so.
 * @param {number} room
 * @param {number} width
 * @param {number} height
 */
function whole(room, width, height) {
  return Math.min(1, room / width, (window.innerHeight * HEIGHT) / height);
}

/**
 * The scale of a drawing at first: all of it is seen if that is legible.
 * @param {number} room
 * @param {number} width
 * @param {number} height
 */
export function opening(room, width, height, all = whole(room, width, height)) {
  return all >= LEGIBLE ? all : Math.max(LEGIBLE, Math.min(1, room / width));
}

export class Stage {
  /** @param {HTMLElement} view The box that scrolls. */
  constructor(view) {
    this.view = view;
    this.sheet = /** @type {HTMLElement} */ (view.firstElementChild);
    this.scale = 1;
    /** @type {"opening" | "whole" | null} By what the scale was chosen; by the reader if null. */
    this.mode = null;
    this.svg = /** @type {SVGSVGElement} */ (this.sheet.querySelector("svg"));
    this.width = this.height = 0;
    /** @type {Element | null} What stays in view when the window's size changes. */
    this.seen = null;
    this.timer = 0;
    view.addEventListener("scroll", () => this.fade(), { passive: true });
    this.show(this.svg);
    let size = "";
    new ResizeObserver(() => {
      const now = `${this.room} ${view.clientHeight}`;
      if (this.room && now !== size && size) this.resized();
      if (this.room) size = now;
    }).observe(view);
  }

  /**
   * Shows a drawing in place of the one before.
   * @param {SVGSVGElement} svg
   */
  show(svg) {
    if (svg !== this.svg) {
      this.svg.replaceWith(svg);
      this.svg = svg;
    }
    this.seen = null;
    this.width = Number(svg.getAttribute("width"));
    this.height = Number(svg.getAttribute("height"));
  }

  get whole() {
    if (!this.view.closest(":fullscreen")) return whole(this.room, this.width, this.height);
    return Math.min(2, this.room / this.width, this.view.clientHeight / this.height);
  }

  get opening() {
    return opening(this.room, this.width, this.height, this.whole);
  }

  get room() {
    return this.view.clientWidth;
  }

  /** Shows all of it if that is legible, else its input. */
  open() {
    this.fit("opening");
    const first = this.svg.querySelector(".boxes a");
    if (!first) return;
    this.view.scrollTop = 0;
    const { left, right } = first.getBoundingClientRect();
    this.view.scrollLeft += (left + right) / 2 - this.middle.x;
    this.into(first);
    this.fade();
  }

  /** Shows all of it, or what is seen of it at first. */
  fit(/** @type {"opening" | "whole"} */ mode = "whole") {
    this.mode = mode;
    this.seen = null;
    this.resize(this[mode]);
    this.fade();
  }

  /** Fits the drawing anew, unless the reader chose how it is seen. */
  resized() {
    const { mode, seen } = this;
    if (mode && Math.abs(this[mode] - this.scale) > 0.001) mode === "whole" ? this.fit() : this.open();
    if (seen?.isConnected) this.reveal(seen);
    this.fade();
  }

  /**
   * Sets the scale; what is smaller than the window is centered.
   * @param {number} scale
   */
  resize(scale) {
    this.scale = scale;
    this.svg.style.transform = `scale(${scale})`;
    this.sheet.style.width = `${this.width * scale}px`;
    this.sheet.style.height = `${this.height * scale}px`;
    this.sheet.style.margin = this.view.style.height = "";
    // Then a finger moves it up and down, else the page.
    this.view.toggleAttribute("data-zoomed", !this.mode);
  }

  /**
   * Zooms, and keeps what is at a point where it is.
   * @param {number} scale
   * @param {Point} [point] The middle if not given.
   * @param {Point} [was] Where it was before, if it moves.
   */
  zoom(scale, point = this.middle, was = point) {
    const { view, sheet } = this;
    const wanted = Math.min(LARGEST, scale);
    if (wanted <= this.whole) return this.fit();
    const frame = view.getBoundingClientRect();
    const before = sheet.getBoundingClientRect();
    const grown = wanted / this.scale;
    // Where the drawing has to start, from the start of the window on.
    const x = point.x - (was.x - before.left) * grown - frame.left;
    const y = point.y - (was.y - before.top) * grown - frame.top;
    const high = Math.max(frame.height, Math.min(window.innerHeight * HEIGHT, this.height * wanted));
    const wide = this.room;
    this.mode = this.seen = null;
    this.resize(wanted);
    view.style.height = `${high}px`;
    // It is moved there by whole pixels that are scrolled, and margins of what is left.
    const [left, top] = [-x, -y].map((hidden) => Math.max(0, Math.ceil(hidden)));
    // A pixel more, since browsers round the sizes of what scrolls.
    const right = Math.max(0, wide - x - this.width * wanted) + (left && 1);
    const below = Math.max(0, high - y - this.height * wanted) + (top && 1);
    sheet.style.margin = `${top + y}px ${right}px ${below}px ${left + x}px`;
    view.scrollTo(left, top);
    this.fade();
  }

  /** @param {number} steps In; out if negative. */
  step(steps) {
    this.zoom(this.scale * STEP ** steps);
  }

  get middle() {
    const view = this.view.getBoundingClientRect();
    return { x: (view.left + view.right) / 2, y: (view.top + view.bottom) / 2 };
  }

  /**
   * Scrolls until an element of the drawing is in view, with some room around.
   * @param {Element} element
   */
  reveal(element) {
    this.seen = element;
    this.into(element);
  }

  /** @param {Element} element */
  into(element) {
    const box = element.getBoundingClientRect();
    const view = this.view.getBoundingClientRect();
    const room = 24;
    this.view.scrollLeft += beyond(box.left, box.right, view.left + room, view.right - room);
    this.view.scrollTop += beyond(box.top, box.bottom, view.top + room, view.bottom - room);
  }

  /** Has the edges fade at which the drawing goes on. */
  fade() {
    const view = this.view.getBoundingClientRect();
    const { left, right, top, bottom } = this.sheet.getBoundingClientRect();
    const more = [
      left < view.left - 1 && "left",
      right > view.left + this.room + 1 && "right",
      top < view.top - 1 && "up",
      bottom > view.top + this.view.clientHeight + 1 && "down",
    ];
    const said = more.filter(Boolean).join(" ");
    if (said === this.view.dataset.more) return;
    this.view.dataset.more = said;
    // The mask fades at all edges; where nothing should fade, it is larger than what it is for.
    const [w, e, n, s] = more.map((isCut) => (isCut ? 0 : FADE));
    this.view.style.maskPosition = `${-w}px 0, 0 ${-n}px`;
    this.view.style.maskSize = `calc(100% + ${w + e}px) 100%, 100% calc(100% + ${n + s}px)`;
  }

  /** Has the drawing move as a picture for a while, which is neither hit nor drawn anew. */
  moves() {
    // Not by a class: some themes have rules for which browsers then look at all boxes again.
    this.view.toggleAttribute("data-moving", true);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.view.removeAttribute("data-moving"), 200);
  }
}

/**
 * How far to scroll so that what is from `low` to `high` is within `from` and `to`.
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 */
function beyond(low, high, from, to) {
  if (low < from || high - low > to - from) return low - from;
  return Math.max(0, high - to);
}
