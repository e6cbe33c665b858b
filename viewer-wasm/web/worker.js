// A worker: its name says whose bindings it needs, its first message is the compiled module; the engine in it takes over from
// there.
if (typeof wasm_bindgen === "undefined") importScripts(self.name + ".js");
self.onmessage = (event) => {
  wasm_bindgen.initSync({ module: event.data });
  wasm_bindgen.worker();
};
