// What a user relies on, tried as a user does it.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commented, fragments, longest, udp } from "./captures.js";
import { choose, clipboard, dist, drop, lines, lit, open, page, ready, selected, soon, testdata } from "./page.js";

const classic = testdata("sctp/classic.pcapng");

page("a capture opens by the button", {}, async (page) => {
  await open(page, classic);
  await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-rowcount"), "22"));
  const cells = await page.locator("#packet-3 .cell").allInnerTexts();
  assert.deepEqual(cells.slice(2, 6), ["10.77.1.1", "10.77.1.2", "SCTP", "154"]);
  assert.match(cells[6], /^INIT /);
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Packet 1 of 21.*classic\.pcapng/s));
  await soon(async () => assert.equal(await page.title(), "classic.pcapng – sctpdump"));
});

page("a capture opens by dropping it, one in place of the other", {}, async (page) => {
  await drop(page, "association.pcapng", readFileSync(testdata("book/association.pcapng")));
  await ready(page, "association.pcapng");
  await drop(page, "classic.pcapng", readFileSync(classic));
  await page.waitForFunction(() => document.querySelector(".list")?.getAttribute("aria-rowcount") === "22");
  await soon(async () => assert.match(await page.locator(".status").innerText(), /classic\.pcapng/));
});

page("a hex dump opens by pasting it", {}, async (page) => {
  const dump = "0000  45 00 00 20 00 00 00 00  40 11 00 00 0a 00 00 01\n0010  0a 00 00 02 1b 58 1b 58  00 0c 00 00 01 02 03 04\n";
  await page.click("text=Paste a hex dump");
  await page.fill("#dump", dump);
  await page.click("text=Read the packets");
  await page.waitForSelector(".tree .item");
  await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-rowcount"), "2"));
  await soon(async () => assert.match((await page.locator(".bytes .line").first().innerText()).replaceAll("\u00a0", " "), /45 00 00 20/));
  // And straight onto the page.
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.querySelector(".list").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, dump + "0020  aa bb\n");
  await page.waitForFunction(() => document.querySelector(".bytes")?.getAttribute("aria-label").endsWith(": 34"));
});

const link = "testdata/sctp/classic.pcapng";
page("a link leads to a file of the host, its packet, line and times", { path: `#f=${link}&p=4&line=2&time=e`, link }, async (page) => {
  await page.waitForSelector(".tree .item.selected");
  await soon(async () => assert.equal(await selected(page), "4"));
  await soon(async () => assert.equal(await page.locator(".tree .item.selected").getAttribute("id"), "line-2"));
  await soon(async () => assert.match(await page.locator("#packet-4 .c1").innerText(), /^\d{10}\.\d+$/));
  // The address follows what is selected, and a changed address leads there.
  await page.click("#packet-5");
  await page.waitForFunction(() => location.hash.includes("p=5"));
  await page.evaluate(() => (location.hash = location.hash.replace("p=5", "p=3")));
  await page.waitForSelector("#packet-3.selected");
});

page("a link without a file leads into the capture that is opened next", { path: "#p=4&line=2" }, async (page) => {
  await open(page, classic);
  await page.waitForSelector("#line-2.selected");
  await soon(async () => assert.equal(await selected(page), "4"));
  await page.click("#packet-6", { button: "right" });
  await page.getByRole("menuitem", { name: "Link to this packet" }).click();
  await page.waitForFunction(() => navigator.clipboard.readText().then((text) => /\/#p=6/.test(text)));
});

page("a link to another host leads nowhere", { path: "#f=https://example.org/a.pcap" }, async (page) => {
  await soon(async () => assert.match(await page.locator(".notice").innerText(), /page's own host only/));
});

page("a link to a missing file says so", { path: "#f=none.pcap", link: "none.pcap", faults: ["Failed to load resource: the server responded with a status of 404 (Not Found)"] }, async (page) => {
  await soon(async () => assert.match(await page.locator(".notice").innerText(), /none\.pcap.*404/));
});

page("a field lights its bytes, a byte its field", {}, async (page) => {
  await open(page, classic);
  await page.click("#packet-3");
  await choose(page, "Initiate tag");
  const tag = await page.locator(".item.selected").innerText();
  const bytes = await lit(page);
  assert.match(bytes, /^([0-9a-f]{2} ){3}[0-9a-f]{2}$/);
  assert.equal(parseInt(tag.match(/0x([0-9a-f]+)/)[1], 16), parseInt(bytes.replaceAll(" ", ""), 16));
  // The explanation names meaning and section.
  await page.waitForSelector(".explain a");
  await soon(async () => assert.match(await page.locator(".explain").innerText(), /RFC 9260, 3\.3\.2[\s\S]*sctp\.init_initiate_tag/));
  await soon(async () => assert.equal(await page.locator(".explain a").getAttribute("href"), "https://www.rfc-editor.org/rfc/rfc9260#section-3.3.2"));
  // Offset 0x22 is SCTP's source port: the third byte of the third line.
  const hex = page.locator(".bytes .line").nth(2).locator(".hex");
  const box = await hex.boundingBox();
  const sign = box.width / (await hex.evaluate((hex) => hex.textContent.length));
  await hex.click({ position: { x: sign * 7, y: 8 } });
  await soon(async () => assert.match(await page.locator(".item.selected").innerText(), /Source port: 40001/));
  await soon(async () => assert.equal(await page.locator(".hex mark.byte").innerText(), "9c"));
  await soon(async () => assert.equal(await page.locator(".ascii mark.byte").count(), 1));
});

page("what fields mean is loaded when it is first looked at", {}, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url().split("/").pop()));
  await open(page, classic);
  await page.click("#packet-3");
  assert(!asked.includes("fields.bin"), "nobody has looked yet");
  await choose(page, "Initiate tag");
  await page.waitForSelector(".explain a");
  await soon(async () => assert.match(await page.locator(".explain .doc").innerText(), /^The tag that the other side puts in every packet it sends\./));
  await choose(page, "Source port");
  await soon(async () => assert.match(await page.locator(".explain .doc").innerText(), /^From which port/));
  assert.equal(asked.filter((name) => name === "fields.bin").length, 1);
});

const refused = "Failed to load resource: the server responded with a status of 404 (Not Found)";
page("what fields mean can be loaded again where that failed", { faults: [refused], passing: true }, async (page) => {
  await page.route("**/fields.bin", (route) => route.fulfill({ status: 404, contentType: "text/plain", body: "" }), { times: 1 });
  await open(page, classic);
  await page.click("#packet-3");
  await choose(page, "Initiate tag");
  await page.waitForSelector(".explain button");
  // All that the page knows by itself stands there even so.
  await soon(async () => assert.match(await page.locator(".explain").innerText(), /fields\.bin: 404[\s\S]*sctp\.init_initiate_tag/));
  await page.click(".explain button");
  await page.waitForSelector(".explain a");
  await soon(async () => assert.match(await page.locator(".explain .doc").innerText(), /^The tag /));
});

page("reassembled bytes are a source of their own", {}, async (page) => {
  await drop(page, "fragments.pcap", fragments());
  await ready(page, "fragments.pcap");
  await page.click("#packet-2");
  await page.waitForSelector("[role=tab]");
  await soon(async () => assert.deepEqual(await page.locator("[role=tab]").allInnerTexts(), ["Frame (28)", "Reassembled IPv4 (24)"]));
  await choose(page, "Data: ");
  // The field's bytes are in the second source: it shows.
  await soon(async () => assert.equal(await page.locator("#source-1").getAttribute("aria-selected"), "true"));
  await soon(async () => assert.equal(await lit(page), "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"));
  await page.focus("#source-1");
  await page.keyboard.press("ArrowLeft");
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.id), "source-0"));
  await soon(async () => assert.match(await page.locator(".bytes").getAttribute("aria-label"), /: 28$/));
});

page("a packet's comments are shown", {}, async (page) => {
  await drop(page, "commented.pcapng", commented("seen <b>twice</b>\nin the lab"));
  await ready(page, "commented.pcapng");
  await soon(async () => assert.equal(await page.locator(".row .note").count(), 1));
  await page.click("#packet-2");
  await page.waitForFunction(() => document.querySelector(".tree").getAttribute("aria-label").endsWith(" 2"));
  await page.keyboard.press("Control+Alt+c");
  await soon(async () => assert.equal(await page.locator("dialog blockquote").textContent(), "seen <b>twice</b>\nin the lab"));
});

page("of a long packet only the lines in view are drawn", {}, async (page) => {
  await drop(page, "longest.pcap", longest());
  await ready(page, "longest.pcap");
  await page.focus(".bytes");
  await page.keyboard.press("End");
  await page.waitForSelector("mark.byte");
  await soon(async () => assert.match(await page.locator(".bytes .line").last().innerText(), /^fff0/));
  await soon(async () => assert((await page.locator(".bytes .line").count()) <= 60));
  await soon(async () => assert.match(await page.locator(".item.selected").innerText(), /65507|Data|Payload/));
});

page("text, bytes and field values are found, onwards, back and round", {}, async (page) => {
  await open(page, classic);
  await page.keyboard.press("Control+f");
  await page.keyboard.type("COOKIE_ACK");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#packet-6.selected");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Init_Ack");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#packet-4.selected");
  await page.selectOption(".find select", { label: "Bytes (hex)" });
  await page.fill(".find input", "4d 33 55 41");
  await page.keyboard.press("Shift+Enter");
  await page.waitForSelector("#packet-3.selected");
  await page.waitForSelector(".hex mark.byte");
  await soon(async () => assert.equal(await page.locator(".hex mark.byte").innerText(), "4d"));
  await page.selectOption(".find select", { label: "Field value (filter)" });
  await page.fill(".find input", "sctp.chunk_type == 10");
  await page.keyboard.press("F3");
  await page.waitForSelector("#packet-5.selected");
  await page.fill(".find input", "sctp.chunk_type ==");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".find input[aria-invalid=true]");
  await soon(async () => assert.match(await page.locator(".find .fault").innerText(), /.{10}/));
  await page.keyboard.press("Escape");
  await page.waitForSelector(".find", { state: "detached" });
});

page("what is selected is copied in many forms", {}, async (page) => {
  await open(page, classic);
  await page.click("#packet-3");
  await choose(page, "Source port");
  await page.keyboard.press("Control+c");
  await page.waitForFunction(() => document.body.textContent.includes("Line copied"));
  await soon(async () => assert.equal(await clipboard(page), "Source port: 40001"));
  const forms = {
    Value: "40001", "Field name: sctp.srcport": "sctp.srcport", "Display filter": "sctp.srcport == 40001", "Bytes as hexadecimal": "9c 41",
    "Bytes as C array": "static const unsigned char sctp_srcport[2] = {\n    0x9c, 0x41,\n};\n",
  };
  for (const [form, text] of Object.entries(forms)) {
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: form, exact: true }).click();
    await page.waitForFunction((text) => navigator.clipboard.readText().then((copied) => copied === text), text);
    await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.className), "tree"));
  }
});

page("packets are marked and gone through", {}, async (page) => {
  await open(page, classic);
  for (const packet of [12, 3, 7]) {
    await page.click(`#packet-${packet}`);
    await page.keyboard.press("Control+m");
  }
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Marked: 3/));
  for (const packet of [12, 3, 7]) {
    await page.keyboard.press("Alt+Shift+N");
    await page.waitForSelector(`#packet-${packet}.selected.marked`);
  }
  await page.keyboard.press("Alt+Shift+B");
  await page.waitForSelector("#packet-3.selected");
});

page("times, columns and colours change, and stay", {}, async (page) => {
  await open(page, classic);
  await page.keyboard.press("Control+Alt+1");
  await page.waitForFunction(() => /^\d{4}-\d\d-\d\d \d\d:/.test(document.querySelector("#packet-1 .c1")?.textContent));
  await page.click("button[aria-label=View]");
  await page.getByRole("menuitemcheckbox", { name: "Length" }).click();
  await soon(async () => assert.equal(await page.locator("#packet-1 .c5").count(), 0));
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await soon(async () => assert.equal(await page.locator("html").getAttribute("data-theme"), "dark"));
  await page.keyboard.press("Escape");
  await page.reload();
  await open(page, classic);
  await soon(async () => assert.equal(await page.locator("html").getAttribute("data-theme"), "dark"));
  await soon(async () => assert.equal(await page.locator("#packet-1 .c5").count(), 0));
});

// Rows about this packet are drawn and told. Near the ends of a long list the scroll bar is not quite a share.
const settled = (page, packet) => page.waitForFunction((packet) => {
  const rows = [...document.querySelectorAll(".list .drawn > .row")];
  return rows.some((row) => Math.abs(row.dataset.packet - packet) < 30_000) && !rows.some((row) => row.matches(".waiting"));
}, packet);

page("a capture of a million packets scrolls to its end", {}, async (page) => {
  const packets = 1_000_000;
  const chosen = page.waitForEvent("filechooser");
  await page.click(".bar button[aria-label='Open']");
  const folder = mkdtempSync(join(tmpdir(), "sctpdump-"));
  try {
    const file = join(folder, "million.pcap");
    writeFileSync(file, udp(packets));
    await (await chosen).setFiles(file);
    await page.waitForSelector(".tree .item");
    await page.waitForFunction((rows) => document.querySelector(".list").getAttribute("aria-rowcount") === rows, String(packets + 1), { timeout: 60_000 });
    // The page keeps to few rows, however long the list.
    const rows = () => page.locator(".list .drawn > .row").count();
    for (const share of [0.1, 0.5, 0.77, 1]) {
      await page.locator(".list").evaluate((list, share) => (list.scrollTop = share * (list.scrollHeight - list.clientHeight)), share);
      await settled(page, Math.round(share * packets));
      await soon(async () => assert((await rows()) <= 60));
    }
    await page.waitForFunction((last) => /7000/.test(document.querySelector(`#packet-${last} .c6`)?.textContent), packets);
    await page.click(`#packet-${packets}`);
    await page.waitForFunction(() => document.querySelector(".tree").getAttribute("aria-label").endsWith(" 1000000"));
    await soon(async () => assert.match(await page.locator(".bytes .line").last().innerText(), /00 0f 42 40/));
    // By keys and by number, too.
    await page.keyboard.press("Control+Home");
    await page.waitForSelector("#packet-1.selected");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+g");
    await page.keyboard.type("654321");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#packet-654321.selected");
    // The wheel moves by pixels.
    const first = () => page.locator(".list .drawn > .row").first().getAttribute("data-packet").then(Number);
    const before = await first();
    await page.mouse.move(400, 200);
    await page.mouse.wheel(0, 220);
    await page.waitForFunction((before) => Number(document.querySelector(".list .drawn > .row").dataset.packet) > before, before);
    await page.waitForTimeout(400);
    await soon(async () => assert.equal((await first()) - before, 10));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

page("a truncated file shows what is there and says what is missing", {}, async (page) => {
  const whole = readFileSync(testdata("sctp/classic_eth.pcap"));
  await drop(page, "cut.pcap", whole.subarray(0, whole.length - 10));
  await page.waitForSelector(".badge.warn");
  await soon(async () => assert.match(await page.locator(".badge.warn").innerText(), /Damage: 1/));
  await page.click(".badge.warn");
  await soon(async () => assert.match(await page.locator("dialog").innerText(), /Damage[\s\S]*(cut|end|truncated|missing)/i));
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await soon(async () => assert((await page.locator(".list .drawn > .row").count()) > 5));
});

page("a file that is no capture is refused with a reason", {}, async (page) => {
  await drop(page, "notes.txt", Buffer.from("this is no capture at all, just words"));
  await page.waitForSelector(".notice");
  await soon(async () => assert.match(await page.locator(".notice").innerText(), /notes\.txt.*pcap/s));
  await drop(page, "empty.pcap", Buffer.alloc(0));
  await page.waitForFunction(() => document.querySelector(".notice")?.textContent.includes("empty.pcap"));
  // The page is as usable as before.
  await page.click("[aria-label='Close the message']");
  await open(page, classic);
});

page("loading is cancelled, and what is loaded stays", {}, async (page) => {
  const bytes = udp(1_500_000);
  const folder = mkdtempSync(join(tmpdir(), "sctpdump-"));
  try {
    const file = join(folder, "long.pcap");
    writeFileSync(file, bytes);
    const chosen = page.waitForEvent("filechooser");
    await page.click(".bar button[aria-label='Open']");
    // Cancelled as soon as the first rows stand: from within the page, which is quicker than from here.
    await page.evaluate(() => new MutationObserver(() => {
      if (document.querySelector(".list .drawn > .row")) document.querySelector(".loading button")?.click();
    }).observe(document.body, { childList: true, subtree: true }));
    await (await chosen).setFiles(file);
    await page.waitForSelector(".badge:has-text('not all read')");
    const rows = Number(await page.locator(".list").getAttribute("aria-rowcount")) - 1;
    assert(rows > 0 && rows < 1_500_000, `${rows} rows`);
    await page.keyboard.press("Control+End");
    await page.waitForSelector(`#packet-${rows}.selected`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

page("the keyboard alone is enough", { path: `#f=${link}`, link }, async (page) => {
  await page.waitForSelector(".tree .item");
  // The list has the focus once it is there.
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.dataset.pane), "list"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector("#packet-3.selected");
  await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-activedescendant"), "packet-3"));
  await page.waitForFunction(() => document.querySelector(".tree").getAttribute("aria-label").endsWith(" 3"));
  await page.keyboard.press("F6");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await soon(async () => assert.match((await lines(page)).join("\n"), /Source port/));
  await soon(async () => assert.match(await page.locator(".item.selected").innerText(), /Source port/));
  await soon(async () => assert.equal(await lit(page), "9c 41"));
  await page.keyboard.press("F6");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await soon(async () => assert.match(await page.locator(".item.selected").innerText(), /Destination port/));
  await page.keyboard.press("Control+ArrowDown");
  await page.waitForSelector("#packet-4.selected");
  // A menu, and back to where the focus was.
  await page.keyboard.press("Shift+F10");
  await page.waitForSelector(".menu");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.dataset.pane), "bytes"));
  // Dialogs give the focus back.
  await page.keyboard.press("F1");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.dataset.pane), "bytes"));
  // Tab comes to every pane and splitter, and the splitter moves.
  await page.focus(".list");
  await page.keyboard.press("Tab");
  const before = (await page.locator(".list").boundingBox()).height;
  await page.keyboard.press("ArrowDown");
  await soon(async () => assert((await page.locator(".list").boundingBox()).height > before));
  const seen = [];
  for (let step = 0; step < 5; step++) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => document.activeElement.className));
  }
  assert.deepEqual(seen.slice(0, 4), ["tree", "splitter", "bytes", "explain"]);
});

page("a phone shows all three panes, one under the other", { width: 400 }, async (page) => {
  await open(page, classic);
  await page.click("#packet-4");
  const boxes = await Promise.all([".list", ".tree", ".bytes"].map((pane) => page.locator(pane).boundingBox()));
  for (const box of boxes) assert(box.width >= 390 && box.height >= 60, JSON.stringify(box));
  assert(boxes[0].y + boxes[0].height <= boxes[1].y && boxes[1].y + boxes[1].height <= boxes[2].y);
  await soon(async () => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400));
  await soon(async () => assert.match(await page.locator(".bytes .line").nth(1).innerText(), /^0008/));
});

page("the single HTML file works from a folder", { file: true }, async (page) => {
  await drop(page, "classic.pcapng", readFileSync(classic));
  await ready(page, "classic.pcapng");
  await page.click("#packet-3");
  await choose(page, "Verification tag");
  await soon(async () => assert.equal(await lit(page), "00 00 00 00"));
  await page.waitForSelector(".explain a");
  await soon(async () => assert.match(await page.locator(".explain .doc").innerText(), /^The tag that the receiver chose/));
});

page("the page works without a network after the first visit", {}, async (page) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await open(page, classic);
  await choose(page, "Frame");
  await page.waitForSelector(".explain .doc[aria-busy=false]");
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector("h1", { state: "attached" });
  await open(page, classic);
  await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-rowcount"), "22"));
  await choose(page, "Frame");
  await page.waitForSelector(".explain .doc[aria-busy=false]");
  await page.context().setOffline(false);
});

page("nothing but the page's own scripts runs", {}, async (page) => {
  const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy.match(/script-src[^;]*/)[0], /unsafe-inline|'unsafe-eval'|https?:/);
  const single = readFileSync(join(dist, "sctpdump.html"), "utf8");
  assert.doesNotMatch(single.match(/script-src[^;"]*/)[0], /unsafe-inline|'unsafe-eval'|https?:/);
});
