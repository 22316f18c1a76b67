/** The bar above a drawing: what one can do with it. */

import { button, make } from "./dom.js";

/** @typedef {import("./stage.js").Stage} Stage */

/** Drawn by a line on a field of 16 by 16. */
const ICONS = {
  smaller: "M3 8h10",
  larger: "M3 8h10M8 3v10",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  find: "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2M10.6 10.6 14 14",
  full: "M9 7l5-5M10 2h4v4M7 9l-5 5M2 10v4h4",
  more: "M2.5 8h.01M8 8h.01M13.5 8h.01",
};

/**
 * @param {Stage} stage
 * @param {HTMLElement} view What is shown in full screen.
 * @param {() => void} find
 * @param {Object<string, () => void>} more What is offered in a menu.
 */
export function tools(stage, view, find, more) {
  const full = tool("Full screen", "full", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void view.requestFullscreen();
  });
  full.hidden = !document.fullscreenEnabled;
  const buttons = [
    tool("Smaller", "smaller", () => stage.step(-1)),
    tool("Larger", "larger", () => stage.step(1)),
    tool("Show all of it", "fit", () => stage.fit()),
    tool("Find a layer", "find", find),
    full,
    tool("More", "more", () => {}),
  ];
  const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "Drawing" }, ...buttons);
  roving(bar, buttons);
  bar.append(menu(buttons[5], view, more));
  return bar;
}

/**
 * @param {string} name
 * @param {keyof ICONS} icon
 * @param {() => void} act
 */
function tool(name, icon, act) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${icon}`);
  svg.append(document.createElementNS(space, "path"));
  svg.children[0].setAttribute("d", ICONS[icon]);
  return /** @type {HTMLButtonElement} */ (button(name, svg, act));
}

/**
 * Makes buttons one stop of the Tab key, within which arrows move.
 * @param {HTMLElement} bar
 * @param {HTMLButtonElement[]} buttons
 */
function roving(bar, buttons) {
  const stop = (/** @type {HTMLElement} */ at) =>
    buttons.forEach((one) => (one.tabIndex = one === at ? 0 : -1));
  stop(buttons[0]);
  bar.addEventListener("keydown", (event) => {
    const there = buttons.filter((one) => !one.hidden);
    const at = there.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (at < 0 || !step) return;
    const next = there[(at + step + there.length) % there.length];
    stop(next);
    next.focus();
    event.preventDefault();
  });
}

/**
 * @param {HTMLButtonElement} opener
 * @param {HTMLElement} view
 * @param {Object<string, () => void>} more
 */
function menu(opener, view, more) {
  const acts = Object.entries(more).map(([name, act]) => {
    const one = make("button", { type: "button" }, name);
    one.addEventListener("click", () => (list.hidePopover(), act()));
    return one;
  });
  // The link that stands below where there is no script.
  const alone = view.parentNode?.querySelector(".alone");
  if (alone) acts.push(/** @type {HTMLElement} */ (alone.firstElementChild));
  const list = make("div", { class: "menu", popover: "" }, ...acts);
  opener.popoverTargetElement = list;
  list.addEventListener("beforetoggle", () => {
    const { right, bottom } = opener.getBoundingClientRect();
    list.style.top = `${bottom + window.scrollY}px`;
    list.style.right = `${document.documentElement.clientWidth - right - window.scrollX}px`;
  });
  return list;
}
