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
/** @type {Map<string, (data: Data) => void>} */
const waiting = new Map();

/** @type {any} */ (window).kerasgraph = (/** @type {Data} */ data) => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  waiting.get(script.src)?.(data);
};

/**
 * Loads by an added script, since pages from files may not fetch.
 * @param {string} url
 */
export function load(url) {
  const script = document.createElement("script");
  script.src = url;
  let loaded = known.get(script.src);
  if (!loaded) {
    loaded = new Promise((resolve, reject) => {
      waiting.set(script.src, resolve);
      script.onerror = () => reject(new Error(`${url} can't be loaded`));
      document.head.append(script);
    });
    known.set(script.src, loaded);
  }
  return loaded;
}
