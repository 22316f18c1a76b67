/** The drawing as a file of its own: SVG with its colours in it, or PNG. */

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "text-anchor"];

/** @param {SVGSVGElement} svg */
export function asText(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  copy.removeAttribute("style");
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, at) => {
    const style = getComputedStyle(originals[at]);
    for (const name of ["class", "role", "tabindex", "data-e", "aria-label"]) element.removeAttribute(name);
    const said = STYLES.map((name) => [name, style.getPropertyValue(name)]);
    for (const [name, value] of said) {
      if (name === "font" ? /text|tspan/.test(element.tagName) : value) element.setAttribute(name === "font" ? "style" : name, name === "font" ? `font:${value}` : value);
    }
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** @param {SVGSVGElement} svg */
export function download(svg) {
  const url = URL.createObjectURL(new Blob([asText(svg)], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "model.svg";
  link.click();
  URL.revokeObjectURL(url);
}
