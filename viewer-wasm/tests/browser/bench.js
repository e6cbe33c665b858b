// How the page scrolls: frame times over a million rows, by the wheel, by pages and by dragging the scroll bar; and how long
// the page itself was busy at a time. `cargo xtask browser --bench [CAPTURE]`; without one it makes its own.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { udp } from "./captures.js";
import { host, program } from "./host.js";

const server = await host();
const browser = await chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const folder = mkdtempSync(join(tmpdir(), "sctpdump-"));
try {
  let file = process.env.CAPTURE;
  if (!file || !existsSync(file)) {
    file = join(folder, "million.pcap");
    writeFileSync(file, udp(1_000_000));
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForSelector(".start");
  await page.evaluate(() => {
    window.busy = [];
    new PerformanceObserver((list) => window.busy.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
    const began = () => (window.began ??= performance.now());
    document.querySelector("input[type=file]").addEventListener("change", began, { capture: true });
    new MutationObserver(() => {
      if (!window.first && document.querySelector(".list .drawn > .row:not(.waiting)")) window.first = performance.now() - window.began;
      if (!window.whole && window.first && !document.querySelector(".loading")) window.whole = performance.now() - window.began;
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.setInputFiles("input[type=file]", file);
  await page.waitForFunction(() => window.whole, undefined, { timeout: 120_000 });
  const told = await page.evaluate(() => [window.first, window.whole, document.querySelector(".list").getAttribute("aria-rowcount") - 1, window.busy.splice(0)]);
  console.log(`${told[2]} packets: first rows after ${told[0].toFixed(0)} ms, all after ${told[1].toFixed(0)} ms; page busy for more than 50 ms: ${told[3].length} times, at most ${Math.max(0, ...told[3]).toFixed(0)} ms`);
  const ways = {
    "wheel": (list) => (list.scrollTop += 60),
    "pages": (list) => (list.scrollTop += list.clientHeight),
    "scroll bar": (list, frame, frames) => (list.scrollTop = (frame / frames) * list.scrollHeight),
    "anywhere": (list) => (list.scrollTop = Math.random() * list.scrollHeight),
  };
  for (const [name, way] of Object.entries(ways)) {
    const measured = await page.evaluate(async ([way, frames]) => {
      const step = eval(way), list = document.querySelector(".list"), times = [];
      let waiting = 0, before = await new Promise(requestAnimationFrame);
      for (let frame = 0; frame < frames; frame++) {
        step(list, frame, frames);
        const now = await new Promise(requestAnimationFrame);
        times.push(now - before);
        before = now;
        waiting += document.querySelector(".row.waiting") ? 1 : 0;
      }
      return { times, waiting, busy: window.busy.splice(0) };
    }, [`(${way})`, 400]);
    const times = measured.times.sort((one, other) => one - other);
    const share = (part) => times[Math.min(times.length - 1, Math.floor(part * times.length))].toFixed(1);
    console.log(`${name.padEnd(10)}  frames: median ${share(0.5)} ms, 95 % ${share(0.95)} ms, 99 % ${share(0.99)} ms; rows still waiting in ${measured.waiting} of 400; busy ${measured.busy.length} times`);
    if (Number(share(0.95)) > 25) process.exitCode = 1;
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
