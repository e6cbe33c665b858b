// axe-core finds no violation, in both themes and at both widths, in every state of the page.

import { check } from "./axe.js";
import { choose, drop, open, page, testdata } from "./page.js";

for (const dark of [false, true]) {
  for (const width of [1280, 400]) {
    page(`axe finds nothing: ${dark ? "dark" : "light"}, ${width} pixels`, { dark, width }, async (page) => {
      await check(page, "start");
      await drop(page, "notes.txt", Buffer.from("no capture"));
      await page.waitForSelector(".notice");
      await check(page, "refused");
      await open(page, testdata("sctp/crafted_eth.pcap"));
      await check(page, "open");
      await page.click("#packet-3");
      await page.keyboard.press("Control+m");
      await choose(page, "Source port");
      await check(page, "field selected");
      await page.click("#packet-5");
      await check(page, "marked");
      for (const share of [0.5, 1]) {
        await page.locator(".list").evaluate((list, share) => (list.scrollTop = share * list.scrollHeight), share);
        await page.waitForTimeout(200);
        await check(page, `scrolled ${share}`);
      }
      await page.keyboard.press("Control+f");
      await page.keyboard.press("Enter");
      await check(page, "finding");
      await page.keyboard.press("Escape");
      for (const [text, where] of [["sctp.chunk_ty", "wrong, with offers"], ["ip || sctp && sip", "doubtful"], ["sctp.data_sid", "fine"]]) {
        await page.fill(".filter input", text);
        await page.keyboard.press("ArrowDown");
        await check(page, `filter: ${where}`);
      }
      await page.keyboard.press("Escape");
      await page.fill(".filter input", "sctp.chunk_type == DATA");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector(".status").innerText.includes("Displayed"));
      await page.keyboard.press("Alt+ArrowDown");
      await check(page, "filtered");
      await page.click(".list .row[data-packet]");
      await page.waitForTimeout(200);
      await check(page, "related");
      await page.click("button[aria-label='Clear the filter']");
      await page.click("button[aria-label=View]");
      await check(page, "view menu");
      await page.getByRole("menuitem", { name: "Colouring rules" }).click();
      await page.fill("#rules", "no rule");
      await page.click("text=Colour by these");
      await page.waitForSelector("#rule-faults p");
      await check(page, "colouring rules");
      await page.click("text=As at the start");
      await page.keyboard.press("Escape");
      await page.focus(".tree");
      await page.keyboard.press("Shift+F10");
      await check(page, "field menu");
      await page.getByRole("menuitem", { name: "Apply as filter" }).click();
      await check(page, "filter menu");
      await page.keyboard.press("Escape");
      await page.focus(".tree");
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Apply as column" }).click();
      await page.waitForSelector(".more", { state: "attached" });
      await check(page, "column");
      for (const [key, dialog] of [["F1", "help"], ["Control+g", "go to"], ["Control+Shift+O", "paste"], ["Control+Alt+c", "comments"]]) {
        await page.keyboard.press(key);
        await page.waitForSelector("dialog[open]");
        await check(page, dialog);
        await page.keyboard.press("Escape");
        await page.waitForSelector("dialog", { state: "detached" });
      }
      await open(page, testdata("sip/udp_rtp.pcap"));
      await page.locator("#packet-7, #packet-2").first().click();
      await page.focus(".tree");
      await page.keyboard.press("Control+ArrowRight");
      await check(page, "SIP");
    });
  }
}
