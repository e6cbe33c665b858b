// <sctp-dump src="capture.pcapng" filter="sctp.chunk_type == ABORT" packet="7">: the whole viewer, in a frame of its own. The
// capture is fetched by the page that uses it, and handed over; it is read in the browser.

const viewer = new URL("./viewer/index.html", import.meta.url).href;

export class SctpDump extends HTMLElement {
  static observedAttributes = ["src", "filter", "packet"];
  #frame;
  #file;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).innerHTML = `<style>:host { display: block; height: 640px; } :host([hidden]) { display: none; } iframe { display: block; width: 100%; height: 100%; border: 0; } p { margin: 0; padding: 1em; font-family: system-ui, sans-serif; }</style>`;
  }
  connectedCallback() {
    this.#show();
  }
  disconnectedCallback() {
    removeEventListener("message", this);
    this.#frame?.remove();
    this.#frame = undefined;
  }
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "src") this.#file = undefined;
    this.#show();
  }
  // Shows a file that is no address.
  open(file) {
    this.#file = file;
    if (this.isConnected) this.#show();
  }
  // The viewer says when it is there; then it gets the capture.
  async handleEvent({ source, data }) {
    const frame = this.#frame;
    if (!frame || source !== frame.contentWindow || data !== "sctp-dump") return;
    try {
      const file = this.#file ?? await this.#fetched();
      if (frame === this.#frame) frame.contentWindow.postMessage({ file, name: file.name ?? this.#name() }, "*");
    } catch (error) {
      const words = document.createElement("p");
      words.setAttribute("role", "alert");
      words.textContent = `The capture can't be shown: ${error.message}`;
      if (frame === this.#frame) frame.replaceWith(words);
    }
  }
  #name() {
    return decodeURIComponent(new URL(this.getAttribute("src"), document.baseURI).pathname.split("/").pop()) || "capture";
  }
  async #fetched() {
    const answer = await fetch(new URL(this.getAttribute("src"), document.baseURI));
    if (!answer.ok) throw new Error(`${this.getAttribute("src")}: ${answer.status} ${answer.statusText}`);
    return answer.blob();
  }
  #show() {
    removeEventListener("message", this);
    this.shadowRoot.querySelectorAll("iframe, p").forEach((old) => old.remove());
    this.#frame = undefined;
    if (!this.#file && !this.getAttribute("src")) return;
    const link = ["filter", "packet"].filter((name) => this.getAttribute(name)).map((name) => `${name === "packet" ? "p" : name}=${encodeURIComponent(this.getAttribute(name))}`);
    const frame = document.createElement("iframe");
    // By its name the viewer knows that it is handed a capture.
    frame.name = "sctp-dump";
    frame.title = this.getAttribute("title") ?? "Packets";
    frame.src = `${viewer}#${link.join("&")}`;
    this.#frame = frame;
    addEventListener("message", this);
    this.shadowRoot.append(frame);
  }
}

if (!customElements.get("sctp-dump")) customElements.define("sctp-dump", SctpDump);
