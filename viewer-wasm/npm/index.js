// The engine for other pages: a worker with the WebAssembly module, and promises for its answers. Captures stay in the browser.

const place = new URL("./viewer/", import.meta.url);
const times = { relative: "Relative", delta: "Delta", date: "DateUtc", day: "TimeUtc", epoch: "Epoch" };

async function unpacked(name) {
  const answer = await fetch(new URL(name + ".bin", place));
  if (!answer.ok) throw new Error(`${name}.bin: ${answer.status} ${answer.statusText}`);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": "application/wasm" } });
}

// A worker runs only if it is of the page's own host: that of another is started by a script that loads it.
function start(name) {
  const script = new URL("worker.js", place);
  if (script.origin === location.origin) return new Worker(script, { name });
  const loads = `importScripts(${JSON.stringify(new URL(name + ".js", place).href)}, ${JSON.stringify(script.href)});`;
  return new Worker(URL.createObjectURL(new Blob([loads], { type: "text/javascript" })), { name });
}

// A worker of a module: questions get numbers, and `take` is given all that it tells.
class Asked {
  #worker;
  #count = 0;
  #waiting = new Map();

  static async of(name) {
    const module = await WebAssembly.compileStreaming(await unpacked(name));
    const asked = new Asked();
    asked.#worker = start(name);
    asked.#worker.onmessage = ({ data }) => {
      const waiting = asked.#waiting.get(data.number);
      if (waiting && waiting.take(data, waiting)) asked.#waiting.delete(data.number);
    };
    asked.#worker.onerror = ({ message }) => asked.fail(new Error(message));
    asked.#worker.postMessage(module);
    return asked;
  }
  // Asks; `take` answers whether it has all, and settles the promise.
  ask(ask, file, take) {
    return new Promise((resolve, reject) => {
      const number = ++this.#count;
      this.#waiting.set(number, { resolve, reject, take });
      this.#worker.postMessage({ ask, number, file });
    });
  }
  // A message without an answer of its own.
  tell(ask, file) {
    this.#worker.postMessage({ ask, number: ++this.#count, file });
  }
  fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
  end() {
    this.#worker.terminate();
    this.fail(new Error("the capture is closed"));
  }
}

// What an answer of the first module says, under its name; what it says it can't is thrown.
const told = (take) => (data, waiting) => {
  const answer = JSON.parse(data.answer), [kind, about] = Object.entries(answer)[0];
  if (kind === "Failed") waiting.reject(new Error(about.sentence));
  return kind === "Failed" || take(kind, about, data.bytes, waiting.resolve);
};
const question = (kind, about) => JSON.stringify(about ? { [kind]: about } : kind);

let meanings;
async function meaning(index) {
  meanings ??= unpacked("fields").then((file) => file.text()).then((text) => text.split("\n").map((line) => line.split("\t")));
  const [name, section, means] = (await meanings)[index] ?? [];
  return { name, section, meaning: means };
}

export class Capture {
  #asked;
  #file;
  #about;
  #picked = null;
  #reports;

  constructor(asked, file, about) {
    [this.#asked, this.#file, this.#about] = [asked, file, about];
  }
  get name() { return this.#about.name; }
  get format() { return this.#about.format; }
  get packets() { return this.#about.packets; }
  get size() { return this.#about.size; }
  get damage() { return this.#about.damage; }
  get shown() { return this.#picked ? this.#picked.length : this.packets; }

  rows(first, count, { time = "relative" } = {}) {
    const picked = this.#picked;
    return this.#asked.ask(question("Rows", { first, count, time: times[time] ?? times.relative }), undefined, told((kind, { rows }, bytes, done) => {
      done(rows.map(({ cells: [time, source, destination, protocol, length, info], comment }, at) => (
        { number: picked ? picked[first - 1 + at] : first + at, time, source, destination, protocol, length: Number(length), info, comment })));
      return true;
    }));
  }
  async packet(number) {
    const lines = [];
    const { packet, bytes } = await this.#asked.ask(question("Packet", { number }), undefined, told((kind, about, bytes, done) => {
      // A packet of many lines comes in parts.
      lines.push(...(kind === "Lines" ? about : about.lines));
      if (kind === "Packet") done({ packet: about, bytes });
      return kind === "Packet";
    }));
    let at = 0;
    const sources = packet.sources.map(({ name, len }) => ({ name, bytes: bytes.subarray(at, (at += len)) }));
    return { number, comments: packet.comments, sources, lines: await Promise.all(lines.map(async ({ field, len, style, ...line }) => (
      { ...line, length: len, style: style.toLowerCase(), field: (await meaning(field)).name }))) };
  }
  filter(text, { onProgress } = {}) {
    const numbers = [];
    return this.#asked.ask(question("Filter", { text }), undefined, told((kind, { at, done: all }, bytes, done) => {
      if (bytes) numbers.push(...new Uint32Array(bytes.slice().buffer));
      onProgress?.({ at, found: numbers.length, packets: this.packets });
      if (all) {
        this.#picked = text.trim() ? numbers : null;
        done(this.#picked ?? Array.from({ length: this.packets }, (_, at) => at + 1));
      }
      return all;
    }));
  }
  export() {
    const pieces = [];
    return this.#asked.ask(question("Export"), undefined, told((kind, { done: all }, bytes, done) => {
      pieces.push(bytes);
      if (all) done(new Blob(pieces, { type: "application/vnd.tcpdump.pcap" }));
      return all;
    }));
  }
  async report(name) {
    this.#reports ??= Asked.of("reports").then((asked) => {
      asked.tell(`open ${this.name}`, this.#file);
      return asked;
    });
    const asked = await this.#reports;
    return JSON.parse(await asked.ask(`file,json 0 0 0 ${name}`, undefined, ({ kind, text }, { resolve, reject }) => {
      if (kind === "failed") reject(new Error(text));
      if (kind === "file") resolve(text);
      return kind !== "progress";
    }));
  }
  async associations() {
    return (await this.report("assoc")).associations;
  }
  close() {
    this.#asked.end();
    this.#reports?.then((asked) => asked.end(), () => {});
  }
}

export async function load(source, { name, onProgress } = {}) {
  let file = source;
  if (typeof source === "string" || source instanceof URL) {
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(`${source}: ${answer.status} ${answer.statusText}`);
    file = await answer.blob();
    name ??= decodeURIComponent(new URL(source, location.href).pathname.split("/").pop());
  } else if (!(source instanceof Blob)) {
    file = new Blob([source]);
  }
  name ??= file.name ?? "capture";
  const asked = await Asked.of("viewer");
  try {
    const about = await asked.ask(question("Open", { name }), file, told((kind, about, bytes, done) => {
      if (kind === "Progress") onProgress?.(about);
      if (kind === "Loaded") done(about.capture);
      return kind === "Loaded";
    }));
    return new Capture(asked, file, about);
  } catch (error) {
    asked.end();
    throw error;
  }
}

export async function explain(field) {
  await meaning(0);
  const line = (await meanings).find(([name]) => name === field);
  return line && { name: line[0], section: line[1], meaning: line[2] };
}
