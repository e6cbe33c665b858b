// The package for npm, by its own example page: `cargo xtask npm` puts it together, and `cargo xtask browser` too.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./host.js";
import { page, soon, testdata } from "./page.js";

const folder = "target/npm/", example = { path: folder + "example.html", folder, link: "testdata/sctp/classic.pcapng" };
const classic = testdata("sctp/classic.pcapng");

page("the example page shows packets, filters them, and has the viewer in a frame", example, async (page) => {
  await page.setInputFiles("#file", classic);
  await page.waitForFunction(() => document.querySelector("#said").textContent === "classic.pcapng: 19 of 21 packets");
  await soon(async () => assert.equal(await page.locator("#rows tr").count(), 19));
  await soon(async () => assert.match(await page.locator("#rows tr").first().innerText(), /^3\s+0\.\d+\s+10\.77\.1\.1\s+10\.77\.1\.2\s+SCTP\s+INIT/));
  await page.fill("#filter", "sctp.chunktype");
  await page.click("#go");
  await page.waitForFunction(() => /did you mean sctp\.chunk_type/.test(document.querySelector("#said").textContent));
  const frame = page.frameLocator("sctp-dump iframe");
  await frame.locator(".tree .item").first().waitFor();
  await soon(async () => assert.match(await frame.locator(".status").innerText(), /Packet 1 of 21[\s\S]*classic\.pcapng/));
});

page("the element fetches its capture and follows its attributes", example, async (page) => {
  await page.evaluate(() => {
    const element = document.createElement("sctp-dump");
    element.id = "made";
    element.setAttribute("src", "/testdata/sctp/classic.pcapng");
    element.setAttribute("filter", "sctp.chunk_type == SACK");
    element.setAttribute("packet", "10");
    document.body.append(element);
  });
  const frame = page.frameLocator("#made iframe");
  await frame.locator("#packet-10.selected").waitFor();
  await soon(async () => assert.equal(await frame.locator(".filter input").inputValue(), "sctp.chunk_type == SACK"));
  await soon(async () => assert.equal(await frame.locator("#packet-7").count(), 0));
  await page.evaluate(() => document.querySelector("#made").setAttribute("packet", "12"));
  await frame.locator("#packet-12.selected").waitFor();
});

const missing = { ...example, link: "testdata/none.pcap", faults: ["Failed to load resource: the server responded with a status of 404 (Not Found)"] };
page("the element says that a capture can't be had", missing, async (page) => {
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", `<sctp-dump id="made" src="/testdata/none.pcap"></sctp-dump>`));
  await page.locator("#made p").waitFor();
  await soon(async () => assert.match(await page.locator("#made p").innerText(), /none\.pcap: 404/));
});

page("load, rows, packet, filter, export, explain", example, async (page) => {
  const told = await page.evaluate(async () => {
    const { load, explain } = await import("/target/npm/index.js");
    const progress = [];
    const capture = await load("/testdata/sctp/classic.pcapng", { onProgress: (now) => progress.push(now) });
    const rows = await capture.rows(3, 2, { time: "date" });
    const packet = await capture.packet(3);
    const type = packet.lines.find((line) => line.field === "sctp.chunk_type");
    const bytes = [...packet.sources[type.source].bytes.subarray(type.start, type.start + type.length)];
    const numbers = await capture.filter("sctp.chunk_type == SACK"), first = await capture.rows(1, 1);
    const wrong = await capture.filter("ip.src ==").catch((error) => error.message);
    const exported = await load(await capture.export(), { name: "part" });
    const about = { name: capture.name, format: capture.format, packets: capture.packets, shown: capture.shown, size: capture.size, damage: capture.damage };
    const all = await capture.filter("");
    const none = await load(new TextEncoder().encode("no capture at all"), { name: "notes.txt" }).catch((error) => error.message);
    capture.close();
    const closed = await exported.packet(99).catch((error) => error.message);
    return { rows, type, bytes, numbers, first, wrong, part: exported.packets, about, all: all.length, none, closed, explained: await explain("sctp.chunk_type") };
  });
  assert.deepEqual(told.about, { name: "classic.pcapng", format: "pcapng", packets: 21, shown: told.numbers.length, size: readFileSync(classic).length, damage: [] });
  assert.equal(told.rows[0].number, 3);
  assert.match(told.rows[0].time, /^\d{4}-\d\d-\d\d \d\d:/);
  assert.match(told.rows[0].info, /^INIT /);
  assert.deepEqual([told.type.text, told.type.value, told.bytes, told.type.style], ["Chunk type: INIT (1)", "1", [1], "plain"]);
  assert.equal(told.numbers[0], 8);
  assert.equal(told.first[0].number, 8);
  assert.equal(told.part, told.numbers.length);
  assert.equal(told.all, 21);
  assert.match(told.wrong, /expected/);
  assert.match(told.none, /^notes\.txt: this is no capture file/);
  assert.match(told.closed, /there is no packet 99/);
  assert.match(told.explained.section, /^RFC 9260/);
});

if (existsSync(join(root, folder, "viewer/reports.bin"))) {
  page("associations are those of the command", example, async (page) => {
    const told = await page.evaluate(async () => {
      const { load } = await import("/target/npm/index.js");
      const capture = await load("/testdata/sctp/classic.pcapng");
      return { all: await capture.associations(), none: await capture.report("no/such").catch((error) => error.message) };
    });
    assert.equal(told.all.length, 1);
    const { a, a_port, b, b_port, state, packets, end } = told.all[0];
    assert.deepEqual({ a, a_port, b, b_port, state, packets, end },
      { a: ["10.77.1.1"], a_port: 40001, b: ["10.77.1.2"], b_port: 4444, state: "CLOSED", packets: 19, end: "graceful shutdown, asked for by A" });
    assert.equal(typeof told.none, "string");
  });
}
