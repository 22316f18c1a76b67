/** Elements made in a line. */

/**
 * @param {string} tag
 * @param {Object<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} name What it does, told to everyone.
 * @param {string} sign
 * @param {() => unknown} act
 */
export function button(name, sign, act) {
  const made = make("button", { type: "button", title: name }, sign);
  if (!/\w/.test(sign)) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}
