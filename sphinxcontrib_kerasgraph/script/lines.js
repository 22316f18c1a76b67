/** The lines of a drawing: what they join, and the ways along them. */

/**
 * @typedef {object} Line
 * @property {Element} element
 * @property {number} from The place of a box; a greater number of what is none, such as a joint.
 * @property {number} to
 */

export class Lines {
  /**
   * @param {SVGSVGElement} svg
   * @param {number} boxes How many there are.
   */
  constructor(svg, boxes) {
    this.svg = svg;
    this.boxes = boxes;
    /** @type {Line[]} */
    this.all = [...svg.querySelectorAll(".lines [data-e]")].map((element) => {
      const [from, to] = (element.getAttribute("data-e") ?? "").split(" ").map(Number);
      return { element, from, to };
    });
  }

  /** Has lines answer to pointers that are near. */
  widen() {
    if (this.svg.querySelector(".hits")) return;
    const hits = document.createElementNS(this.svg.namespaceURI, "g");
    hits.setAttribute("class", "hits");
    for (const { element } of this.all) hits.append(element.cloneNode());
    this.svg.insertBefore(hits, this.svg.querySelector(".boxes"));
  }

  /**
   * The lines from something to boxes, through joints, and those boxes; backward if so asked.
   * @param {number} start
   * @param {"from" | "to"} from
   */
  next(start, from = "from") {
    const to = from === "from" ? "to" : "from";
    const ends = new Set([start]);
    /** @type {Set<Line>} */
    const lines = new Set();
    for (const end of ends) {
      if (end < this.boxes && end !== start) continue;
      for (const line of this.all) if (line[from] === end) ends.add(lines.add(line) && line[to]);
    }
    return { lines: [...lines], boxes: [...ends].filter((end) => end < this.boxes && end !== start) };
  }

  /**
   * The lines of a shortest way; none where there is no way.
   * @param {number} from
   * @param {number} to
   */
  path(from, to) {
    /** @type {Map<number, Line | null>} */
    const came = new Map([[from, null]]);
    for (const at of came.keys()) {
      for (const line of this.all) if (line.from === at && !came.has(line.to)) came.set(line.to, line);
    }
    const path = [];
    for (let line = came.get(to); line; line = came.get(line.from)) path.unshift(line);
    return path;
  }
}
