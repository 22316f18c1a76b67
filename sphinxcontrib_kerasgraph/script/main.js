/** Sets up the diagrams of a page, each when it comes near the window, and has links lead into them. */

import { Diagram } from "./diagram.js";
import { Stage } from "./stage.js";

/** @type {Map<Element, Stage>} */
const stages = new Map();
const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      setUp(target);
    }
  },
  { rootMargin: "200px" },
);

/**
 * @param {any} host
 * @returns {Diagram | undefined} By which `serve/live.js` finds it, too.
 */
function setUp(host) {
  const stage = stages.get(host);
  if (!stage) return undefined;
  near.unobserve(host);
  return (host.diagram ??= new Diagram(host, stage));
}

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("a[data-call]");
  if (!(link instanceof HTMLAnchorElement) || !link.hash) return;
  const host = document.querySelector(link.hash);
  const diagram = host && setUp(host);
  if (!diagram) return;
  event.preventDefault();
  host.scrollIntoView();
  diagram.show(link.dataset.call ?? "");
});

for (const host of document.querySelectorAll(".kerasgraph[data-src]")) {
  const template = host.querySelector("template");
  // Where a theme put the page in place by script, or a browser knows no declarative shadow roots.
  if (template) host.attachShadow({ mode: "open" }).append(template.content);
  template?.remove();
  const stage = host.shadowRoot?.querySelector(".stage");
  if (stage) stages.set(host, new Stage(/** @type {HTMLElement} */ (stage)));
  near.observe(host);
}
// All have their heights at once, so that nothing moves when one scrolls to a place of the page.
const scales = [...stages.values()].map((stage) => (stage.room ? stage.opening : 0));
[...stages.values()].forEach(({ view, height }, at) => {
  if (scales[at]) view.style.height = `${scales[at] * height}px`;
});
