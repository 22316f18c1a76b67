/** Sets up the diagrams of a page, each when it comes near the window. */

import { Diagram } from "./diagram.js";

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

for (const host of document.querySelectorAll(".kerasgraph[data-src]")) {
  near.observe(host);
}
