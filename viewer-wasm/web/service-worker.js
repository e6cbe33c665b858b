// Keeps the page for work without a network. VERSION stands for a digest of all files: another build is another cache, and
// takes over when the last page of the build before is closed, so that files of two builds never meet.
const cache = "sctpdump-VERSION";
const files = ["./", "index.html", "style.css", "boot.js", "worker.js", "viewer.js", "viewer.bin"];
// Files that are loaded when they are first needed, and kept from then on.
const later = ["fields.bin", "reports.bin", "reports.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cache).then((kept) => kept.addAll(files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("sctpdump-") && name !== cache).map((name) => caches.delete(name))))
    // The page of a first visit asks here from now on, so that what it loads later is kept too.
    .then(() => self.clients.claim()));
});

// Only the page's own files are answered from here: captures never stay.
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(cache).then(async (kept) => {
    const file = await kept.match(event.request) || await fetch(event.request);
    if (file.ok && later.includes(event.request.url.split("/").pop())) await kept.put(event.request, file.clone());
    return file;
  }));
});
