/** Words in the language of the documentation. */

/** @type {Object<string, string>} Told by a script of the build, unless that is English. */
const known = /** @type {any} */ (window).kerasgraphWords ?? {};

/**
 * A message, with values in it where their names are in braces.
 * @param {string} message
 * @param {Object<string, unknown>} [values]
 */
export function _(message, values = {}) {
  return (known[message] ?? message).replace(/{(\w+)}/g, (_all, name) => `${values[name]}`);
}
