// The page in a browser, and what must hold in every test: no fault in a script, no request but the page's own files and the
// one that a link names, nothing that the content security policy had to stop.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { dist, host, program } from "./host.js";
export { dist, testdata } from "./host.js";

let server, browser;
export let url;
before(async () => {
  server = await host();
  url = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
});
after(async () => {
  await browser?.close();
  server?.close();
});

const own = new Set(["", ...readdirSync(dist)]);

// A test with a fresh page. Options: path (of the page's address), width, dark, faults (of scripts, that are
// expected), passing (without a service worker, so that requests can be caught), folder (whose files are asked for too), file (true: the single HTML file; or
// another file's place).
export function page(name, options, run) {
  test(name, { timeout: 120_000 }, async () => {
    const file = pathToFileURL(typeof options.file === "string" ? options.file : join(dist, "sctpdump.html")).href;
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: 800 },
      colorScheme: options.dark ? "dark" : "light",
      serviceWorkers: options.passing ? "block" : "allow",
      permissions: options.file ? [] : ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const [requests, faults] = [[], []];
    context.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.addInitScript(() => {
      window.stopped = [];
      document.addEventListener("securitypolicyviolation", (event) => window.stopped.push(event.violatedDirective + " " + event.blockedURI));
    });
    try {
      await page.goto(options.file ? file + (options.path ?? "") : url + (options.path ?? ""));
      await page.waitForSelector("h1", { state: "attached" });
      await run(page);
      assert.deepEqual(await page.evaluate(() => window.stopped), [], "the content security policy stopped something");
      assert.deepEqual(faults, options.faults ?? [], "scripts have faults");
      const strange = requests.filter((request) => {
        if (request.startsWith("blob:") || request.startsWith("data:")) return false;
        if (options.file) return request.split("#")[0] !== file;
        const path = request.startsWith(url) ? request.slice(url.length).split("#")[0] : null;
        return path === null || !(own.has(path) || path === options.link || (options.folder && path.startsWith(options.folder)));
      });
      assert.deepEqual(strange, [], "the page asks for what is not its own");
    } finally {
      await context.close();
    }
  });
}

// Tries until it holds: what a key or a click brings about is drawn a little later.
export async function soon(check) {
  for (const end = Date.now() + 15_000; ; await new Promise((again) => setTimeout(again, 20))) {
    try {
      return await check();
    } catch (fault) {
      if (Date.now() > end) throw fault;
    }
  }
}

// Waits until the capture is read, nothing is being filtered, and a packet's tree stands there.
export async function ready(page, name) {
  await page.waitForFunction((name) => document.querySelector(".status")?.textContent.includes(name)
    && document.querySelector(".panes[aria-busy=false] .tree .item"), name);
}

// Opens a file by the page's button.
export async function open(page, file) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click(".bar button[aria-label='Open']")]);
  await chooser.setFiles(file);
  await ready(page, basename(file));
}

// Drops a file on the page; no more than that, as not every file can be read.
export async function drop(page, name, bytes) {
  const data = await page.evaluateHandle(async ([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name));
    return data;
  }, [name, bytes.toString("base64")]);
  await page.dispatchEvent("main", "dragover", { dataTransfer: data });
  await page.dispatchEvent("main", "drop", { dataTransfer: data });
}

// The lines of the tree in view, and the bytes lit of the selected field.
export const lines = (page) => page.locator(".tree .item").allInnerTexts();
export const lit = async (page) => (await page.locator(".hex mark.lit").allInnerTexts()).join(" ").replace(/\s+/g, " ");
export const selected = (page) => page.locator(".list .row.selected .c0").innerText();
export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

// Opens all lines of the tree of the selected packet, and goes down to one by its text.
export async function choose(page, text) {
  const number = await selected(page);
  await page.waitForFunction((number) => document.querySelector(".tree").getAttribute("aria-label").endsWith(` ${number}`), number.match(/\d+$/)[0]);
  await page.focus(".tree");
  await page.keyboard.press("Control+ArrowRight");
  await page.keyboard.press("Home");
  for (let step = 0; step < 300; step++) {
    const [line, words] = await page.locator(".item.selected").evaluate((line) => [line.id, line.innerText]);
    if (words.includes(text)) return;
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction((line) => document.querySelector(".item.selected").id !== line, line);
  }
  assert.fail(`no line of the tree says ${text}`);
}
