import js from "@eslint/js";

export default [
  js.configs.recommended,
  // Names that browsers know are known to tsc.
  { rules: { "no-undef": "off" } },
];
