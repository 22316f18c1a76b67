/** Zooms a drawing by a CSS transform, and moves it by native scrolling. */

/** Text that is shrunk further isn't read at ease. */
const LEGIBLE = 0.7;
const LARGEST = 8;
/** How much of the window's height a drawing takes, at most. */
const HEIGHT = 0.8;
const STEP = 1.3;
/** How far a drawing fades that goes on. */
const FADE = 32;
/** How far what is revealed is from the edges. */
const ROOM = 24;
/** What differs between two models. */
const CHANGED = ":is(.edge-added, .edge-removed, .edge-changed)";

/** @typedef {{clientX: number, clientY: number}} Point */

export class Stage {
  /** @param {HTMLElement} view The box that scrolls. */
  constructor(view) {
    this.view = view;
    this.sheet = /** @type {HTMLElement} */ (view.firstElementChild);
    this.scale = 1;
    /** @type {"opening" | "whole" | null} By what the scale was chosen; by the reader if null. */
    this.mode = null;
    this.svg = /** @type {SVGSVGElement} */ (this.sheet.querySelector("svg"));
    /** @type {Element | null} What stays in view when the window's size changes. */
    this.seen = null;
    this.timer = 0;
  }

  /** Has the drawing fit whenever there is another room for it. */
  observe() {
    const { view } = this;
    let size = "";
    view.addEventListener("scroll", () => this.fade(), { passive: true });
    new ResizeObserver(() => {
      const now = `${this.room} ${view.clientHeight}`;
      if (!this.room || now === size) return;
      size = now;
      this.resized();
    }).observe(view);
  }

  /**
   * Shows a drawing in place of the one before.
   * @param {SVGSVGElement} svg
   */
  show(svg) {
    this.svg.replaceWith(svg);
    this.svg = svg;
    this.seen = null;
  }

  get width() {
    return Number(this.svg.getAttribute("width"));
  }

  get height() {
    return Number(this.svg.getAttribute("height"));
  }

  get room() {
    return this.view.clientWidth;
  }

  /** The scale at which all is seen; what is smaller than the page stays so. */
  get whole() {
    const { view } = this;
    const high = view.closest(":fullscreen") ? view.clientHeight : window.innerHeight * HEIGHT;
    return Math.min(1, this.room / this.width, high / this.height);
  }

  /** The scale at first: all is seen if that is legible. */
  get opening() {
    const { whole } = this;
    return whole >= LEGIBLE ? whole : Math.min(1, Math.max(LEGIBLE, this.room / this.width));
  }

  /**
   * Shows all of it, or, if that isn't legible at first, the first change, or its input.
   * @param {"opening" | "whole"} mode
   */
  fit(mode) {
    const { svg, view } = this;
    this.mode = mode;
    this.resize(this[mode]);
    const change = svg.querySelector(`.boxes a > ${CHANGED}`) ?? svg.querySelector(`.lines ${CHANGED}`);
    const first = change ?? svg.querySelector(".boxes a");
    if (first) {
      view.scrollTop = 0;
      const { left, right, bottom } = first.getBoundingClientRect();
      view.scrollLeft += (left + right) / 2 - this.middle.clientX;
      // With what is around it.
      if (bottom > view.getBoundingClientRect().bottom - FADE) view.scrollTop += bottom - this.middle.clientY;
      this.reveal(first);
    }
    this.seen = null;
    this.fade();
  }

  /** Fits the drawing anew, unless the reader chose how it is seen. */
  resized() {
    const { mode, seen } = this;
    if (mode && Math.abs(this[mode] - this.scale) > 0.001) this.fit(mode);
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
    this.sheet.style.margin = "";
    if (this.mode) this.view.style.height = "";
    // Then a finger moves it up and down, else the page.
    this.view.toggleAttribute("data-zoomed", !this.mode);
  }

  /**
   * Zooms, and keeps what is at a point where it is.
   * @param {number} factor
   * @param {Point} [point] The middle if not given.
   * @param {Point} [was] Where it was before, if it moves.
   */
  zoom(factor, point = this.middle, was = point) {
    const { view, sheet, whole } = this;
    const scale = Math.min(LARGEST, this.scale * factor);
    if (scale <= whole) {
      if (this.mode !== "whole") this.fit("whole");
      return;
    }
    const frame = view.getBoundingClientRect();
    const before = sheet.getBoundingClientRect();
    const grown = scale / this.scale;
    const [wide, high] = [this.width * scale, this.height * scale];
    // Where the drawing has to start, from the start of the window on.
    const x = point.clientX - (was.clientX - before.left) * grown - frame.left;
    const y = point.clientY - (was.clientY - before.top) * grown - frame.top;
    // The page is laid out again when the height changes: once, after a movement.
    const most = view.matches("[data-moving]") ? 0 : Math.min(window.innerHeight * HEIGHT, high);
    const height = Math.max(frame.height, most);
    this.mode = this.seen = null;
    const room = this.room;
    this.resize(scale);
    view.style.height = `${height}px`;
    // It is moved there by whole pixels that are scrolled, and margins of what is left.
    const [left, top] = [-x, -y].map((hidden) => Math.max(0, Math.ceil(hidden)));
    // A pixel more, since browsers round the sizes of what scrolls.
    const right = Math.max(0, room - x - wide) + (left && 1);
    const below = Math.max(0, height - y - high) + (top && 1);
    sheet.style.margin = `${top + y}px ${right}px ${below}px ${left + x}px`;
    view.scrollTo(left, top);
    this.fade();
  }

  /** @param {1 | -1} way In; out if negative. */
  step(way) {
    this.zoom(STEP ** way);
  }

  get middle() {
    const { left, right, top, bottom } = this.view.getBoundingClientRect();
    return { clientX: (left + right) / 2, clientY: (top + bottom) / 2 };
  }

  /**
   * Scrolls until an element of the drawing is in view, with some room around.
   * @param {Element} element
   */
  reveal(element) {
    this.seen = element;
    const box = element.getBoundingClientRect();
    const { left, right, top, bottom } = this.view.getBoundingClientRect();
    this.view.scrollLeft += beyond(box.left, box.right, left + ROOM, right - ROOM);
    this.view.scrollTop += beyond(box.top, box.bottom, top + ROOM, bottom - ROOM);
  }

  /** Has the edges fade at which the drawing goes on. */
  fade() {
    const view = this.view.getBoundingClientRect();
    const { left, right, top, bottom } = this.sheet.getBoundingClientRect();
    const more = {
      left: left < view.left - 1,
      right: right > view.left + this.room + 1,
      up: top < view.top - 1,
      down: bottom > view.top + this.view.clientHeight + 1,
    };
    const said = Object.entries(more).flatMap(([edge, isCut]) => (isCut ? edge : [])).join(" ");
    if (said === this.view.dataset.more) return;
    this.view.dataset.more = said;
    const [w, e, n, s] = Object.values(more).map((isCut) => `${isCut ? FADE : 0}px`);
    this.view.style.maskImage =
      `linear-gradient(to right, #0000, #000 ${w} calc(100% - ${e}), #0000),` +
      `linear-gradient(#0000, #000 ${n} calc(100% - ${s}), #0000)`;
  }

  /** Has the drawing move as a picture for a while, which is neither hit nor drawn anew. */
  moves() {
    // Not by a class: some themes have rules for which browsers then look at all boxes again.
    this.view.toggleAttribute("data-moving", true);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.view.removeAttribute("data-moving");
      if (!this.mode) this.zoom(1);
    }, 200);
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
