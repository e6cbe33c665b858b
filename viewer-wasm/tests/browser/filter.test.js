// The filter bar and what belongs to it, tried as a user does it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { commented, udp } from "./captures.js";
import { choose, clipboard, drop, open, page, ready, selected, soon, testdata } from "./page.js";

const classic = testdata("sctp/classic.pcapng");
const field = ".filter input";
const count = async (page) => (await page.locator(".list").getAttribute("aria-rowcount")) - 1;
const colour = (page) => page.locator(".filter .field").evaluate((field) => ["fine", "wrong", "doubtful"].find((name) => field.classList.contains(name)) ?? "");
const numbers = (page) => page.locator(".list .drawn .row").evaluateAll((rows) => rows.map((row) => Number(row.dataset.packet)));
// Types a filter, applies it, and waits until all packets were looked at.
async function filter(page, text) {
  await page.fill(field, text);
  await page.press(field, "Escape");
  await page.press(field, "Enter");
  await page.waitForSelector(".panes[aria-busy=false]");
}

page("the bar is red, yellow and green, and tells what is wrong at its place", {}, async (page) => {
  await open(page, classic);
  await page.keyboard.press("Control+/");
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "combobox"));
  await page.keyboard.type("ip && sctp.chunktype == 1");
  await soon(async () => assert.equal(await colour(page), "wrong"));
  await soon(async () => assert.equal(await page.locator(".under u").innerText(), "sctp.chunktype"));
  await soon(async () => assert.match(await page.locator("#filter-remark").innerText(), /sctp\.chunktype is neither a field nor a protocol; did you mean sctp\.chunk_type\?/));
  await soon(async () => assert.equal(await page.locator(field).getAttribute("aria-invalid"), "true"));
  // The mark stands under the word.
  const [mark, box] = [await page.locator(".under u").boundingBox(), await page.locator(field).boundingBox()];
  assert(mark.x > box.x + 30 && mark.width > 80 && mark.y >= box.y && mark.y + mark.height <= box.y + box.height + 2, JSON.stringify({ mark, box }));
  await page.fill(field, "ip && sctp.chunk_type == 1");
  await soon(async () => assert.equal(await colour(page), "fine"));
  await soon(async () => assert.equal(await page.locator(".under u").count(), 0));
  await page.fill(field, "sip || ip && tcp");
  await soon(async () => assert.equal(await colour(page), "doubtful"));
  await soon(async () => assert.match(await page.locator("#filter-remark").innerText(), /parentheses/));
  await page.fill(field, "");
  await soon(async () => assert.equal(await colour(page), ""));
  // A wrong filter is not applied.
  await page.fill(field, "sctp.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await soon(async () => assert.equal(await count(page), 21));
});

page("what is typed is completed by keys alone", {}, async (page) => {
  await open(page, classic);
  await page.keyboard.press("Control+/");
  await page.keyboard.type("sctp.chunk_ty");
  const offers = page.locator("#filter-offers [role=option]");
  await soon(async () => assert.match(await offers.first().innerText(), /sctp\.chunk_type\s*Chunk type/));
  await soon(async () => assert.equal(await page.locator(field).getAttribute("aria-expanded"), "true"));
  await page.keyboard.press("ArrowDown");
  await soon(async () => assert.equal(await page.locator(field).getAttribute("aria-activedescendant"), "offer-0"));
  await soon(async () => assert.equal(await offers.first().getAttribute("aria-selected"), "true"));
  await page.keyboard.press("Enter");
  await soon(async () => assert.equal(await page.inputValue(field), "sctp.chunk_type"));
  await soon(async () => assert.equal(await offers.count(), 0));
  await page.keyboard.type(" == SHUTDOWN_C");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await soon(async () => assert.equal(await page.inputValue(field), "sctp.chunk_type == SHUTDOWN_COMPLETE"));
  // In the midst of the text the word at the cursor is completed, and the cursor stays behind it.
  await page.fill(field, "ip && sctp.data_si == 1");
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await soon(async () => assert.equal(await page.inputValue(field), "ip && sctp.data_sid == 1"));
  await soon(async () => assert.equal(await page.locator(field).evaluate((input) => input.selectionStart), "ip && sctp.data_sid".length));
  // By the mouse too, and the focus stays.
  await page.fill(field, "sctp.chunk_ty");
  await offers.first().click();
  await soon(async () => assert.equal(await page.inputValue(field), "sctp.chunk_type"));
  await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "combobox"));
});

page("only what the filter picks shows, and all of it when it is cleared", {}, async (page) => {
  await open(page, classic);
  await page.click("#packet-9");
  await filter(page, "sctp.chunk_type == DATA");
  const picked = [7, 9, 11, 12, 13, 14, 15, 16, 17, 18];
  await soon(async () => assert.deepEqual(await numbers(page), picked));
  await soon(async () => assert.equal(await selected(page), "9"));
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Packet 9 of 21\s*Displayed 10 of 21 \(47\.6 %\)/));
  await soon(async () => assert.equal(await page.locator(".row.selected").getAttribute("aria-rowindex"), "3"));
  // Keys go through what shows.
  await page.focus(".list");
  await page.keyboard.press("ArrowDown");
  await soon(async () => assert.match(await selected(page), /11$/));
  await page.keyboard.press("End");
  await soon(async () => assert.match(await selected(page), /18$/));
  // A packet that does not show is shown below all the same.
  await page.keyboard.press("Control+g");
  await page.keyboard.type("4");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".tree[aria-label='Fields of packet 4']");
  await soon(async () => assert.equal(await page.locator(".row.selected").count(), 0));
  // Finding stays among what shows.
  await page.keyboard.press("Control+f");
  await page.keyboard.type("sctp");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#packet-7.selected");
  await page.keyboard.press("Escape");
  await page.click("button[aria-label='Clear the filter']");
  await soon(async () => assert.equal(await count(page), 21));
  await soon(async () => assert.match(await selected(page), /7$/));
  await filter(page, "tcp");
  await soon(async () => assert.equal(await count(page), 0));
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Displayed 0 of 21/));
});

page("filters from before are kept from visit to visit", {}, async (page) => {
  await open(page, classic);
  await filter(page, "sctp");
  await filter(page, "sctp.chunk_type == SACK");
  await page.waitForFunction(() => location.hash.includes("SACK"));
  await page.reload();
  await page.waitForSelector("h1");
  await open(page, classic);
  await page.keyboard.press("Control+/");
  await page.keyboard.press("Alt+ArrowDown");
  await soon(async () => assert.deepEqual(await page.locator("#filter-offers code").allInnerTexts(), ["sctp.chunk_type == SACK", "sctp"]));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Displayed/));
  await soon(async () => assert((await numbers(page)).includes(8)));
});

page("the bar works where the browser keeps nothing", {}, async (page) => {
  await page.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } }));
  await page.reload();
  await page.waitForSelector("h1");
  await open(page, classic);
  await filter(page, "arp");
  await soon(async () => assert.deepEqual(await numbers(page), [1, 2]));
});

page("a link carries filter and packet", { path: "#filter=sctp.chunk_type%20%3D%3D%20SACK&p=10" }, async (page) => {
  await open(page, classic);
  await soon(async () => assert.match(await page.locator(".status").innerText(), /Displayed/));
  await soon(async () => assert.match(await selected(page), /10$/));
  await soon(async () => assert.equal(await page.inputValue(field), "sctp.chunk_type == SACK"));
  await soon(async () => assert(!(await numbers(page)).includes(7)));
  await page.click("#packet-12", { button: "right" });
  await page.getByRole("menuitem", { name: "Link to this packet" }).click();
  await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.endsWith("/#filter=sctp.chunk_type%20%3D%3D%20SACK&p=12")));
});

page("a field becomes a filter and a column", {}, async (page) => {
  await open(page, classic);
  await page.click("#packet-3");
  await choose(page, "Chunk type: INIT");
  // By keys: the menu, and the one behind it.
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Apply as filter" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.innerText === "Selected");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".list").getAttribute("aria-rowcount") === "2");
  await soon(async () => assert.equal(await page.inputValue(field), "sctp.chunk_type == 1"));
  // Prepared, it only stands there.
  await page.focus(".tree");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Prepare as filter" }).click();
  await page.getByRole("menuitem", { name: "… or not selected" }).click();
  await soon(async () => assert.equal(await page.inputValue(field), "(sctp.chunk_type == 1) || !(sctp.chunk_type == 1)"));
  await soon(async () => assert.equal(await count(page), 1));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".list").getAttribute("aria-rowcount") === "22");
  await page.focus(".tree");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Apply as column" }).click();
  await page.waitForSelector("#packet-12 .more");
  await soon(async () => assert.deepEqual(await page.locator(".head .cell").allInnerTexts(), ["No.", "Time", "Source", "Destination", "Protocol", "Length", "sctp.chunk_type", "Info"]));
  await page.waitForFunction(() => document.querySelector("#packet-12 .more").innerText === "SACK (3), DATA (0)");
  await soon(async () => assert.equal(await page.locator(".list").getAttribute("aria-colcount"), "8"));
  // It is still there at the next visit, until it is taken away.
  await page.reload();
  await page.waitForSelector("h1");
  await open(page, classic);
  await page.waitForFunction(() => document.querySelector("#packet-3 .more")?.innerText === "INIT (1)");
  await page.click("button[aria-label=View]");
  await page.getByRole("menuitemcheckbox", { name: "sctp.chunk_type" }).click();
  await page.keyboard.press("Escape");
  await soon(async () => assert.equal(await page.locator(".more").count(), 0));
});

page("related packets are marked and gone to", {}, async (page) => {
  await open(page, classic);
  await page.click("#packet-7");
  await page.waitForSelector("#packet-8 .related");
  await soon(async () => assert.match(await page.locator("#packet-8 .related").getAttribute("title"), /This chunk is acked in frame: 8/));
  await soon(async () => assert.equal(await page.locator(".related").count(), 1));
  await page.focus(".list");
  await page.keyboard.press("Control+.");
  await page.waitForSelector("#packet-8.selected");
  await page.waitForSelector("#packet-7 .related");
  await page.keyboard.press("Alt+,");
  await page.waitForSelector("#packet-7.selected");
  await page.waitForSelector("#packet-8 .related");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "This chunk is acked in frame: 8" }).click();
  await page.waitForSelector("#packet-8.selected");
  await open(page, testdata("sip/reinvite.pcap"));
  await filter(page, "sip.CSeq.method == BYE || sip.Method == BYE");
  await page.focus(".list");
  await page.keyboard.press("End");
  await page.waitForSelector(".row .related");
  await soon(async () => assert.match(await page.locator(".row .related").first().getAttribute("title"), /Request Frame|Response/i));
});

page("what shows is exported with its comments", {}, async (page) => {
  await drop(page, "commented.pcapng", commented("a word on it"));
  await ready(page, "commented.pcapng");
  await filter(page, "frame.comment");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
  assert.equal(download.suggestedFilename(), "commented-filtered.pcapng");
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.readUInt32LE(0), 0x0a0d0d0a);
  // Opened again, it has the packet and what was said of it.
  await drop(page, "again.pcapng", bytes);
  await page.waitForFunction(() => document.querySelector(".status").innerText.includes("again.pcapng"));
  await page.waitForSelector(".tree .item");
  await soon(async () => assert.equal(await count(page), 1));
  await page.keyboard.press("Control+Alt+c");
  await soon(async () => assert.equal(await page.locator("blockquote").innerText(), "a word on it"));
});

page("a long capture is filtered in steps, with a stop", {}, async (page) => {
  await drop(page, "many.pcap", udp(400_000));
  await page.waitForSelector(".panes[aria-busy=false]", { timeout: 60_000 });
  // How far it was each time the page drew it, and how many rows there were: the page is not held up.
  await page.evaluate(() => {
    window.steps = [];
    new MutationObserver(() => {
      const at = document.querySelector(".filter progress")?.value;
      const rows = Number(document.querySelector(".list").getAttribute("aria-rowcount")) - 1;
      if (at > 0 && window.steps.at(-1)?.at !== at) window.steps.push({ at, rows });
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  await page.fill(field, "udp.payload contains 00:00:07");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#packet-7");
  // 7 in the lowest of the four bytes, behind two that are nothing; or in the third, with nothing before.
  await page.waitForFunction(() => document.querySelector(".list").getAttribute("aria-rowcount") === "258", undefined, { timeout: 60_000 });
  await page.waitForSelector(".panes[aria-busy=false]", { timeout: 60_000 });
  const steps = await page.evaluate(() => window.steps);
  assert(steps.length > 3, JSON.stringify(steps));
  assert(steps.some(({ at, rows }) => at < 400_000 && rows > 0), "rows appear while it goes on");
  // Stopped as soon as it can be: from within the page, which is quicker than from here.
  await page.evaluate(() => new MutationObserver((_, observer) => {
    const stop = [...document.querySelectorAll(".filter button")].find((button) => button.textContent === "Stop");
    if (stop) observer.disconnect(), stop.click();
  }).observe(document.body, { childList: true, subtree: true }));
  await page.fill(field, "udp.payload contains 01");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await soon(async () => assert.match(await page.locator(".filter").innerText(), /not all looked at/));
  assert(await count(page) < 200_000);
  await page.click("button[aria-label='Clear the filter']");
  await page.waitForFunction(() => document.querySelector(".list").getAttribute("aria-rowcount") === "400001");
});

page("colouring rules are changed, with what is wrong told", {}, async (page) => {
  await open(page, classic);
  const text = await page.locator("#packet-3").evaluate((row) => row.style.cssText);
  await page.click("button[aria-label=View]");
  await page.getByRole("menuitem", { name: "Colouring rules" }).click();
  await page.fill("#rules", "@Wrong@sctp.nothing@[0,0,0][0,0,0]\n@INIT@sctp.chunk_type == INIT@[65535,0,0][0,0,0]\n");
  await page.click("text=Colour by these");
  await page.waitForFunction(() => /line 1: Wrong: sctp\.nothing is neither/.test(document.querySelector("#rule-faults").innerText));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector("#packet-3").style.cssText.includes("#ff0000"));
  await soon(async () => assert.equal(await page.locator("#packet-4.painted").count(), 0));
  await page.reload();
  await page.waitForSelector("h1");
  await open(page, classic);
  await page.waitForFunction(() => document.querySelector("#packet-3").style.cssText.includes("#ff0000"));
  await page.click("button[aria-label=View]");
  await page.getByRole("menuitem", { name: "Colouring rules" }).click();
  await page.click("text=As at the start");
  await page.keyboard.press("Escape");
  await page.waitForFunction((text) => document.querySelector("#packet-3").style.cssText === text, text);
});
