/** Sets up the diagrams of a page, each when it comes near the window. */

import { Diagram } from "./diagram.js";
import { opening } from "./stage.js";

/** @param {Element} host */
function rooted(host) {
  // Where a theme put the page in place by script, or a browser knows no declarative shadow roots.
  const template = host.querySelector("template");
  if (!host.shadowRoot && template) {
    host.attachShadow({ mode: "open" }).append(template.content);
    template.remove();
  }
  return host.shadowRoot;
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const root = isIntersecting ? rooted(target) : null;
      if (root) {
        near.unobserve(target);
        new Diagram(/** @type {HTMLElement} */ (target), root);
      }
    }
  },
  { rootMargin: "200px" },
);

// All have their heights at once, so that nothing moves when one scrolls to a place of the page.
const stages = [...document.querySelectorAll(".kerasgraph[data-src]")].map((host) => {
  near.observe(host);
  const stage = /** @type {HTMLElement} */ (rooted(host)?.querySelector(".stage"));
  return { stage, room: stage.clientWidth };
});
for (const { stage, room } of stages) {
  const svg = stage.querySelector("svg");
  const [width, height] = ["width", "height"].map((side) => Number(svg?.getAttribute(side)));
  if (room) stage.style.height = `${opening(room, width, height) * height}px`;
}
