//! `cargo xtask viewer`: the page, its worker and their WebAssembly module, as files for a static host and as one HTML file.
//! Nothing is needed but Rust and its wasm32 target.

mod order;

use dissect::Dissector;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;
use zopfli::Options;

/// The profile that is for use, not for work in progress.
pub(crate) const PROFILE: &str = "viewer";
const TARGET: &str = "wasm32-unknown-unknown";
/// The files that stand in `viewer-wasm/web`, `index.html` first. What is no HTML is served [bare].
const WRITTEN: [&str; 4] = ["index.html", "style.css", "boot.js", "worker.js"];
/// Its name has the digest of all others in it.
const SERVICE_WORKER: &str = "service-worker.js";
/// The bindings' file, as the page and the worker load it.
const BINDINGS: &str = "viewer.js";
/// The module's file: gzip, which the page unpacks, so that a first visit is small from any host.
const MODULE: &str = "viewer.bin";
/// The second module, which makes reports, and its bindings: loaded when somebody wants a view.
const REPORTS: &str = "reports.bin";
const REPORTS_BINDINGS: &str = "reports.js";
/// What a first visit does not load.
const LATER: [&str; 3] = [FIELDS, REPORTS, REPORTS_BINDINGS];
/// What fields mean, packed the same way: loaded when somebody looks.
const FIELDS: &str = "fields.bin";
/// What all that a first visit loads may have, in bytes, compressed.
const MOST: usize = 800_000;
/// The single HTML file.
const SINGLE: &str = "sctpdump.html";
/// The script sources that the page's policy allows, before the single file's are put in their place.
const SCRIPTS: &str = "script-src 'self'";
const STYLES: &str = "style-src 'self'";

/// Builds it into `dist/`, or says what is missing.
pub(crate) fn build(profile: &str) -> Result<(), String> {
    let root = super::root();
    // Both have the same place: the first is read before the second is built.
    let (bindings, module) = bind(&compile(profile, &[])?)?;
    let (reports_bindings, reports) = bind(&compile(profile, &["--features", "reports"])?)?;
    let web = root.join("viewer-wasm/web");
    let read = |name: &str| {
        let text = std::fs::read_to_string(web.join(name)).map_err(|error| format!("{name}: {error}"))?;
        Ok::<_, String>(if name == "index.html" { text } else { bare(&text) })
    };
    let mut files = Vec::new();
    for name in WRITTEN {
        files.push((name, read(name)?.into_bytes()));
    }
    files.push((BINDINGS, bindings.into_bytes()));
    let pack = if profile == PROFILE { squeeze } else { gzip };
    files.push((MODULE, pack(&module)?));
    files.push((FIELDS, pack(fields().as_bytes())?));
    files.push((REPORTS_BINDINGS, reports_bindings.into_bytes()));
    // A first visit does not wait for it: it is not worth the time that the best packing takes.
    files.push((REPORTS, gzip(&reports)?));
    let version = files.iter().fold(Sha256::new(), |sum, (_, bytes)| sum.chain_update(bytes)).finalize();
    let version: String = version.iter().take(8).flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    files.push((SERVICE_WORKER, read(SERVICE_WORKER)?.replace("VERSION", &version).into_bytes()));

    let dist = root.join("dist");
    std::fs::create_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    let mut first = 0;
    for (name, bytes) in &files {
        write(&dist.join(name), bytes)?;
        let packed = if [MODULE, FIELDS, REPORTS].contains(name) { bytes.len() } else { gzip(bytes)?.len() };
        println!("{:>9} bytes, {packed:>7} compressed  dist/{name}", bytes.len());
        first += if LATER.contains(name) { 0 } else { packed };
    }
    let single = single(&files)?;
    write(&dist.join(SINGLE), single.as_bytes())?;
    println!("{first} bytes compressed for a first visit; dist/{SINGLE}: {} bytes", single.len());
    if profile == PROFILE && first > MOST {
        return Err(format!("a first visit may load {MOST} bytes: see ARCHITECTURE.md, The viewer"));
    }
    Ok(())
}

/// Compiles a module and answers where it is.
fn compile(profile: &str, features: &[&str]) -> Result<PathBuf, String> {
    let mut command = super::cargo();
    command.args(["build", "--locked", "--package", "sctpdump-viewer", "--lib"]);
    command.args(["--target", TARGET, "--profile", profile]).args(features);
    super::done(&mut command).map_err(|sentence| {
        format!(
            "the viewer does not build ({sentence}); where its target is missing: rustup target add {TARGET}"
        )
    })?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(super::target().join(TARGET).join(folder).join("sctpdump_viewer.wasm"))
}

/// The bindings' text and the module, made by wasm-bindgen for a classic script, so that one file serves page, worker and
/// the single HTML file.
fn bind(wasm: &Path) -> Result<(String, Vec<u8>), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).remove_name_section(true).remove_producers_section(true);
    bindgen.no_modules(true).map_err(|error| error.to_string())?;
    let mut made = bindgen.generate_output().map_err(|error| error.to_string())?;
    let mut bindings = made.js().to_owned();
    // Numbers for the imports' names, which have digests in them that nothing makes smaller.
    for (number, import) in made.wasm_mut().imports.iter_mut().enumerate() {
        let named = format!("{}: function", import.name);
        if bindings.matches(&named).count() == 1 {
            bindings = bindings.replace(&named, &format!("{number}: function"));
            import.name = number.to_string();
        }
    }
    Ok((bare(&bindings), order::order(&made.wasm_mut().emit_wasm())?))
}

/// A script or a style without indentation and without comments that stand in lines of their own.
fn bare(text: &str) -> String {
    let (mut bare, mut inside) = (String::with_capacity(text.len()), false);
    for line in text.lines().map(str::trim) {
        let comment = inside || line.starts_with("/*");
        inside = comment && !line.ends_with("*/");
        if !comment && !line.is_empty() && !line.starts_with("//") {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    bare
}

/// What fields mean, as the page's `model/meanings.rs` reads it: a line a field, of name, section and meaning.
fn fields() -> String {
    let dissector = Dissector::default();
    let fields = dissector.protocols().iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
    let mut text = String::new();
    for field in fields {
        text.extend([field.name, "\t", field.section, "\t", field.doc.trim(), "\n"]);
    }
    text
}

/// A digit of a digest.
fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0')
}

/// Everything in one file: it opens from any folder, without a server. Its policy names the digests of its scripts and its
/// style, so that nothing else runs in it.
fn single(files: &[(&str, Vec<u8>)]) -> Result<String, String> {
    let file = |name: &str| files.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, bytes)| bytes);
    let text = |name: &str| String::from_utf8_lossy(file(name));
    let element =
        |id: &str, kind: &str, text: &str| format!("<script id=\"{id}\" type=\"{kind}\">{text}</script>");
    let (bindings, boot, style) = (inline(&text(BINDINGS)), inline(&text("boot.js")), text("style.css"));
    let worker = |bindings: &str| inline(&format!("{}\n{}", text(bindings), text("worker.js")));
    let scripts = format!("script-src {} {}", digest(&bindings), digest(&boot));
    let mut page = text("index.html").into_owned();
    for (from, to) in [
        (SCRIPTS, scripts),
        (STYLES, format!("style-src {}", digest(&style))),
        ("<link rel=\"stylesheet\" href=\"style.css\">", format!("<style>{style}</style>")),
        (
            "<script src=\"viewer.js\"></script>",
            [
                element("viewer", "application/gzip", &base64(file(MODULE))),
                element("fields", "application/gzip", &base64(file(FIELDS))),
                element("reports", "application/gzip", &base64(file(REPORTS))),
                element("viewer-worker", "text/plain", &worker(BINDINGS)),
                element("reports-worker", "text/plain", &worker(REPORTS_BINDINGS)),
                element("bindings", "text/javascript", &bindings),
            ]
            .concat(),
        ),
        ("<script src=\"boot.js\"></script>", element("boot", "text/javascript", &boot)),
    ] {
        if !page.contains(from) {
            return Err(format!("index.html has no {from}"));
        }
        page = page.replace(from, &to);
    }
    Ok(page)
}

/// Text that may stand in a script element.
fn inline(text: &str) -> String {
    text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
}

/// A script's digest, as a content security policy names it.
fn digest(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text)))
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
}

/// As [`gzip`], smaller by some per cent in many times the time.
fn squeeze(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let (options, mut packed) = (Options { maximum_block_splits: 100, ..Options::default() }, Vec::new());
    zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut packed).map_err(|error| error.to_string())?;
    Ok(packed)
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number =
            three.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let sign = SIGNS[(number >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= three.len() { sign.into() } else { '=' });
        }
    }
    text
}

/// Leaves a file alone that is so already: what has the page in it is not built again then.
fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_that_of_rfc_4648() {
        let pairs = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (bytes, text) in pairs {
            assert_eq!(super::base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_digest_is_what_a_policy_names() {
        assert_eq!(super::digest(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn what_is_bare_says_the_same() {
        let text = "/* Of two\n   lines. */\na {\n  b: c;\n\n  /* One. */\n}\n// Says.\nd(\"//e\");\n";
        assert_eq!(super::bare(text), "a {\nb: c;\n}\nd(\"//e\");\n");
    }

    /// The single file's elements end where they should, and its scripts say the same as before.
    #[test]
    fn scripts_in_a_page_do_not_end_it() {
        let text = super::inline("a = '</script><!-- b';");
        assert!(!text.contains("</script") && !text.contains("<!--"), "{text}");
    }
}
