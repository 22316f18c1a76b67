/** One diagram of a page: a drawing, and the insides of its blocks. */

import { Boxes } from "./boxes.js";
import { load, parents } from "./data.js";
import { button, make } from "./dom.js";
import { Finder } from "./finder.js";
import { listen } from "./gestures.js";
import { Panel } from "./panel.js";
import { download } from "./save.js";
import { Stage } from "./stage.js";
import { tools } from "./tools.js";

/**
 * @typedef {import("./data.js").Data} Data
 *
 * @typedef {object} Level A drawing that is shown, or was left for the inside of a block.
 * @property {number} drawing
 * @property {number} base The call from which those of its boxes are counted.
 * @property {string} name
 * @property {SVGSVGElement} svg
 * @property {number} box The one that was left.
 * @property {number} scale
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
      close: () => this.closePanel(),
    });
    this.finder = new Finder(this.view, (call) => void this.reach(call));
    this.boxes = new Boxes(this.stage, {
      choose: (at) => void this.choose(at),
      leave: () => (this.panel.isOpen ? this.closePanel() : this.leave(this.levels.length - 2)),
    });
    /** @type {Level[]} */
    this.levels = [
      { drawing: 0, base: -1, name: "Model", svg: this.stage.svg, box: 0, scale: 1 },
    ];
    this.trail = make("nav", { class: "trail", "aria-label": "Blocks" });
    this.trail.hidden = true;
    this.view.prepend(
      this.trail,
      tools(this.stage, this.view, () => void this.find(), {
        "Download as SVG": () => download(this.stage.svg),
      }),
    );
    this.stage.open();
    listen(this.stage, this.view);
    box.addEventListener("pointerenter", () => void this.data(), { once: true });
  }

  /** @returns {Promise<Data>} */
  data() {
    return load(/** @type {string} */ (this.host.dataset.src));
  }

  get level() {
    return this.levels[this.levels.length - 1];
  }

  async find() {
    this.finder.open(await this.data());
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

  /** @param {number} box */
  async choose(box) {
    const data = await this.data();
    this.panel.show(data, this.calls(data, box));
    this.stage.reveal(this.boxes.all[box]);
  }

  closePanel() {
    this.panel.close();
    this.boxes.focus(this.boxes.current);
  }

  /**
   * Opens a block into its own drawing.
   * @param {number} call
   */
  async enter(call) {
    const data = await this.data();
    const { inside, path } = data.calls[call];
    const text = data.drawings[inside ?? 0].svg;
    if (!text) return;
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (parsed.documentElement));
    Object.assign(this.level, { box: this.boxes.current, scale: this.stage.scale });
    const level = { drawing: inside ?? 0, base: call, name: path, svg, box: 0, scale: 1 };
    this.levels.push(level);
    this.link(data);
    this.shown();
    this.stage.open();
    this.boxes.focus(this.boxes.current);
  }

  /**
   * Has the boxes of an inside lead to the documentation of their classes.
   * @param {Data} data
   */
  link(data) {
    this.level.svg.querySelectorAll("a").forEach((box, at) => {
      const [first] = this.calls(data, at)[0] ?? [];
      const link = first === undefined ? undefined : data.links[data.calls[first].class];
      if (link) box.setAttribute("href", link);
    });
  }

  /** @param {number} depth The level to go back to. */
  leave(depth) {
    if (depth < 0) return;
    this.levels.length = depth + 1;
    this.shown();
    this.stage.resize(this.level.scale);
    this.boxes.focus(this.level.box);
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
    const data = await this.data();
    const inside = parents(data.calls);
    const shown = () =>
      this.boxes.all.findIndex((_, at) => this.calls(data, at).flat().includes(call));
    const path = [];
    for (let block = inside[call]; block >= 0; block = inside[block]) path.unshift(block);
    this.leave(0);
    for (const block of path) {
      if (shown() < 0 && data.calls[block].inside !== undefined) await this.enter(block);
    }
    const box = shown();
    if (box < 0) return;
    this.stage.reveal(this.boxes.all[box]);
    this.boxes.light(box);
  }
}
