// Looks for what keeps people out: axe-core in the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function check(page, where) {
  // By the debugger: the page's policy runs no other scripts.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = found.violations.map((violation) =>
    `${where}: ${violation.id}: ${violation.help}\n${violation.nodes.slice(0, 3).map((node) => `  ${node.html.slice(0, 200)}\n  ${node.failureSummary}`).join("\n")}`);
  assert.deepEqual(told, [], told.join("\n"));
  assert(found.passes.some((rule) => rule.id === "color-contrast"), "contrast was not looked at");
}
