import js from "@eslint/js";

const browser = [
  "Blob", "DOMParser", "IntersectionObserver", "ResizeObserver", "URL", "WheelEvent",
  "XMLSerializer", "document", "getComputedStyle", "window",
];

export default [
  js.configs.recommended,
  { languageOptions: { globals: Object.fromEntries(browser.map((name) => [name, "readonly"])) } },
];
