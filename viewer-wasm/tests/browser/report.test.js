// The file that `sctpdump report` writes, opened from its folder. The command must be there: built after the viewer, as the
// page stands in it, or named by SCTPDUMP.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "./host.js";
import { page, selected, soon, testdata } from "./page.js";

const built = ["release", "quick", "debug"].map((profile) => join(root, "target", profile, "sctpdump")).filter(existsSync);
const command = process.env.SCTPDUMP ?? built.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)[0];
const folder = mkdtempSync(join(tmpdir(), "report-"));
after(() => rmSync(folder, { recursive: true }));

function report(name) {
  const file = join(folder, "a report.html");
  execFileSync(command, ["report", testdata(name), "-o", file], { stdio: "pipe" });
  return file;
}

let file;
try {
  file = command && report("sctp/classic.pcapng");
} catch (error) {
  if (!String(error.stderr).includes("cargo xtask viewer")) throw error;
}

if (!file) {
  test("a report opens from its folder", { skip: "there is no sctpdump that has the viewer: build it after the viewer" });
} else {
  for (const [dark, width] of [[false, 1280], [true, 400]]) {
    page(`a report opens from its folder: ${width} pixels`, { file, dark, width }, async (page) => {
      await page.waitForSelector(".tree .item");
      const about = await page.locator("#about").innerText();
      assert.match(about, /^classic\.pcapng 21 packets from \w{3} +\d+, \d{4} [\d:.]+ UTC on, in \d+\.\d{3} s; \d+ bytes\./);
      await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-rowcount"), "22"));
      await soon(async () => assert.equal(await page.title(), "classic.pcapng – sctpdump"));
      // What it holds stands above the page, and nothing runs out of the window.
      const [top, bar, foot] = [await page.locator("#about").boundingBox(), await page.locator(".bar").boundingBox(), await page.locator(".status").boundingBox()];
      assert(top.y === 0 && bar.y >= top.height && foot.y + foot.height <= 801, JSON.stringify({ top, bar, foot }));
    });
  }
  page("a link into a report carries filter and packet", { file, path: "#filter=sctp.chunk_type%20%3D%3D%20SACK&p=10" }, async (page) => {
    await page.waitForFunction(() => document.querySelector(".status")?.innerText.includes("Displayed"));
    await soon(async () => assert.match(await selected(page), /10$/));
  });
}
