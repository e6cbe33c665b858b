// What the package does, in a few lines: load, filter, rows, a packet, associations; and the whole viewer as an element.

import { load } from "./index.js";
import "./element.js";

const the = (id) => document.getElementById(id);
let capture;

async function show() {
  try {
    const picked = await capture.filter(the("filter").value);
    const rows = await capture.rows(1, 20);
    the("said").textContent = `${capture.name}: ${picked.length} of ${capture.packets} packets`;
    the("rows").replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      for (const cell of [row.number, row.time, row.source, row.destination, row.protocol, row.info]) line.insertCell().textContent = cell;
      return line;
    }));
  } catch (error) {
    the("said").textContent = error.message;
  }
}

the("file").onchange = async ({ target }) => {
  capture?.close();
  capture = await load(target.files[0]);
  await show();
  the("viewer").hidden = false;
  the("viewer").open(target.files[0]);
};
the("go").onclick = () => capture && show();
