// Starts the page and its workers: a module is unpacked and compiled once and handed to its worker. In the single HTML file
// the packed files and the workers' scripts stand in the page itself.
(async () => {
  const inside = (name) => document.getElementById(name);
  // A page that frames this one by <sctp-dump> hands it a capture: the frame has its name.
  const handed = window.name === "sctp-dump" && parent !== window && new Promise((take) => {
    addEventListener("message", ({ source, data }) => source === parent && data?.file instanceof Blob && take(data));
    parent.postMessage("sctp-dump", "*");
  });
  // A packed file, unpacked as it comes.
  const unpack = async (name) => {
    let packed;
    if (inside(name)) {
      const signs = atob(inside(name).textContent), bytes = new Uint8Array(signs.length);
      for (let at = 0; at < bytes.length; at++) bytes[at] = signs.charCodeAt(at);
      packed = new Blob([bytes]).stream();
    } else {
      const answer = await fetch(name + ".bin");
      if (!answer.ok) throw new Error(name + ".bin: " + answer.status + " " + answer.statusText);
      packed = answer.body;
    }
    return packed.pipeThrough(new DecompressionStream("gzip"));
  };
  // A module of this name, and a worker that runs it.
  const start = async (name) => {
    const module = await WebAssembly.compileStreaming(new Response(await unpack(name), { headers: { "Content-Type": "application/wasm" } }));
    const written = inside(name + "-worker");
    let worker;
    if (written) {
      // Undoes what keeps the script's text from ending the element it stands in.
      const script = written.textContent.replaceAll("<\\/script", "</script").replaceAll("<\\!--", "<!--");
      worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    } else {
      worker = new Worker("worker.js", { name });
    }
    worker.postMessage(module);
    return { module, worker };
  };
  const { module, worker } = await start("viewer");
  if (!inside("viewer") && navigator.serviceWorker && !handed) navigator.serviceWorker.register("service-worker.js").catch(() => {});
  wasm_bindgen.initSync({ module });
  // A report has its capture inside.
  const capture = inside("capture");
  const { file: bytes, name } = capture
    ? { file: await new Response(await unpack("capture")).blob(), name: capture.dataset.name } : await handed || {};
  const file = bytes && new File([bytes], String(name));
  // What a first visit does not wait for is loaded when the page asks for it.
  wasm_bindgen.page(worker, async (name) => new Response(await unpack(name)).text(), async (name) => (await start(name)).worker, file);
})().catch((error) => {
  const page = document.getElementById("page");
  page.removeAttribute("aria-busy");
  page.setAttribute("role", "alert");
  page.textContent = "sctpdump could not start: " + error + ". A current Firefox, Chromium or Safari is needed.";
});
