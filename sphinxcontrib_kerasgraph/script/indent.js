/** Has the bundle bare of comments, and indented by tabs, which are half as long as what esbuild writes. */

import { readFileSync, writeFileSync } from "node:fs";

const [, , path] = process.argv;
const text = readFileSync(path, "utf8").replaceAll(/^\s*\/\/ .*\n|\/\*[^]*?\*\/\s*/gm, "");
writeFileSync(path, text.replace(/^(?: {2})+/gm, (spaces) => "\t".repeat(spaces.length / 2)));
