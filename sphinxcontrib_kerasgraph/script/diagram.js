/** One diagram of a page: a drawing, and the insides of its blocks. */

import { Boxes } from "./boxes.js";
import { load } from "./data.js";
import { button, make } from "./dom.js";
import { Finder } from "./finder.js";
import { listen } from "./gestures.js";
import { Panel } from "./panel.js";
import { asPng, asText, download } from "./save.js";
import { Stage } from "./stage.js";
import { Tip } from "./tip.js";
import { tools } from "./tools.js";

/**
 * @typedef {import("./data.js").Data} Data
 *
 * @typedef {object} Level A drawing that is shown, or was left for the inside of a block.
 * @property {number} drawing
 * @property {number} base The call from which those of its boxes are counted.
 * @property {string} name
 * @property {SVGSVGElement} svg
 * @property {() => void} [restore] Has it seen as it was left.
 */

export class Diagram {
  /**
   * @param {HTMLElement} host
   * @param {ShadowRoot} root
   */
  constructor(host, root) {
    this.host = host;
    this.view = /** @type {HTMLElement} */ (root.querySelector(".view"));
    const box = /** @type {HTMLElement} */ (root.querySelector(".stage"));
    this.view.classList.add("live");
    this.stage = new Stage(box);
    this.panel = new Panel(this.view, {
      inside: (call) => void this.enter(call),
      seek: () => this.seek(),
      close: () => this.closePanel(),
    });
    this.finder = new Finder(this.view, {
      go: (call) => void this.reach(call),
      leave: () => this.boxes.focus(),
    });
    this.boxes = new Boxes(this.stage, new Tip(this.view), {
      choose: (at, byKey) => void this.choose(at, byKey),
      chooseLine: (text) => {
        this.panel.tell("Line", "", text);
        this.settle();
      },
      wires: (ends) => this.wires(ends),
      leave: () => (this.panel.isOpen ? this.closePanel() : this.leave(this.levels.length - 2)),
      ready: () => this.ready(),
    });
    /** The box from which a path is asked for; -1 of none. */
    this.origin = -1;
    /** @type {Level[]} */
    this.levels = [{ drawing: 0, base: -1, name: "Model", svg: this.stage.svg }];
    this.trail = make("nav", { class: "trail", "aria-label": "Blocks" });
    this.trail.hidden = true;
    this.view.prepend(
      this.trail,
      tools(this.stage, this.view, () => void this.find(), {
        "Copy as SVG": () => void navigator.clipboard.writeText(this.text),
        "Download as SVG": () =>
          download(`${this.level.name}.svg`, new Blob([this.text], { type: "image/svg+xml" })),
        "Download as PNG": () =>
          void asPng(this.plain).then((png) => download(`${this.level.name}.png`, png)),
      }),
    );
    this.stage.open();
    listen(this.stage, this.view);
    box.addEventListener("pointerenter", () => void this.ready(), { once: true });
    this.view.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.composedPath()[0] === this.finder.input) return;
      event.preventDefault();
      event.stopPropagation();
      void this.find();
    });
  }

  /** Loads what is told of the drawing, and knows from it the order of boxes. */
  async ready() {
    const data = await load(/** @type {string} */ (this.host.dataset.src));
    /** @type {Data | undefined} */
    this.data = data;
    if (this.sorted !== this.level) {
      /** @type {Level | undefined} */
      this.sorted = this.level;
      const first = this.boxes.all.map((_, at) => this.calls(data, at).flat()[0] ?? -1);
      this.boxes.order.sort((one, other) => first[one] - first[other]);
    }
    return data;
  }

  get plain() {
    this.boxes.keep([]);
    return this.stage.svg;
  }

  get text() {
    return asText(this.plain);
  }

  get level() {
    return this.levels[this.levels.length - 1];
  }

  async find() {
    this.finder.open(await this.ready());
  }

  /**
   * The calls of a box that is shown, counted in the whole model.
   * @param {Data} data
   * @param {number} box
   */
  calls(data, box) {
    const { drawing, base } = this.level;
    const spot = data.drawings[drawing].spots[box] ?? [];
    return spot.map((calls) => calls.map((call) => call + base + 1));
  }

  /** @param {string} ends */
  wires(ends) {
    const { data } = this;
    const wires = data?.drawings[this.level.drawing].wires[ends] ?? [];
    return wires.map((wire) => data?.wires[wire]).join("\n");
  }

  /**
   * @param {number} box
   * @param {boolean} byKey
   */
  async choose(box, byKey) {
    const data = await this.ready();
    if (this.origin >= 0) {
      this.tellPath(this.origin, box);
      return;
    }
    this.boxes.keep(this.boxes.around(box));
    this.boxes.tip.hide();
    const calls = this.calls(data, box);
    if (calls.flat().length) this.panel.show(data, calls);
    else this.panel.tell(this.boxes.name(box), "");
    this.settle();
    if (byKey) this.panel.element.focus();
  }

  /** Has what was chosen in view, though the panel takes room. */
  settle() {
    this.stage.reveal(this.boxes.all[this.boxes.current]);
    this.view.scrollIntoView({ block: "nearest" });
  }

  /** Has the next box that is chosen be the end of a path. */
  seek() {
    this.origin = this.boxes.current;
    this.panel.say("Choose the box where the path ends.");
    this.boxes.focus();
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  tellPath(from, to) {
    this.origin = -1;
    const { boxes } = this;
    const forth = boxes.lines.path(from, to);
    const lines = forth.length ? forth : boxes.lines.path(to, from);
    boxes.keep(boxes.drawn({ lines }));
    const names = [from, to].map((box) => boxes.name(box));
    this.panel.say(`${lines.length ? "A shortest" : "No"} path joins ${names.join(" and ")}.`);
  }

  closePanel() {
    this.origin = -1;
    this.panel.close();
    this.boxes.keep([]);
    this.boxes.focus();
  }

  /**
   * Opens a block into its own drawing.
   * @param {number} call
   */
  async enter(call) {
    const data = await this.ready();
    const { inside = 0, path } = data.calls[call];
    const parsed = new DOMParser().parseFromString(data.drawings[inside].svg ?? "", "image/svg+xml");
    const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (parsed.documentElement));
    const { stage, boxes } = this;
    const { scale, mode, view, sheet } = stage;
    const { scrollLeft, scrollTop } = view;
    const styles = [view.style.cssText, sheet.style.cssText];
    const { current } = boxes;
    this.level.restore = () => {
      Object.assign(stage, { scale, mode });
      [view.style.cssText, sheet.style.cssText] = styles;
      view.scrollTo(scrollLeft, scrollTop);
      boxes.focus(current);
    };
    this.levels.push({ drawing: inside, base: call, name: path, svg });
    this.adapt(data);
    this.shown();
    this.stage.open();
    this.boxes.focus();
  }

  /**
   * Has an inside say the names in the block that it is opened from, and lead to documentation.
   * @param {Data} data
   */
  adapt(data) {
    const { svg, drawing, base } = this.level;
    const model = data.calls.findIndex((call) => call.inside === drawing);
    const name = (/** @type {number} */ call) => data.calls[call].path.replace(/.*\//, "");
    svg.querySelectorAll("a").forEach((box, at) => {
      const repetitions = this.calls(data, at);
      const calls = repetitions.flat();
      const classes = new Set(repetitions.map(([main]) => data.calls[main]?.class));
      const [link] = [...classes].map((name) => data.links[name]);
      if (link && classes.size === 1) box.setAttribute("href", link);
      const names = new Map(calls.map((call) => [name(call - base + model), name(call)]));
      for (const text of box.querySelectorAll("title, text, tspan")) {
        if (text.firstElementChild) continue;
        text.textContent = text.textContent?.replace(/[^\s()]+/g, (word) => names.get(word) ?? word);
      }
    });
  }

  /** @param {number} depth The level to go back to. */
  leave(depth) {
    if (depth < 0 || depth > this.levels.length - 2) return;
    this.levels.length = depth + 1;
    this.shown();
    this.level.restore?.();
    this.stage.fade();
  }

  shown() {
    this.stage.show(this.level.svg);
    this.boxes.begin();
    this.panel.close();
    const last = this.levels.length - 1;
    const steps = this.levels.map(({ name }, at) => {
      if (at === last) return make("span", { "aria-current": "location" }, name);
      return button(`Back to ${name}`, name, () => this.leave(at));
    });
    this.trail.replaceChildren(...steps);
    this.trail.hidden = last === 0;
  }

  /**
   * Goes to a call, in the block that it is in.
   * @param {number} call
   */
  async reach(call) {
    const data = await this.ready();
    const blocks = [-1, ...data.calls.keys()].filter(
      (at) => at < 0 || (at <= call && call <= at + data.calls[at].size),
    );
    // From the innermost drawing that it is in, and is open.
    this.leave(this.levels.filter(({ base }) => blocks.includes(base)).length - 1);
    const find = () => this.boxes.all.findIndex((_, at) => this.calls(data, at).flat().includes(call));
    for (const block of blocks) {
      if (find() >= 0) break;
      if (block > this.level.base && data.calls[block].inside !== undefined) await this.enter(block);
    }
    const box = find();
    if (box < 0) return;
    this.boxes.choose(box);
    this.boxes.keep([this.boxes.all[box]]);
    this.finder.input.focus();
  }
}
