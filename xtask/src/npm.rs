//! `cargo xtask npm`: the viewer as a package for npm, in `target/npm`. What stands in `viewer-wasm/npm` is copied, the files that
//! `cargo xtask viewer` builds go beside it.

use std::fs;
use std::path::Path;

/// What of the page is no part of the package: a page that uses it keeps its own files.
const LEFT_OUT: [&str; 3] = ["sctpdump.html", "service-worker.js", ".gitignore"];
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Puts the package together from the files in `dist/`, and says where it is.
pub(crate) fn pack() -> Result<(), String> {
    let root = super::root();
    let package = root.join("target/npm");
    if package.exists() {
        fs::remove_dir_all(&package).map_err(|error| format!("{}: {error}", package.display()))?;
    }
    copy(&root.join("viewer-wasm/npm"), &package)?;
    copy(&root.join("dist"), &package.join("viewer"))?;
    for name in LEFT_OUT {
        let path = package.join("viewer").join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    for name in LICENSES {
        fs::copy(root.join(name), package.join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    let path = package.join("package.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("package.json: {error}"))?;
    let text = text.replace("VERSION", env!("CARGO_PKG_VERSION"));
    fs::write(&path, text).map_err(|error| format!("package.json: {error}"))?;
    println!("target/npm: npm pack, or npm publish, from there");
    Ok(())
}

/// Copies a folder's files.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(wrong)?;
    for entry in fs::read_dir(from).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, to.join(name)).map_err(wrong)?;
        }
    }
    Ok(())
}
