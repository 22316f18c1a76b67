/** One diagram of a page: a drawing, and the insides of its blocks. */

import { Boxes } from "./boxes.js";
import { kind, load } from "./data.js";
import { button, make } from "./dom.js";
import { Finder } from "./finder.js";
import { listen } from "./gestures.js";
import { Panel } from "./panel.js";
import { asPng, asText, download } from "./save.js";
import { Tip } from "./tip.js";
import { tools } from "./tools.js";
import { _ } from "./words.js";

/**
 * @typedef {import("./data.js").Data} Data
 * @typedef {import("./stage.js").Stage} Stage
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
   * @param {Stage} stage
   */
  constructor(host, stage) {
    this.host = host;
    this.stage = stage;
    this.view = /** @type {HTMLElement} */ (stage.view.parentElement);
    this.view.classList.add("live");
    this.panel = new Panel(this);
    this.finder = new Finder(this);
    this.tip = new Tip(this.view);
    this.boxes = new Boxes(this);
    /** The box from which a path is asked for; -1 of none. */
    this.origin = -1;
    /** @type {Level[]} */
    this.levels = [{ drawing: 0, base: -1, name: _("Model"), svg: stage.svg }];
    this.trail = make("nav", { class: "trail", "aria-label": _("Blocks") });
    this.trail.hidden = true;
    this.view.prepend(
      this.trail,
      tools(stage, this.view, () => this.find(), {
        [_("Copy as SVG")]: () => navigator.clipboard.writeText(asText(this.plain)),
        [_("Download as SVG")]: () => {
          const file = new Blob([asText(this.plain)], { type: "image/svg+xml" });
          download(`${this.level.name}.svg`, file);
        },
        [_("Download as PNG")]: async () => download(`${this.level.name}.png`, await asPng(this.plain)),
      }),
    );
    stage.fit("opening");
    stage.observe();
    listen(stage);
    stage.view.addEventListener("pointerenter", () => this.ready(), { once: true });
    this.view.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { finder, stage } = this;
    const target = /** @type {Element} */ (event.target);
    /** @type {Object<string, () => unknown>} */
    let acts = {
      "/": () => this.find(),
      "+": () => stage.step(1),
      "=": () => stage.step(1),
      "-": () => stage.step(-1),
      0: () => stage.fit("whole"),
    };
    if (finder.element.contains(target)) acts = { Escape: () => finder.close() };
    else if (!target.closest(".tools")) acts.Escape = () => this.back();
    if (target === finder.input) acts.Enter = () => finder.next(event.shiftKey ? -1 : 1);
    if (this.boxes.of(event) >= 0) {
      acts.Backspace = () => this.back();
      acts.Enter = acts[" "] = () => this.choose(this.boxes.current, true);
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]) {
        acts[key] = () => this.follow(key);
      }
    }
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : acts[event.key];
    // Themes have arrows turn pages, and a slash ask for their own search.
    if (act || target === finder.input) event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Leaves what was opened last. */
  back() {
    if (this.panel.isOpen) this.closePanel();
    else this.leave(this.levels.length - 2);
  }

  /** @param {string} key Which leads from the box that has the focus to another one. */
  async follow(key) {
    await this.ready();
    this.boxes.focus(this.boxes.next(key));
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

  /** The drawing, as it is when nothing points at it. */
  get plain() {
    this.boxes.keep([]);
    this.stage.svg.querySelector(".hits")?.remove();
    return this.stage.svg;
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
    this.tip.hide();
    const calls = this.calls(data, box);
    if (calls.flat().length) this.panel.show(data, calls);
    else this.panel.tell(this.boxes.name(box), "");
    this.settle();
    if (byKey) this.panel.element.focus();
  }

  /**
   * @param {import("./lines.js").Line[]} lines
   * @param {string} text
   */
  chooseLines(lines, text) {
    this.boxes.keep(this.boxes.drawn({ lines }));
    this.panel.tell(_("Line"), "", text);
    this.settle();
  }

  /** Has what was chosen in view, though the panel takes room. */
  settle() {
    this.view.scrollIntoView({ block: "nearest" });
    this.boxes.reveal();
  }

  /** Has the next box that is chosen be the end of a path. */
  seek() {
    this.origin = this.boxes.current;
    this.panel.say(_("Choose the box where the path ends."));
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
    const [one, other] = [from, to].map((box) => boxes.name(box));
    const said = lines.length
      ? _("A shortest path joins {one} and {other}.", { one, other })
      : _("No path joins {one} and {other}.", { one, other });
    this.panel.say(said);
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
    const { view, mode, scale } = this.stage;
    const { scrollLeft, scrollTop } = view;
    const { current } = this.boxes;
    this.level.restore = () => {
      if (mode) this.stage.fit(mode);
      else this.stage.zoom(scale / this.stage.scale);
      view.scrollTo(scrollLeft, scrollTop);
      this.boxes.focus(current);
    };
    this.levels.push({ drawing: inside, base: call, name: path, svg });
    this.adapt(data);
    this.shown();
    this.stage.fit("opening");
    this.boxes.focus();
  }

  /**
   * Has the boxes of an inside tell of the calls in the block that it is opened from.
   * @param {Data} data
   */
  adapt(data) {
    this.level.svg.querySelectorAll("a").forEach((box, at) => {
      const calls = this.calls(data, at).flat().map((call) => data.calls[call]);
      const link = data.links[calls[0]?.class];
      if (link) box.setAttribute("href", link);
      const told = calls.map((call) => {
        const name = call.path.replace(/.*\//, "");
        return call.class ? `${name} (${kind(call)})` : name;
      });
      for (const row of calls.length === 1 ? calls[0].rows : []) {
        const [key, value] = data.rows[row];
        if (/^(Attribute|Output|Parameters)$/.test(key)) told.push(`${_(key)}: ${value}`);
      }
      box.setAttribute("aria-description", told.join("\n"));
    });
  }

  /** @param {number} depth The level to go back to. */
  leave(depth) {
    if (depth < 0 || depth > this.levels.length - 2) return;
    this.levels.length = depth + 1;
    this.shown();
    this.level.restore?.();
  }

  shown() {
    this.stage.show(this.level.svg);
    this.boxes.begin();
    this.panel.close();
    const last = this.levels.length - 1;
    const steps = this.levels.map(({ name }, at) => {
      if (at === last) return make("span", { "aria-current": "location" }, name);
      return button(_("Back to {name}", { name }), name, () => this.leave(at));
    });
    this.trail.replaceChildren(...steps);
    this.trail.hidden = last === 0;
  }

  /**
   * Goes to the call at a path, and tells of it.
   * @param {string} path
   */
  async show(path) {
    const data = await this.ready();
    const call = data.calls.findIndex((one) => one.path === path);
    if (call < 0) return;
    const box = await this.reach(call);
    if (box >= 0) await this.choose(box, false);
  }

  /**
   * Goes to a call, in the block that it is in; gives its box, or -1 where it is in none.
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
    if (box < 0) return box;
    this.boxes.choose(box);
    this.boxes.keep([this.boxes.all[box]]);
    return box;
  }
}
