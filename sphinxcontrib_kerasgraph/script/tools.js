/** The bar above a drawing: what one can do with it. */

import { button, make } from "./dom.js";
import { _ } from "./words.js";

/** @typedef {import("./stage.js").Stage} Stage */

/**
 * @param {Stage} stage
 * @param {HTMLElement} view What is shown in full screen.
 * @param {() => void} find
 * @param {Object<string, () => unknown>} more What is offered in a menu.
 */
export function tools(stage, view, find, more) {
  const full = tool(_("Full screen"), "M9 7l5-5M10 2h4v4M7 9l-5 5M2 10v4h4", () =>
    document.fullscreenElement ? document.exitFullscreen() : view.requestFullscreen(),
  );
  const opener = tool(_("More"), "M2.5 8h.8M7.6 8h.8M12.7 8h.8", () => {});
  const buttons = [
    tool(_("Smaller"), "M3 8h10", () => stage.step(-1)),
    tool(_("Larger"), "M3 8h10M8 3v10", () => stage.step(1)),
    tool(_("Show all of it"), "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", () => stage.fit("whole")),
    tool(_("Find a layer"), "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2M10.6 10.6 14 14", find),
    ...(document.fullscreenEnabled ? [full] : []),
    opener,
  ];
  const bar = make("div", { class: "tools", role: "toolbar", "aria-label": _("Drawing") }, ...buttons);
  roving(bar, buttons);
  bar.append(menu(opener, view, more));
  return bar;
}

/**
 * @param {string} name
 * @param {string} icon Drawn by a line on a field of 16 by 16.
 * @param {() => unknown} act
 */
function tool(name, icon, act) {
  const made = /** @type {HTMLButtonElement} */ (button(name, "", act));
  made.innerHTML = `<svg viewBox="0 0 16 16"><path d="${icon}"/></svg>`;
  return made;
}

/**
 * Makes buttons one stop of the Tab key, within which arrows move.
 * @param {HTMLElement} bar
 * @param {HTMLElement[]} buttons
 */
function roving(bar, buttons) {
  const stop = (/** @type {HTMLElement} */ at) =>
    buttons.forEach((one) => (one.tabIndex = one === at ? 0 : -1));
  stop(buttons[0]);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (at < 0 || !step) return;
    const next = buttons.at((at + step) % buttons.length) ?? buttons[0];
    stop(next);
    next.focus();
    event.preventDefault();
  });
}

/**
 * @param {HTMLButtonElement} opener
 * @param {HTMLElement} view
 * @param {Object<string, () => unknown>} more
 */
function menu(opener, view, more) {
  const list = make("div", { class: "menu", popover: "" });
  list.append(...Object.entries(more).map(([name, act]) => button(name, name, act)));
  // The link that stands below where there is no script.
  list.append(...(view.parentNode?.querySelectorAll(".alone a") ?? []));
  list.addEventListener("click", () => list.hidePopover());
  opener.popoverTargetElement = list;
  list.addEventListener("beforetoggle", () => {
    const { right, bottom } = opener.getBoundingClientRect();
    list.style.top = `${bottom + window.scrollY}px`;
    list.style.right = `${document.documentElement.clientWidth - right - window.scrollX}px`;
  });
  return list;
}
