//! `sctpdump view` as a browser meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn view(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.arg("view").args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Ends the server with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves a capture and gives the address; nothing where the viewer was not built before the command, which then says how.
fn serve(command: &mut Command) -> Option<(Served, String)> {
    let mut child = command.spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    if address.is_empty() {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("cargo xtask viewer"), "{output:?}");
        return None;
    }
    Some((Served(child), address.trim().to_owned()))
}

fn asked(host: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn the_address_shows_the_page_and_the_capture() {
    let file = testdata("book/association.pcapng");
    let Some((_served, address)) = serve(view(&["--no-open"]).arg(&file)) else { return };
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let (token, link) = path.split_once("/#f=").unwrap();
    assert_eq!((token.len(), link), (32, "capture/association.pcapng"));
    let page = asked(host, &format!("/{token}/"));
    let page = String::from_utf8_lossy(&page);
    assert!(
        page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("<title>sctpdump</title>"),
        "{page:.400}"
    );
    assert!(page.contains("Content-Security-Policy: default-src 'none'; script-src 'sha256-"), "{page:.400}");
    let capture = asked(host, &format!("/{token}/{link}"));
    assert!(capture.ends_with(&std::fs::read(&file).unwrap()));
    assert!(asked(host, "/").starts_with(b"HTTP/1.1 404 "));
}

/// A page of another origin, or one whose name was made to lead to this machine (DNS rebinding), gets nothing: neither without the
/// token nor under another host's name; and nothing allows another origin to read an answer or to show it.
#[test]
fn other_origins_and_rebound_names_get_nothing() {
    let file = testdata("book/association.pcapng");
    let Some((_served, address)) = serve(view(&["--no-open"]).arg(&file)) else { return };
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let token = path.split('/').next().unwrap();
    let port = host.split_once(':').unwrap().1;
    let ask = |head: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(head.replace("TOKEN", token).as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    let capture = std::fs::read(&file).unwrap();
    let secret = String::from_utf8_lossy(&capture[..200]).into_owned();
    let targets = ["/TOKEN/", "/TOKEN/capture/association.pcapng"];
    for target in targets {
        for wrong in [
            format!("GET {target} HTTP/1.1\r\nHost: attacker.example:{port}\r\n\r\n"),
            format!("GET {target} HTTP/1.1\r\nHost: attacker.example\r\n\r\n"),
            format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1.attacker.example:{port}\r\n\r\n"),
            format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
            format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nHost: attacker.example\r\n\r\n"),
            format!("GET {target} HTTP/1.1\r\n\r\n"),
            format!("GET {target} HTTP/1.0\r\n\r\n"),
            format!("POST {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            format!("OPTIONS {target} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://attacker.example\r\n\r\n"),
            format!("GET {} HTTP/1.1\r\nHost: {host}\r\n\r\n", target.replace("TOKEN", &"0".repeat(32))),
            format!("GET {} HTTP/1.1\r\nHost: {host}\r\n\r\n", target.replace("TOKEN", "")),
            format!("GET {} HTTP/1.1\r\nHost: {host}\r\n\r\n", target.replace("TOKEN", &token[..31])),
        ] {
            let answer = ask(&wrong);
            assert!(answer.starts_with("HTTP/1.1 4"), "{wrong}{answer:.300}");
            assert!(!answer.contains(&secret) && !answer.contains(token), "{wrong}{answer:.300}");
        }
        // Even a request that comes from elsewhere with the token is answered with what keeps its origin from reading it.
        let answer =
            ask(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://attacker.example\r\n\r\n"));
        let head = answer.split("\r\n\r\n").next().unwrap();
        assert!(!head.to_ascii_lowercase().contains("access-control-allow"), "{head}");
        for line in [
            "Cross-Origin-Resource-Policy: same-origin",
            "X-Frame-Options: DENY",
            "Referrer-Policy: no-referrer",
        ] {
            assert!(head.contains(line), "{head}");
        }
    }
    for path in [
        "/TOKEN/capture/../capture/association.pcapng",
        "/TOKEN/capture/../../etc/passwd",
        "/TOKEN//etc/passwd",
        "/TOKEN/capture/%2e%2e",
    ] {
        let answer = ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer:.200}");
    }
    // No other address of this machine is listened at.
    let other = format!("127.0.0.2:{port}");
    assert!(TcpStream::connect(other).is_err());
}

/// Two servers have two tokens.
#[test]
fn tokens_are_not_guessed() {
    let file = testdata("book/association.pcapng");
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let Some((_served, address)) = serve(view(&["--no-open"]).arg(&file)) else { return };
        tokens.push(address.split('/').nth(3).unwrap().to_owned());
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
}

#[test]
fn the_browser_is_started_with_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let noted = folder.path().join("noted");
    let browser = folder.path().join("browser");
    std::fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$1\" > '{0}.new' && mv '{0}.new' '{0}'\n", noted.display()),
    )
    .unwrap();
    let mut mode = std::fs::metadata(&browser).unwrap().permissions();
    #[cfg(unix)]
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o700);
    std::fs::set_permissions(&browser, mode).unwrap();
    let mut command = view(&[]);
    command
        .arg(testdata("book/association.pcapng"))
        .env("BROWSER", format!("/no/such/browser:{}", browser.display()));
    let Some((_served, address)) = serve(&mut command) else { return };
    for _ in 0..500 {
        if let Ok(text) = std::fs::read_to_string(&noted) {
            assert_eq!(text.trim(), address);
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the browser was not started");
}

#[test]
fn what_is_no_file_is_told() {
    for name in ["no/such/file.pcap", "."] {
        let output = view(&["--no-open", name]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let unbuilt = output.status.code() == Some(1) && said.contains("cargo xtask viewer");
        assert!(unbuilt || output.status.code() == Some(2) && said.contains(name), "{said}");
    }
}
