// Starts the page and its worker: the module is unpacked and compiled once and handed to the worker. In the single HTML file
// the module and the worker's script stand in the page itself.
(async () => {
  const inside = document.getElementById("module");
  const compile = (packed) => WebAssembly.compileStreaming(new Response(
    packed.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": "application/wasm" } }));
  let module, worker;
  if (inside) {
    module = await compile(new Blob([Uint8Array.from(atob(inside.textContent), (sign) => sign.charCodeAt(0))]).stream());
    // Undoes what keeps the script's text from ending the element it stands in.
    const script = document.getElementById("worker").textContent.replaceAll("<\\/script", "</script").replaceAll("<\\!--", "<!--");
    worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  } else {
    const answer = await fetch("viewer.bin");
    if (!answer.ok) throw new Error("viewer.bin: " + answer.status + " " + answer.statusText);
    module = await compile(answer.body);
    worker = new Worker("worker.js");
    if (navigator.serviceWorker) navigator.serviceWorker.register("service-worker.js").catch(() => {});
  }
  worker.postMessage(module);
  wasm_bindgen.initSync({ module });
  wasm_bindgen.page(worker);
})().catch((error) => {
  const page = document.getElementById("page");
  page.removeAttribute("aria-busy");
  page.setAttribute("role", "alert");
  page.textContent = "sctpdump could not start: " + error + ". A current Firefox, Chromium or Safari is needed.";
});
