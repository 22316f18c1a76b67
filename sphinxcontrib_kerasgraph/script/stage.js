/** Zooms a drawing by a CSS transform, and moves it by native scrolling. */

/** Text that is shrunk further isn't read at ease. */
const LEGIBLE = 0.7;
const LARGEST = 8;
/** How much of the window's height a drawing takes, at most. */
const HEIGHT = 0.85;
const STEP = 1.3;

/** @typedef {{x: number, y: number}} Point in pixels of the window. */

export class Stage {
  /** @param {HTMLElement} view The box that scrolls. */
  constructor(view) {
    this.view = view;
    this.sheet = /** @type {HTMLElement} */ (view.firstElementChild);
    this.scale = 1;
    this.svg = /** @type {SVGSVGElement} */ (this.sheet.querySelector("svg"));
    this.width = this.height = 0;
    view.addEventListener("scroll", () => this.fade(), { passive: true });
    this.show(this.svg);
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
    this.width = Number(svg.getAttribute("width"));
    this.height = Number(svg.getAttribute("height"));
  }

  /** The scale at which all of it is seen, but for what is smaller than the window. */
  get whole() {
    const across = this.room / this.width;
    return Math.min(1, across, (window.innerHeight * HEIGHT) / this.height);
  }

  get room() {
    return this.view.clientWidth;
  }

  /** Shows all of it if that is legible, else its input. */
  open() {
    const whole = this.whole;
    const across = Math.min(1, this.room / this.width);
    this.resize(whole >= LEGIBLE ? whole : Math.max(LEGIBLE, across));
    this.view.scrollTop = 0;
    const first = this.svg.querySelector(".boxes a");
    if (first) {
      const box = first.getBoundingClientRect();
      const view = this.view.getBoundingClientRect();
      this.view.scrollLeft += (box.left + box.right - view.left - view.right) / 2;
      this.reveal(first);
    }
    this.fade();
  }

  /** Shows all of it. */
  fit() {
    this.resize(this.whole);
    this.fade();
  }

  /** @param {number} scale */
  resize(scale) {
    this.scale = scale;
    this.svg.style.transform = `scale(${scale})`;
    this.sheet.style.width = `${this.width * scale}px`;
    this.sheet.style.height = `${this.height * scale}px`;
  }

  /**
   * Zooms, and keeps what is at a point where it is.
   * @param {number} scale
   * @param {Point} [point] The middle if not given.
   */
  zoom(scale, point = this.middle) {
    const wanted = Math.min(LARGEST, Math.max(Math.min(0.1, this.whole), scale));
    const before = this.sheet.getBoundingClientRect();
    const x = (point.x - before.left) / this.scale;
    const y = (point.y - before.top) / this.scale;
    this.resize(wanted);
    const after = this.sheet.getBoundingClientRect();
    this.view.scrollLeft += after.left + x * wanted - point.x;
    this.view.scrollTop += after.top + y * wanted - point.y;
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
    const box = element.getBoundingClientRect();
    const view = this.view.getBoundingClientRect();
    const room = 24;
    this.view.scrollLeft += beyond(box.left, box.right, view.left + room, view.right - room);
    this.view.scrollTop += beyond(box.top, box.bottom, view.top + room, view.bottom - room);
  }

  /** Has the edges fade at which the drawing goes on. */
  fade() {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this.view;
    const list = this.view.classList;
    list.toggle("more-left", scrollLeft > 1);
    list.toggle("more-up", scrollTop > 1);
    list.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
    list.toggle("more-down", scrollTop + clientHeight < scrollHeight - 1);
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
