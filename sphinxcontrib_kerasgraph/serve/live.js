/** Keeps the drawing as the model is: `kerasgraph serve` tells of each that it made. */

/**
 * @typedef {import("../script/diagram.js").Diagram} Diagram
 * @typedef {import("../script/data.js").Data} Data
 *
 * @typedef {object} Shown
 * @property {{svg: string, src: string, sentence: string} | null} drawing
 * @property {{words: string, details: string} | null} trouble
 * @property {string[]} added Paths of calls.
 * @property {string[]} changed
 * @property {string} words
 * @property {boolean} building
 *
 * @typedef {{x: number, y: number}} Point
 */

/** How long what changed is marked, in milliseconds. */
const MARKED = 3000;
/** The height of a row of a box. */
const ROW = 12;
/** A build that takes longer is told of. */
const PATIENCE = 400;

const [words, trouble, main] = /** @type {HTMLElement[]} */ (
  ["#words", "#trouble", "main"].map((name) => document.querySelector(name))
);
const { title } = document;
/** @type {HTMLElement | null} */
const host = document.querySelector(".kerasgraph");
/** @type {EventSource | undefined} */
let events;
/** @type {Shown | undefined} What is to be shown next. */
let next;
let isBusy = false;
let timer = 0;

function listen() {
  if (document.hidden || events) return;
  events = new EventSource("events");
  events.onmessage = ({ data }) => {
    next = JSON.parse(data);
    void work();
  };
  events.onerror = () => {
    say("The server has ended. Waiting for it to come back…");
    if (events?.readyState !== EventSource.CLOSED) return;
    leave();
    setTimeout(listen, 1000);
  };
}

function leave() {
  events?.close();
  events = undefined;
}

/** Shows one thing after the other, and of those that wait the last alone. */
async function work() {
  if (isBusy) return;
  isBusy = true;
  while (next) {
    const shown = next;
    next = undefined;
    try {
      await show(shown);
    } catch (error) {
      console.error(error);
      if (await answers()) location.reload();
    }
  }
  isBusy = false;
}

/** Whether there is a server: without, a page that is loaded again would not come back with it. */
function answers() {
  return fetch(location.href).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** @param {Shown} shown */
async function show(shown) {
  clearTimeout(timer);
  if (shown.building) {
    timer = setTimeout(() => say("Building the model…"), PATIENCE);
    return;
  }
  const [message, details] = /** @type {HTMLElement[]} */ ([...trouble.children]);
  trouble.hidden = !shown.trouble;
  message.textContent = shown.trouble?.words ?? "";
  details.textContent = shown.trouble?.details ?? "";
  main.classList.toggle("stale", Boolean(shown.trouble));
  document.title = shown.trouble ? `✗ ${title}` : title;
  say(shown.trouble ? "" : shown.words);
  const { drawing } = shown;
  if (!drawing) return;
  const diagram = await found();
  if (drawing.src === host?.dataset.src) {
    // To find the same boxes in the next drawing, also of another server.
    await diagram?.ready();
    return;
  }
  // What was never seen has nothing to keep.
  if (diagram) await swap(diagram, drawing, shown);
  else location.reload();
}

/** @param {string} text */
function say(text) {
  if (words.textContent !== text) words.textContent = text;
}

/**
 * The diagram, which the script of pages sets up when the drawing comes into view.
 * @returns {Promise<Diagram | undefined>}
 */
async function found() {
  for (let tries = 0; host && tries < 20; tries++) {
    const { diagram } = /** @type {any} */ (host);
    if (diagram) return diagram;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/**
 * Shows another drawing in place of the one before, seen as that was.
 * @param {Diagram} diagram
 * @param {{svg: string, src: string, sentence: string}} drawing
 * @param {Shown} shown
 */
async function swap(diagram, drawing, shown) {
  const { stage, view, panel, finder } = diagram;
  const before = await diagram.ready().catch(() => undefined);
  const kept = before && keep(diagram, before);
  const { mode, scale } = stage;
  const svg = parsed(drawing.svg);
  svg.setAttribute("role", "graphics-document");
  svg.setAttribute("aria-label", drawing.sentence);
  diagram.host.dataset.src = drawing.src;
  // Loaded before anything is seen; the drawing that is there yet may not be told by it.
  await diagram.ready().catch(() => undefined);
  const [x, y] = [window.scrollX, window.scrollY];
  diagram.levels = [{ drawing: 0, base: -1, name: diagram.levels[0].name, svg }];
  diagram.shown();
  const data = await diagram.ready();
  for (const path of kept?.levels ?? []) {
    const call = data.calls.findIndex((one) => one.path === path && one.inside !== undefined);
    if (call < 0) break;
    await diagram.enter(call);
  }
  const boxes = places(diagram, data);
  if (kept?.panel) {
    const box = boxes.get(kept.path);
    if (box !== undefined) {
      point(diagram, box);
      diagram.boxes.keep(diagram.boxes.around(box));
      panel.show(data, diagram.calls(data, box));
      panel.element.scrollTop = kept.panel.scrollTop;
    }
  } else if (kept) point(diagram, boxes.get(kept.path));
  if (mode) stage.fit(mode);
  else stage.resize(scale);
  stage.mode = mode;
  const anchor = kept?.seen.find(({ path }) => boxes.has(path));
  if (anchor) move(diagram, middle(diagram.boxes.all[boxes.get(anchor.path) ?? 0]), anchor.at);
  else if (!mode) stage.zoom(1);
  if (kept?.focused) diagram.boxes.focus();
  if (finder.data) {
    finder.data = data;
    const paths = data.calls.map(({ path }) => path);
    finder.hits = finder.hits.map((hit) => paths.indexOf(before?.calls[hit].path ?? "")).filter((at) => at >= 0);
    finder.at = 0;
  }
  if (stage.view.matches(":hover")) diagram.boxes.lines.widen();
  window.scrollTo(x, y);
  mark(diagram, data, boxes, shown);
  view.dispatchEvent(new CustomEvent("kerasgraph-swapped"));
}

/**
 * What is to be the same in the next drawing.
 * @param {Diagram} diagram
 * @param {Data} data
 */
function keep(diagram, data) {
  const { boxes, stage, panel } = diagram;
  const root = /** @type {ShadowRoot} */ (diagram.host.shadowRoot);
  const all = [...places(diagram, data)].map(([path, box]) => ({ path, box }));
  const path = all.find(({ box }) => box === boxes.current)?.path ?? "";
  const frame = stage.view.getBoundingClientRect();
  const center = middle(stage.view);
  const far = (/** @type {Point} */ { x, y }) => Math.hypot(x - center.x, y - center.y);
  const isSeen = (/** @type {Point} */ { x, y }) =>
    x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom;
  const seen = all
    .map((one) => ({ ...one, at: middle(boxes.all[one.box]) }))
    .filter(({ at }) => isSeen(at))
    .sort((one, other) => far(one.at) - far(other.at));
  const isOpen = panel.isOpen && boxes.kept[0] === boxes.all[boxes.current] && panel.content.querySelector("tr, li");
  if (isOpen) seen.sort((one, other) => Number(other.path === path) - Number(one.path === path));
  return {
    path,
    seen,
    focused: boxes.all.includes(/** @type {any} */ (root.activeElement)),
    levels: diagram.levels.slice(1).map(({ name }) => name),
    // Not that of a line.
    panel: isOpen && { scrollTop: panel.element.scrollTop },
  };
}

/**
 * The boxes of the drawing that is seen, by the paths of all calls that they stand for.
 * @param {Diagram} diagram
 * @param {Data} data
 */
function places(diagram, data) {
  /** @type {Map<string, number>} */
  const known = new Map();
  diagram.boxes.all.forEach((_, box) => {
    for (const call of diagram.calls(data, box).flat()) known.set(data.calls[call].path, box);
  });
  return known;
}

/**
 * Has Tab lead to a box.
 * @param {Diagram} diagram
 * @param {number} [box]
 */
function point({ boxes }, box) {
  if (box === undefined) return;
  boxes.all[boxes.current].setAttribute("tabindex", "-1");
  boxes.current = boxes.last = box;
  boxes.all[box].setAttribute("tabindex", "0");
}

/**
 * Moves the drawing so that a point of it is where another one was.
 * @param {Diagram} diagram
 * @param {Point} now
 * @param {Point} was
 */
function move({ stage }, now, was) {
  if (stage.mode) {
    stage.view.scrollLeft += now.x - was.x;
    stage.view.scrollTop += now.y - was.y;
    return;
  }
  stage.zoom(1, { clientX: was.x, clientY: was.y }, { clientX: now.x, clientY: now.y });
}

/**
 * Marks what is another than before, for a moment: rows of a box of which not all is.
 * @param {Diagram} diagram
 * @param {Data} data
 * @param {Map<string, number>} boxes
 * @param {Shown} shown
 */
function mark(diagram, data, boxes, { added, changed }) {
  for (const [name, paths] of Object.entries({ "now-added": added, "now-changed": changed })) {
    /** @type {Map<number, Set<number>>} The rows of boxes. */
    const found = new Map();
    for (let path of paths) {
      // In the innermost block that is drawn.
      while (path && !boxes.has(path)) path = path.replace(/(^|\/)[^/]*$/, "");
      const box = boxes.get(path);
      if (box === undefined) continue;
      found.set(box, (found.get(box) ?? new Set()).add(row(diagram, data, box, path)));
    }
    for (const [box, rows] of found) {
      const element = diagram.boxes.all[box];
      const several = firsts(diagram, data, box).length;
      if (rows.size >= several) {
        element.classList.add(name);
        setTimeout(() => element.classList.remove(name), MARKED);
        continue;
      }
      for (const at of rows) {
        const around = outlined(element, at - several);
        around.classList.add(name);
        setTimeout(() => around.remove(), MARKED);
      }
    }
  }
}

/**
 * The first call of each row of a box; none if it has but one.
 * @param {Diagram} diagram
 * @param {Data} data
 * @param {number} box
 */
function firsts({ level }, data, box) {
  return data.drawings[level.drawing].rows?.[box] ?? [];
}

/**
 * The row that tells a call.
 * @param {Diagram} diagram
 * @param {Data} data
 * @param {number} box
 * @param {string} path
 */
function row(diagram, data, box, path) {
  const places = diagram.calls(data, box).map((calls) => calls.findIndex((at) => data.calls[at].path === path));
  const starts = firsts(diagram, data, box).filter((first) => first <= Math.max(...places));
  return firsts(diagram, data, box).indexOf(Math.max(...starts));
}

/**
 * Outlines a row of a box.
 * @param {SVGAElement} box
 * @param {number} at From below, -1 for the last.
 */
function outlined(box, at) {
  /** @type {number[]} Where the texts of rows stand. */
  const lines = [];
  for (const text of box.querySelectorAll("text")) {
    const y = Number(text.getAttribute("y"));
    if (lines.every((line) => Math.abs(line - y) > ROW / 2)) lines.push(y);
  }
  const { x, width } = /** @type {SVGGraphicsElement} */ (box.querySelector("path, rect")).getBBox();
  const around = document.createElementNS(box.namespaceURI, "rect");
  const [y] = lines.slice(at);
  for (const [name, value] of Object.entries({ x, y: y + 0.5 - 0.75 * ROW, width, height: ROW - 1 })) {
    around.setAttribute(name, String(value));
  }
  box.append(around);
  return around;
}

/** @param {string} text */
function parsed(text) {
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  return /** @type {SVGSVGElement} */ (/** @type {unknown} */ (documentElement));
}

/**
 * @param {Element} element
 * @returns {Point}
 */
function middle(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

// A browser has few connections to a server, of which hidden tabs need none.
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
listen();
