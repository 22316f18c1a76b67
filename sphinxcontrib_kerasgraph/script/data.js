/** What is told of a drawing, loaded when it is first asked for. */

/**
 * @typedef {object} Call
 * @property {string} path
 * @property {string} class With its module.
 * @property {number[]} rows What is known of it: places among the rows of all.
 * @property {number} [inside] The drawing of what is inside.
 * @property {number} size How many calls are inside; they come right after it.
 * @property {number} [alike] The first call of its layer, if that is called several times.
 *
 * @typedef {number[][]} Spot The calls that a box stands for, those of each repetition.
 *
 * @typedef {object} Drawing
 * @property {string} [svg]
 * @property {Spot[]} spots
 * @property {Object<string, number[]>} [rows] Of boxes that have several: the first call of each.
 * @property {Object<string, number[]>} wires By `data-e` of the lines: places among all wires.
 *
 * @typedef {object} Data
 * @property {Call[]} calls
 * @property {[string, string][]} rows A key, such as "Summary" or "Output", and a text of lines.
 * @property {Drawing[]} drawings
 * @property {string[]} wires A line for each tensor: "query: (None, 8) float32".
 * @property {Object<string, string>} links The documentation of classes.
 */

/** @type {Map<string, Promise<Data>>} */
const known = new Map();
/** @type {Data} What the last script told. */
let told;
/** @type {any} */ (window).kerasgraph = (/** @type {Data} */ data) => (told = data);

/**
 * Loads by an added script, since pages from files may not fetch; what is on the page is there.
 * @param {string} url
 */
export function load(url) {
  const here = url.startsWith("#") ? document.querySelector(url) : null;
  const loaded =
    known.get(url) ??
    new Promise((resolve, reject) => {
      if (here) {
        resolve(JSON.parse(here.textContent ?? ""));
        return;
      }
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => resolve(told);
      script.onerror = () => reject(new Error(`${url} can't be loaded`));
      document.head.append(script);
    });
  known.set(url, loaded);
  return loaded;
}

/** @param {Call} call */
export function kind(call) {
  return call.class.replace(/.*\./, "");
}
