// The page's files as a plain static host serves them, and the browser's place.

import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../../../..");
export const dist = join(root, "dist");
export const testdata = (name) => join(root, "testdata", name);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const programs = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

// A plain static host: the page's files, and testdata/ beside them. No header but the type.
export function host() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const file = [join(dist, path === "/" ? "index.html" : path), join(root, path)].find((file) =>
      file.startsWith(root) && existsSync(file) && statSync(file).isFile());
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

// Where chromium is.
export function program() {
  const place = programs.find((program) => program && existsSync(program));
  assert(place, "chromium is missing: apt-get install chromium, or CHROMIUM=its place");
  return place;
}
