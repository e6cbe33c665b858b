// What a person reads in the views of associations, calls and statistics, on captures of which it is known how they were made.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check } from "./axe.js";
import { choose, drop, open, page, selected, soon, testdata } from "./page.js";

const told = (page) => page.locator(".told");
const title = (page) => page.locator("#view-title").innerText();
const part = (page, name) => page.locator(`.told [data-part="${name}"]`);
const text = async (place) => (await place.innerText()).replace(/\s+/g, " ");

// Opens a capture and one of its views by the menu.
async function view(page, file, name) {
  await open(page, testdata(file));
  await page.click("button[aria-label=Views]");
  await page.getByRole("menuitem", { name, exact: true }).click();
  await page.waitForSelector("#view-title");
}

// Goes on in the view by a button, until it has another title or other parts.
async function go(page, name) {
  const version = await told(page).getAttribute("data-version");
  await told(page).getByRole("button", { name, exact: true }).first().click();
  await page.waitForFunction((version) => document.querySelector(".told").getAttribute("data-version") !== version, version);
}

// Follows a packet of the view, and comes back.
async function follow(page, link, number) {
  await link.click();
  await page.waitForSelector(`#packet-${number}.selected`);
  await soon(async () => assert(!(await page.locator(".view").isVisible()), "the view is gone"));
  await page.keyboard.press("F4");
  await page.waitForSelector(".view #view-title");
}

// The words of the tip at the first place of the chart, from left to right, where they are as wanted.
async function hover(page, wanted, panel, heights) {
  const words = page.locator(".chart text", { hasText: panel }).first();
  await words.evaluate((words) => words.scrollIntoView({ block: "start" }));
  const [box, heading] = [await page.locator(".chart svg").boundingBox(), await words.boundingBox()];
  for (let x = 80; x < box.width - 20; x += 5) {
    for (const y of heights) {
      await page.mouse.move(box.x + x, heading.y + y);
      await page.waitForTimeout(15);
      const tip = page.locator(".tip");
      const said = async () => ((await tip.count()) ? await tip.innerText().catch(() => "") : "");
      if (!wanted.test(await said())) continue;
      // It may be of the place before.
      await page.waitForTimeout(200);
      if (wanted.test(await said())) return said();
    }
  }
  assert.fail(`nothing in the chart says ${wanted}`);
}

page("what two ends said is followed, and a link leads there", {}, async (page) => {
  await view(page, "sctp/classic.pcapng", "Associations");
  await go(page, "0");
  await go(page, "Follow");
  await soon(async () => assert.equal(await title(page), "SCTP association 0: what was said"));
  const said = page.locator(".told .said");
  await soon(async () => assert.match(await said.innerText(), /DATA 1[^]*OK[^]*DATA 5/));
  await page.waitForFunction(() => location.hash.includes("view=assoc/0/follow"));
  // The address leads there in a page that opens anew.
  await page.evaluate(() => (location.hash = "#p=7"));
  await page.waitForSelector("#packet-7.selected");
  await soon(async () => assert(!(await page.locator(".view").isVisible()), "the view is gone"));
  await page.evaluate(() => (location.hash = "#p=7&view=assoc/0/follow"));
  await page.waitForSelector(".view .said");
  await check(page, "what was said");
});

page("failover: when messages moved to the other path, and back", {}, async (page) => {
  await view(page, "sctp/failover.pcap", "Associations");
  await soon(async () => assert.equal(await title(page), "1 SCTP association"));
  await soon(async () => assert.match(await text(part(page, "associations")), /10\.77\.1\.1, 10\.77\.2\.1 40020 .* CLOSED 2 446 152520 557 1 .* graceful shutdown, asked for by A/));
  await go(page, "0");
  await soon(async () => assert.equal(await title(page), "SCTP association 0: (10.77.1.1, 10.77.2.1):40020 to (10.77.1.2, 10.77.2.2):4444"));
  const findings = await text(part(page, "findings"));
  assert.match(findings, /Warning B got no answer over its path 1 \(10\.77\.1\.1 - 10\.77\.1\.2\) from 2\.646 s to 8\.397 s: 6 HEARTBEATs/);
  assert.match(findings, /A's new messages moved from path 1 to path 2 \(10\.77\.2\.1 - 10\.77\.2\.2\) at 2\.716 s/);
  assert.match(findings, /A's new messages moved from path 2 to path 1 \(10\.77\.1\.1 - 10\.77\.1\.2\) at 7\.924 s: back to the first path/);
  const moved = part(page, "findings").locator("li", { hasText: "at 2.716 s" });
  await follow(page, moved.getByRole("link", { name: "77" }), 77);
  // Handshake and paths.
  await soon(async () => assert.match(await text(part(page, "handshake")), /A 8 0x[0-9a-f]{8} .*ASCONF \(RFC 5061\)/));
  await soon(async () => assert.match(await text(part(page, "paths")), /10\.77\.2\.1 10\.77\.2\.2/));
  await soon(async () => assert.match(await text(part(page, "streams")), /Blocked for longest/));
  // The same over time: the mark at 2.716 s leads to the packet.
  await go(page, "Over time");
  await soon(async () => assert.match(await page.locator(".chart").textContent(), /new messages come here[\s\S]*HEARTBEAT not answered[\s\S]*TSN[\s\S]*Bytes in flight[\s\S]*a_rwnd/));
  assert.match(await hover(page, /^new messages come here, path 2 .*, 2\.716\d* s, packet 77$/, "Paths", [74]), /packet 77/);
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForSelector("#packet-77.selected");
});

page("a chart zooms and moves", {}, async (page) => {
  await view(page, "sctp/failover.pcap", "Associations");
  await go(page, "0");
  await go(page, "Over time");
  const ticks = async () => (await page.locator(".chart text").allTextContents()).filter((text) => / s$/.test(text)).map(parseFloat);
  const whole = await ticks();
  assert(whole.includes(0) && whole.includes(10));
  const changed = (before) => page.waitForFunction((before) => document.querySelector(".chart").innerHTML !== before, before);
  const chart = () => page.locator(".chart").innerHTML();
  // By the keyboard: the button keeps the focus.
  await page.focus(".moves button[aria-label='Zoom in']");
  let before = await chart();
  await page.keyboard.press("Enter");
  await changed(before);
  const zoomed = await ticks();
  assert(Math.max(...zoomed) - Math.min(...zoomed) < 8, `${zoomed}`);
  before = await chart();
  await page.keyboard.press("Enter");
  await changed(before);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Earlier"));
  before = await chart();
  const [from] = await ticks();
  await page.keyboard.press("Enter");
  await changed(before);
  await soon(async () => assert((await ticks())[0] < from));
  before = await chart();
  await page.click(".moves button[aria-label='All of it']");
  await changed(before);
  await soon(async () => assert.deepEqual(await ticks(), whole));
  // By the wheel, at the pointer; and by dragging.
  const box = await page.locator(".chart svg").boundingBox();
  await page.mouse.move(box.x + 100, box.y + 150);
  before = await chart();
  await page.mouse.wheel(0, -100);
  await changed(before);
  const wheeled = await ticks();
  assert(wheeled[0] <= 2 && Math.max(...wheeled) < 10, `${wheeled}`);
  before = await chart();
  await page.mouse.move(box.x + 700, box.y + 150);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 150, { steps: 4 });
  await page.mouse.up();
  await changed(before);
  await page.waitForTimeout(300);
  await soon(async () => assert((await ticks())[0] > wheeled[0], "it has moved"));
  await soon(async () => assert(await page.locator(".view").isVisible(), "dragging is no click"));
});

page("loss_a: which TSNs were lost and sent again", {}, async (page) => {
  await view(page, "sctp/loss_a.pcap", "Associations");
  await go(page, "0");
  await soon(async () => assert.match(await text(part(page, "findings")), /A sent 36 TSNs again, 12\.7 % of all: 23 fast, 11 after a timeout \(T3\), 0 on another path; 20 were not needed \(spurious\), about 16 got lost/));
  const again = part(page, "retransmissions");
  await soon(async () => assert.equal(await again.locator("tbody tr").count(), 63));
  // The first of them: its TSN stands in its packet, as sent again.
  const cells = await again.locator("tbody tr").first().locator("td").allInnerTexts();
  await follow(page, again.getByRole("link", { name: cells[1], exact: true }).first(), cells[1]);
  await page.keyboard.press("F4");
  await page.waitForFunction((number) => document.querySelector(".tree").getAttribute("aria-label").endsWith(` ${number}`), cells[1]);
  await choose(page, cells[3]);
  // Head-of-line blocking, in words and by stream.
  await page.keyboard.press("F4");
  await soon(async () => assert.match(await text(part(page, "findings")), /9 messages of B waited for one before them in their stream \(head-of-line blocking\), 58\.4 ms together/));
  // A table is sorted by its heading.
  await again.getByRole("button", { name: "TSN", exact: true }).click();
  await page.waitForSelector("[data-part=retransmissions] th[aria-sort=ascending]");
  const tsns = (await again.locator("tbody tr td:nth-child(4)").allInnerTexts()).map(Number);
  assert.deepEqual(tsns, tsns.toSorted((a, b) => a - b));
  await soon(async () => assert.match(await page.evaluate(() => document.activeElement.textContent), /TSN/));
});

page("abort_eth: why it was broken off, who saw what, and the ladder", {}, async (page) => {
  await view(page, "sctp/abort_eth.pcap", "Associations");
  await soon(async () => assert.equal(await title(page), "5 SCTP associations"));
  await soon(async () => assert.match(await text(part(page, "associations")), /ABORT by A: cause 12, User initiated ABORT, reason "user-initiated-abort-reason"/));
  await soon(async () => assert.match(await text(part(page, "associations")), /refused: B answered with an ABORT/));
  await go(page, "0");
  await soon(async () => assert.match(await text(part(page, "association")), /How it ended ABORT by A: cause 12, User initiated ABORT, reason "user-initiated-abort-reason"/));
  await go(page, "Events");
  await soon(async () => assert.match(await text(told(page)), /SCTP_COMM_UP[\s\S]*SCTP_COMM_LOST/));
  await go(page, "Ladder");
  const arrow = page.locator(".ladder g[data-packet='13']");
  await soon(async () => assert.match(await arrow.textContent(), /ABORT/));
  await follow(page, arrow, 13);
  await soon(async () => assert.match(await text(part(page, "arrows")), /13 0\.022160 A 10\.77\.1\.1 B 10\.77\.1\.2 ABORT/));
  await told(page).getByRole("button", { name: "Health" }).click();
  await page.waitForFunction(() => /did not end well at 22\.2 ms/.test(document.querySelector(".told").innerText));
});

page("zerowindow: that the receiver could take no more", {}, async (page) => {
  await view(page, "sctp/zerowindow.pcap", "Associations");
  await go(page, "0");
  await soon(async () => assert.match(await text(part(page, "findings")), /B could take no more bytes \(a_rwnd 0\) 4 times, 2\.538 s together, 1\.439 s at the longest; A sent 4 probes/));
  await go(page, "Over time");
  assert.match(await hover(page, /^of B: 0, /, "a_rwnd", [150]), /packet \d+$/);
});

page("reinvite: how long calls took, the ladder, the media", {}, async (page) => {
  await view(page, "sip/reinvite.pcap", "Calls");
  await soon(async () => assert.equal(await title(page), "3 SIP calls, 0 other dialogs"));
  const row = await part(page, "calls").locator("tbody tr").first().locator("td").allInnerTexts();
  assert.deepEqual(row.slice(0, 12), ["0", "INVITE", "sip:alice@10.77.1.1:5060", "sip:bob@10.77.1.2:5060", "COMPLETED", "19", "0", "0.553552", "0.002415", "0.309605", "2.611652", "BYE of the caller"]);
  await go(page, "0");
  await soon(async () => assert.match(await text(part(page, "call")), /Setup time 0\.002415 Ring time 0\.309605 Duration 2\.611652/));
  await soon(async () => assert.match(await text(told(page)), /195 offer caller audio 10\.77\.1\.1:7000 sendonly \(hold\)/));
  await follow(page, part(page, "call").getByRole("link", { name: "195", exact: true }), 195);
  await go(page, "Ladder");
  await soon(async () => assert.match(await page.locator(".ladder").textContent(), /10\.77\.1\.1:5060[\s\S]*10\.77\.1\.2:5060[\s\S]*INVITE[\s\S]*407 [\s\S]*180 Ringing[\s\S]*200 OK[\s\S]*BYE/));
});

page("udp_rtp: streams with loss and jitter, and statistics of them", {}, async (page) => {
  await view(page, "sip/udp_rtp.pcap", "RTP streams");
  const row = await part(page, "streams").locator("tbody tr").first().locator("td").allInnerTexts();
  assert.deepEqual(row.slice(1, 11), ["10.77.1.1:7000", "10.77.1.2:6000", "0xdee0ee8f", "ITU-T G.711 PCMA", "236", "0", "0.0", "36.675", "0.416", "1.398"]);
  await go(page, "Calls");
  await go(page, "0");
  await soon(async () => assert.match(await text(part(page, "call")), /Setup time 0\.000105 Ring time 0\.001098 Duration 9\.010245/));
  await go(page, "Protocols");
  await soon(async () => assert.match(await text(part(page, "hierarchy")), /udp 1494 98\.4 427632 98\.8 sip 18 1\.2 7848 1\.8 rtp 1476 97\.2/));
  await go(page, "Conversations");
  await go(page, "UDP");
  await soon(async () => assert.match(await text(part(page, "conversations")), /10\.77\.1\.1:5060 10\.77\.1\.2:5060 18 7848 9 4236 9 3612/));
  await go(page, "Endpoints");
  await soon(async () => assert.match(await text(part(page, "endpoints")), /10\.77\.1\.1 \d+/));
  await go(page, "Expert information");
  await soon(async () => assert.equal(await title(page), "Expert information"));
  // Over time, of any filters; one that is not understood is told beside its field.
  await go(page, "Packets over time");
  await page.fill("#view-filter", "sip.Method == \"INVITE\"\nrtp.ssrc == 1 ||");
  await go(page, "Count");
  await soon(async () => assert.match(await told(page).getByRole("alert").innerText(), /\^/));
  await page.fill("#view-filter", "sip.Method in {\"INVITE\", \"BYE\"}\nrtp");
  await go(page, "Count");
  await soon(async () => assert.match(await page.locator(".chart").textContent(), /all packets[\s\S]*sip\.Method in \{"INVITE", "BYE"\}[\s\S]*rtp/));
  await soon(async () => assert.equal(await page.inputValue("#view-filter"), "sip.Method in {\"INVITE\", \"BYE\"}\nrtp"));
  // The filter stays with a statistic of the other layers.
  await go(page, "Conversations");
  await page.fill("#view-filter", "sip");
  await page.press("#view-filter", "Enter");
  await page.waitForFunction(() => document.querySelector("#view-title").innerText === "IPv4 conversations of sip");
  await go(page, "UDP");
  await soon(async () => assert.equal(await title(page), "UDP conversations of sip"));
});

page("views are saved and printed", {}, async (page) => {
  await view(page, "sctp/failover.pcap", "Associations");
  const save = async (format) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-save=${format}]`)]);
    return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
  };
  const [name, csv] = await save("csv");
  assert.equal(name, "assoc.csv");
  assert.match(csv, /^number,a,a_port,b,b_port,state,[\s\S]*\n0,/);
  await go(page, "0");
  assert.equal(JSON.parse((await save("json"))[1]).report, "association");
  assert.match((await save("txt"))[1], /^SCTP association 0: /);
  await go(page, "Over time");
  assert.match((await save("svg"))[1], /^<svg xmlns=/);
  assert.match((await save("csv"))[1], /^panel,series,seconds,value,packet\n/);
  await go(page, "Ladder");
  assert.match((await save("mmd"))[1], /sequenceDiagram/);
  // On paper: the view alone, all of it.
  await page.emulateMedia({ media: "print" });
  for (const hidden of [".bar", ".status", ".panes", ".places", ".saves"]) await soon(async () => assert(!(await page.locator(hidden).first().isVisible()), hidden));
  await soon(async () => assert(await page.locator("#view-title").isVisible()));
  const [paper, ladder] = await page.evaluate(() => [document.documentElement.scrollHeight, document.querySelector(".ladder svg").getBoundingClientRect().height]);
  assert(paper > ladder, `${paper} of ${ladder}`);
});

page("the keyboard reaches all of a view", {}, async (page) => {
  await open(page, testdata("sctp/abort_eth.pcap"));
  await page.keyboard.press("F4");
  await page.waitForSelector("#view-title:focus");
  const press = async (key, wanted) => {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press(key);
      if (await page.evaluate((wanted) => document.activeElement.closest(".view") && document.activeElement.textContent === wanted, wanted)) return;
    }
    assert.fail(`the keyboard does not reach ${wanted}`);
  };
  await press("Tab", "2");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /^SCTP association 2/.test(document.querySelector("#view-title").innerText));
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.id), "view-title"));
  await press("Tab", "Ladder");
  await page.keyboard.press(" ");
  await page.waitForSelector(".ladder");
  await press("Shift+Tab", "Calls");
  await page.keyboard.press("Escape");
  await soon(async () => assert(!(await page.locator(".view").isVisible())));
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.className), "list"));
});

page("what makes views is loaded when one is first looked at", {}, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url().split("/").pop()));
  await open(page, testdata("sctp/failover.pcap"));
  assert(!asked.includes("reports.bin"), "nobody has looked yet");
  await page.keyboard.press("F4");
  await page.waitForSelector("#view-title");
  await page.keyboard.press("Escape");
  // Another capture is another view, by the same worker.
  await open(page, testdata("sctp/many_assocs.pcap"));
  await page.keyboard.press("F4");
  await page.waitForFunction(() => /^\d{2,} SCTP associations$/.test(document.querySelector("#view-title")?.innerText));
  assert.equal(asked.filter((name) => name === "reports.bin").length, 1);
});

const refused = "Failed to load resource: the server responded with a status of 404 (Not Found)";
page("views that can't be loaded say so, and can be tried again", { faults: [refused], passing: true }, async (page) => {
  await page.route("**/reports.bin", (route) => route.fulfill({ status: 404, contentType: "text/plain", body: "" }), { times: 1 });
  await open(page, testdata("sctp/failover.pcap"));
  await page.keyboard.press("F4");
  await soon(async () => assert.match(await page.locator(".view .fault").innerText(), /reports\.bin: 404/));
  await page.keyboard.press("F4");
  await page.click("button[aria-label=Views]");
  await page.getByRole("menuitem", { name: "Associations" }).click();
  await page.waitForSelector("#view-title");
});

page("views of pasted packets, in the single file too", { file: true }, async (page) => {
  await open(page, testdata("sctp/failover.pcap"));
  await page.keyboard.press("F4");
  await page.waitForSelector("#view-title");
  await soon(async () => assert.equal(await title(page), "1 SCTP association"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+O");
  await page.fill("#dump", "4500 0024 0000 0000 4084 0000 0a00 0001 0a00 0002 1388 1389 0000 0001 0000 0000 0b00 0004");
  await page.click("text=Read the packets");
  await page.waitForFunction(() => document.querySelector(".list")?.getAttribute("aria-rowcount") === "2");
  await page.keyboard.press("F4");
  await page.waitForSelector("#view-title");
  await soon(async () => assert.match(await text(part(page, "associations")), /10\.0\.0\.2 5001 10\.0\.0\.1 5000/));
});

for (const dark of [false, true]) {
  for (const width of [1280, 400]) {
    page(`axe finds nothing in views: ${dark ? "dark" : "light"}, ${width} pixels`, { dark, width }, async (page) => {
      // In a high window: axe reckons with no place below it of what scrolls in what scrolls.
      await page.setViewportSize({ width, height: 20_000 });
      await view(page, "sctp/failover.pcap", "Associations");
      await check(page, "associations");
      await go(page, "0");
      await check(page, "an association");
      for (const name of ["Over time", "Ladder", "Health", "Events"]) {
        await go(page, name);
        await check(page, name);
      }
      await go(page, "Packets over time");
      await check(page, "over time");
      await go(page, "Protocols");
      await page.fill("#view-filter", "sctp &&");
      await go(page, "Count");
      await check(page, "a fault");
      const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert(wide[0] <= wide[1], `${wide}`);
      await drop(page, "reinvite.pcap", readFileSync(testdata("sip/reinvite.pcap")));
      await page.waitForFunction(() => /reinvite/.test(document.querySelector(".status").innerText));
      await page.keyboard.press("F4");
      await page.waitForSelector("#view-title");
      await go(page, "Calls");
      await go(page, "0");
      await check(page, "a call");
    });
  }
}
