/** Has the bundle indented by tabs, which are half as long as what esbuild writes, and bare of its notes. */

import { readFileSync, writeFileSync } from "node:fs";

const [, , path] = process.argv;
const text = readFileSync(path, "utf8").replaceAll(/\/\* @__PURE__ \*\/ |^\/\/ .*\n/gm, "");
writeFileSync(path, text.replace(/^(?: {2})+/gm, (spaces) => "\t".repeat(spaces.length / 2)));
