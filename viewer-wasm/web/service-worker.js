// Keeps the page for work without a network. VERSION stands for a digest of all files: another build is another cache, and
// takes over when the last page of the build before is closed, so that files of two builds never meet.
const cache = "sctpdump-VERSION";
const files = ["./", "index.html", "style.css", "boot.js", "worker.js", "viewer.js", "viewer.bin"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cache).then((kept) => kept.addAll(files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("sctpdump-") && name !== cache).map((name) => caches.delete(name)))));
});

// Only the page's own files are answered from here: captures never stay.
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(cache).then((kept) => kept.match(event.request)).then((file) => file || fetch(event.request)));
});
