// The viewer beside Wireshark compiled to WebAssembly (wiregasm, from npm), with one capture, in the same browser:
// `cargo xtask viewer-bench [CAPTURE]`. CPU time and memory are the system's: Linux only.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { dist, host, program } from "./host.js";

const capture = process.env.CAPTURE, other = process.env.WIREGASM;
const [ROWS, TICKS] = [60, 100];
const FILTER = process.env.FILTER ?? "sctp.data_sid == 1";

// Wireshark's worker: what its readme shows.
const worker = `
  importScripts("/wiregasm.js");
  self.onmessage = async ({ data: file }) => {
    const wg = await loadWiregasm({ locateFile: (path) => "/" + path, handleStatus: () => {}, printErr: () => {} });
    wg.init();
    self.postMessage({ ready: true });
    const began = performance.now();
    const bytes = new Uint8Array(await file.arrayBuffer());
    wg.FS.writeFile("/uploads/" + file.name, bytes);
    const session = new wg.DissectSession("/uploads/" + file.name);
    const answer = session.load();
    const rows = session.getFrames("", 0, ${ROWS}).frames.size();
    const time = performance.now() - began;
    self.postMessage({ packets: answer.summary.packet_count, rows, first: time, whole: time });
    self.onmessage = ({ data: filter }) => {
      const began = performance.now(), matched = session.getFrames(filter, 0, ${ROWS}).matched;
      self.postMessage({ matched, filtered: performance.now() - began });
    };
  };`;

function wiregasmHost() {
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url, "http://host").pathname), file = join(other, name);
    if (name === "worker.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(worker);
    if (!name) return response.writeHead(200, { "content-type": "text/html" }).end("<input type=file>");
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = name.endsWith(".wasm") ? "application/wasm" : name.endsWith(".js") ? "text/javascript" : "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

// The processes of pages, with their memory, and the CPU seconds of their workers' threads.
const words = (path) => { try { return readFileSync(path, "utf8"); } catch { return ""; } };
function renderers(root) {
  const parents = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => [name, / (\d+)/.exec(words(`/proc/${name}/stat`).split(")").pop().slice(2))?.[1]]));
  const under = (name) => name === String(root) || (parents.has(name) && under(parents.get(name)));
  return [...parents.keys()].filter((name) => under(name) && words(`/proc/${name}/cmdline`).includes("--type=renderer"));
}
const memory = (root) => Math.max(...renderers(root).map((process) => Number(/VmRSS:\s+(\d+)/.exec(words(`/proc/${process}/status`))?.[1] ?? 0) / 1024));
function seconds(root) {
  const stats = renderers(root).flatMap((process) => readdirSync(`/proc/${process}/task`).map((task) => words(`/proc/${process}/task/${task}/stat`)));
  const times = stats.filter((stat) => stat.includes("(DedicatedWorker")).map((stat) => stat.split(")").pop().trim().split(" "));
  return times.reduce((sum, time) => sum + (Number(time[11]) + Number(time[12])) / TICKS, 0);
}

async function measured(server, run, filter, view) {
  const profile = await chromium.launchServer({ executablePath: program(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const browser = await chromium.connect(profile.wsEndpoint());
  try {
    const root = profile.process().pid, page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    let before = 0, most = 0;
    const watch = setInterval(() => (most = Math.max(most, memory(root))), 100);
    const times = await run(page, () => (before = seconds(root)));
    const cpu = seconds(root) - before;
    const filtered = await filter(page), sifting = seconds(root) - before - cpu;
    const viewed = await view?.(page), learning = seconds(root) - before - cpu - sifting;
    clearInterval(watch);
    return { ...times, ...filtered, viewed, cpu, sifting, learning, memory: Math.max(most, memory(root)) };
  } finally {
    await browser.close();
    await profile.close();
    server.close();
  }
}

const ours = await measured(await host(), async (page, begin) => {
  await page.waitForSelector(".start");
  await page.evaluate(() => {
    document.querySelector("input[type=file]").addEventListener("change", () => (window.began = performance.now()), { capture: true });
    new MutationObserver(() => {
      if (!window.first && document.querySelector(".list .drawn > .row:not(.waiting)")) window.first = performance.now() - window.began;
      if (!window.whole && window.first && !document.querySelector(".loading")) window.whole = performance.now() - window.began;
    }).observe(document.body, { childList: true, subtree: true });
  });
  begin();
  await page.setInputFiles("input[type=file]", capture);
  await page.waitForFunction(() => window.whole, undefined, { timeout: 600_000 });
  return page.evaluate(() => ({ packets: document.querySelector(".list").getAttribute("aria-rowcount") - 1, first: window.first, whole: window.whole }));
}, async (page) => {
  await page.fill(".filter input", FILTER);
  await page.press(".filter input", "Escape");
  await page.evaluate(() => {
    window.filtering = performance.now();
    new MutationObserver(() => {
      if (!window.filtered && document.querySelector(".status").innerText.includes("Displayed") && !document.querySelector(".filter progress")) window.filtered = performance.now() - window.filtering;
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await page.press(".filter input", "Enter");
  await page.waitForFunction(() => window.filtered, undefined, { timeout: 600_000 });
  return page.evaluate(() => ({ matched: document.querySelector(".list").getAttribute("aria-rowcount") - 1, filtered: window.filtered }));
}, async (page) => {
  // The view's own worker learns all of it again, with what only reports tell.
  await page.keyboard.press("F4");
  await page.waitForSelector("#view-title", { timeout: 600_000 });
  return page.locator("#view-title").innerText();
});
const theirs = await measured(await wiregasmHost(), async (page, begin) => {
  await page.setInputFiles("input[type=file]", capture);
  await page.evaluate(() => {
    const worker = (window.worker = new Worker("/worker.js"));
    window.next = () => new Promise((answer) => (worker.onmessage = (event) => answer(event.data)));
    window.ready = window.next();
    worker.postMessage(document.querySelector("input").files[0]);
  });
  await page.evaluate(() => window.ready.then(() => { window.told = window.next(); }));
  begin();
  return page.evaluate(() => window.told);
}, (page) => page.evaluate((filter) => {
  const told = window.next();
  window.worker.postMessage(filter);
  return told;
}, FILTER));

const packed = (folder, names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
ours.size = packed(dist, ["index.html", "style.css", "boot.js", "worker.js", "viewer.js", "viewer.bin"]);
theirs.size = packed(other, ["wiregasm.js", "wiregasm.wasm", "wiregasm.data"]);
console.log(`${capture}: ${statSync(capture).size} bytes, ${ours.packets} packets here, ${theirs.packets} in wiregasm; ${FILTER} picks ${ours.matched} here, ${theirs.matched} in wiregasm`);
const table = [["first load, compressed", "size", 1e-3, "kB"], ["CPU of the worker while loading", "cpu", 1, "s"], ["first rows", "first", 1e-3, "s"],
  ["all packets", "whole", 1e-3, "s"], ["CPU of a filter", "sifting", 1, "s"], ["a filter's last row", "filtered", 1e-3, "s"], ["memory of the tab at most", "memory", 1, "MiB"]];
for (const [name, key, scale, unit] of table) {
  const [one, two] = [ours[key] * scale, theirs[key] * scale];
  console.log(`${name.padEnd(34)}${one.toFixed(2).padStart(10)} ${unit.padEnd(4)} wiregasm ${two.toFixed(2).padStart(10)} ${unit.padEnd(4)} ${(two / one).toFixed(1).padStart(7)} times as much`);
}
console.log(`${"CPU of learning all for a view".padEnd(34)}${ours.learning.toFixed(2).padStart(10)} s    ${ours.viewed}; wiregasm has none`);
