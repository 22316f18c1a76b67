/** The drawing that is shown as a file of its own: SVG with its colours in it, or PNG. */

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "text-anchor"];
const SHAPES = "path, rect, circle, text, tspan";
/** Pixels of a PNG for one of the page. */
const DENSITY = 2;

/**
 * The drawing so that it looks the same where nothing of the page is.
 * @param {SVGSVGElement} svg
 */
export function asText(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const shown = svg.querySelectorAll("*");
  copy.removeAttribute("style");
  copy.style.background = ground(svg);
  copy.querySelectorAll("*").forEach((element, at) => {
    const told = element.getAttribute("aria-description");
    for (const { name } of [...element.attributes]) {
      if (/^(class|role|tabindex|href|data-|aria-)/.test(name)) element.removeAttribute(name);
    }
    if (element.matches(SHAPES)) {
      const style = getComputedStyle(shown[at]);
      const own = /** @type {SVGElement} */ (element).style;
      for (const name of STYLES) own.setProperty(name, style.getPropertyValue(name));
    }
    if (!told) return;
    const title = document.createElementNS(svg.namespaceURI, "title");
    title.textContent = told;
    element.prepend(title);
  });
  return new XMLSerializer().serializeToString(copy);
}

/**
 * The colour that is seen behind an element.
 * @param {Node | null} node
 */
function ground(node) {
  for (; node; node = node.parentNode ?? /** @type {ShadowRoot} */ (node).host) {
    const color = node instanceof Element ? getComputedStyle(node).backgroundColor : "";
    if (color && !/, 0\)$/.test(color)) return color;
  }
  return "Canvas";
}

/**
 * Paints by itself, since policies of pages forbid images that aren't files.
 * @param {SVGSVGElement} svg
 * @returns {Promise<Blob | null>}
 */
export function asPng(svg) {
  const canvas = document.createElement("canvas");
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { width, height } = svg.viewBox.baseVal;
  const scale = (Number(svg.getAttribute("width")) / width) * DENSITY;
  Object.assign(canvas, { width: width * scale, height: height * scale });
  to.fillStyle = ground(svg);
  to.fillRect(0, 0, canvas.width, canvas.height);
  to.scale(scale, scale);
  for (const shape of svg.querySelectorAll(SHAPES)) {
    if (shape.closest("defs")) continue;
    const { fill, stroke, strokeWidth, strokeDasharray, font, textAnchor, markerEnd } =
      getComputedStyle(shape);
    const number = (/** @type {string} */ name) =>
      Number(shape.getAttribute(name) ?? shape.parentElement?.getAttribute(name));
    Object.assign(to, { fillStyle: fill, strokeStyle: stroke, lineWidth: parseFloat(strokeWidth), font });
    if (shape.matches("text, tspan")) {
      to.textAlign = textAnchor === "middle" ? "center" : "left";
      // What follows the first words is in elements of its own.
      to.fillText(shape.firstChild?.nodeValue?.trim() ?? "", number("x"), number("y"));
      continue;
    }
    const path = new Path2D(shape.getAttribute("d") ?? "");
    if (shape.matches("rect")) {
      path.roundRect(number("x"), number("y"), number("width"), number("height"), number("rx"));
    } else if (shape.matches("circle")) path.arc(number("cx"), number("cy"), number("r"), 0, 7);
    to.setLineDash(strokeDasharray.split(",").map(parseFloat).filter(Boolean));
    if (fill !== "none") to.fill(path);
    if (stroke !== "none") to.stroke(path);
    const marker = svg.querySelector(/#[\w-]+(?=")/.exec(markerEnd)?.[0] ?? "no-marker");
    if (marker) head(to, /** @type {SVGPathElement} */ (shape), marker);
  }
  return new Promise((resolve) => canvas.toBlob(resolve));
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {SVGPathElement} line
 * @param {Element} marker
 */
function head(to, line, marker) {
  const length = line.getTotalLength();
  const [end, before] = [length, length - 0.5].map((at) => line.getPointAtLength(at));
  const place = new DOMMatrix().translate(end.x, end.y);
  const path = new Path2D();
  path.addPath(
    new Path2D(marker.firstElementChild?.getAttribute("d") ?? ""),
    place.rotateFromVector(end.x - before.x, end.y - before.y),
  );
  to.fillStyle = to.strokeStyle;
  to.fill(path);
}

/**
 * @param {string} name
 * @param {Blob | null} content
 */
export function download(name, content) {
  if (!content) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
