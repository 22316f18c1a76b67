/** Tells in a few lines of what is pointed at, beside it; the panel tells all. */

import { make } from "./dom.js";

export class Tip {
  /** @param {HTMLElement} view */
  constructor(view) {
    this.view = view;
    // Those who don't see it are told the same by the descriptions of boxes.
    this.element = make("div", { class: "tip", "aria-hidden": "true" });
    this.hide();
    view.append(this.element);
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {{left: number, right: number, top: number, bottom: number}} place In the window.
   * @param {string} text
   */
  show({ left, right, top, bottom }, text) {
    this.element.textContent = text;
    this.element.hidden = false;
    const { offsetWidth, offsetHeight, style } = this.element;
    const view = this.view.getBoundingClientRect();
    // Below and above is where its neighbours are, mostly.
    const end = this.view.dataset.panel === "beside" ? view.right - 332 : view.right;
    const isBeside = right + offsetWidth + 8 < end;
    const below = bottom + offsetHeight + 8 < window.innerHeight ? bottom + 6 : top - 6 - offsetHeight;
    const x = isBeside ? right + 8 : Math.min(left, end - offsetWidth);
    style.left = `${Math.max(0, x - view.left)}px`;
    style.top = `${(isBeside ? top : below) - view.top}px`;
  }
}
