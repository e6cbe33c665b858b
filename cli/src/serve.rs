//! As much of HTTP/1.1 (RFC 9112) as it takes to hand a page and a capture to the browser of this machine, and to nobody else:
//! it answers at one address with a random part, to requests that name it as their host.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The longest head of a request, in bytes.
const MOST_HEAD: usize = 16 << 10;
/// The most connections at once.
const MOST_CONNECTIONS: usize = 64;
/// How long a client may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection stays for what a client still sends.
const LINGER: Duration = Duration::from_secs(1);

/// What is served and where.
#[derive(Debug)]
pub(crate) struct Server {
    /// The viewer's page.
    pub(crate) page: &'static [u8],
    /// The capture's file.
    pub(crate) capture: PathBuf,
    /// Its name, [encoded](encode) for an address.
    pub(crate) name: String,
    /// The random part of the address.
    pub(crate) token: String,
    /// The port.
    pub(crate) port: u16,
}

/// An answer before it is sent.
struct Response {
    status: &'static str,
    /// Further header lines, each with its end.
    header: String,
    length: u64,
    body: Box<dyn Read>,
}

impl Response {
    fn new(status: &'static str, kind: &str, body: &'static [u8]) -> Response {
        let header = format!("Content-Type: {kind}\r\n");
        Response { status, header, length: body.len() as u64, body: Box::new(body) }
    }
    fn refused(status: &'static str) -> Response {
        Response::new(status, "text/plain; charset=utf-8", status.as_bytes())
    }
}

impl Server {
    /// The address to open: the page, told to load the capture.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/#f=capture/{}", self.port, self.token, self.name)
    }
    /// Answers until the process ends.
    pub(crate) fn run(self, listener: &TcpListener) {
        let (server, open) = (Arc::new(self), Arc::new(AtomicUsize::new(0)));
        for stream in listener.incoming().flatten() {
            if open.fetch_add(1, Ordering::Relaxed) >= MOST_CONNECTIONS {
                open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let (server, open) = (server.clone(), open.clone());
            thread::spawn(move || {
                // Who goes away before the end does not matter.
                let _ = server.serve(stream);
                open.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let (response, only_head) = match head(&mut stream)? {
            Some(head) => (self.response(&head), head.starts_with("HEAD ")),
            None => (Response::refused("431 Request Header Fields Too Large"), false),
        };
        send(&mut stream, response, only_head)?;
        // What the client still sends is read, or the answer might be lost with the connection: RFC 9112, 9.6.
        stream.shutdown(Shutdown::Write)?;
        stream.set_read_timeout(Some(LINGER))?;
        io::copy(&mut stream.take(MOST_HEAD as u64), &mut io::sink()).map(drop)
    }
    /// The answer to a request, by its head.
    fn response(&self, head: &str) -> Response {
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Response::refused("400 Bad Request");
        };
        if !version.starts_with("HTTP/1.") {
            return Response::refused("505 HTTP Version Not Supported");
        }
        // Another site's name that leads to this machine is not ours: RFC 9110, 7.2.
        let mut hosts = lines
            .filter_map(|line| line.split_once(':'))
            .filter(|(name, _)| name.eq_ignore_ascii_case("host"));
        let own = |host: &str| {
            ["127.0.0.1", "localhost"].iter().any(|name| host.trim() == format!("{name}:{}", self.port))
        };
        match (hosts.next(), hosts.next()) {
            (Some((_, host)), None) if own(host) => {}
            _ => return Response::refused("421 Misdirected Request"),
        }
        if !matches!(method, "GET" | "HEAD") {
            let mut response = Response::refused("405 Method Not Allowed");
            response.header.push_str("Allow: GET, HEAD\r\n");
            return response;
        }
        let path = target.split('?').next().unwrap_or_default();
        let Some(path) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
            return Response::refused("404 Not Found");
        };
        match path {
            (token, _) if !same(token, &self.token) => Response::refused("404 Not Found"),
            (_, "") => self.page(),
            (_, path) if path.strip_prefix("capture/") == Some(&self.name) => self.capture(),
            _ => Response::refused("404 Not Found"),
        }
    }
    fn page(&self) -> Response {
        let mut response = Response::new("200 OK", "text/html; charset=utf-8", self.page);
        // The page's own policy, which names its scripts, and what only a header can say.
        let policy = between(self.page, b"http-equiv=\"Content-Security-Policy\" content=\"", b"\"");
        let policy = policy.map(|policy| String::from_utf8_lossy(policy).into_owned());
        let policy = policy.unwrap_or("default-src 'none'".to_owned());
        for part in ["Content-Security-Policy: ", &policy, "; frame-ancestors 'none'\r\n"] {
            response.header.push_str(part);
        }
        response
    }
    fn capture(&self) -> Response {
        let opened = File::open(&self.capture).and_then(|file| Ok((file.metadata()?.len(), file)));
        match opened {
            Ok((length, file)) => Response {
                status: "200 OK",
                header: "Content-Type: application/octet-stream\r\n".to_owned(),
                length,
                // What a growing file has by now is enough.
                body: Box::new(file.take(length)),
            },
            Err(_) => Response::refused("410 Gone"),
        }
    }
}

/// The head of a request up to its blank line; `None` if it is too long.
fn head(stream: &mut impl Read) -> io::Result<Option<String>> {
    let (mut head, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(piece.get(..read).unwrap_or_default());
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            head.truncate(end);
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
        if head.len() > MOST_HEAD {
            return Ok(None);
        }
    }
}

fn send(stream: &mut impl Write, mut response: Response, only_head: bool) -> io::Result<()> {
    let Response { status, header, length, .. } = &response;
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{header}Content-Length: {length}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         X-Frame-Options: DENY\r\nConnection: close\r\n\r\n"
    )?;
    if !only_head {
        io::copy(&mut response.body, stream)?;
    }
    stream.flush()
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// What stands between two texts.
fn between<'b>(bytes: &'b [u8], before: &[u8], behind: &[u8]) -> Option<&'b [u8]> {
    let find = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).position(|part| part == text);
    let rest = bytes.get(find(bytes, before)? + before.len()..)?;
    rest.get(..find(rest, behind)?)
}

/// A hexadecimal digit.
pub(crate) fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// A name as it stands in an address: RFC 3986, 2.1.
pub(crate) fn encode(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] =
        b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'x'\">";

    /// A server of a file with three bytes, and its port.
    fn server() -> (tempfile::NamedTempFile, u16) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"abc").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let capture = file.path().to_owned();
        let server =
            Server { page: PAGE, capture, name: encode("größe 1.pcap"), token: "secret".into(), port };
        assert_eq!(
            server.address(),
            format!("http://127.0.0.1:{port}/secret/#f=capture/gr%C3%B6%C3%9Fe%201.pcap")
        );
        thread::spawn(move || server.run(&listener));
        (file, port)
    }

    fn sent(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn asked(port: u16, method: &str, path: &str) -> String {
        sent(port, &format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n"))
    }

    #[test]
    fn the_page_and_the_capture_are_served_under_the_token() {
        let (_file, port) = server();
        let page = asked(port, "GET", "/secret/");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html"), "{page}");
        assert!(page.ends_with(std::str::from_utf8(PAGE).unwrap()), "{page}");
        for line in [
            "Content-Security-Policy: default-src 'none'; script-src 'x'; frame-ancestors 'none'\r\n",
            "X-Content-Type-Options: nosniff\r\n",
            "Cache-Control: no-store\r\n",
            "Referrer-Policy: no-referrer\r\n",
        ] {
            assert!(page.contains(line), "{line} is missing: {page}");
        }
        let capture = asked(port, "GET", "/secret/capture/gr%C3%B6%C3%9Fe%201.pcap");
        assert!(capture.contains("Content-Length: 3\r\n") && capture.ends_with("\r\n\r\nabc"), "{capture}");
        assert!(capture.contains("Cache-Control: no-store\r\n"), "{capture}");
        let head = asked(port, "HEAD", "/secret/capture/gr%C3%B6%C3%9Fe%201.pcap?x=y");
        assert!(head.contains("Content-Length: 3\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    }

    #[test]
    fn nothing_else_is_served() {
        let (file, port) = server();
        let name = file.path().to_str().unwrap();
        for path in [
            "/",
            "/secret",
            "/Secret/",
            "/secre/",
            "/secrets/",
            "//secret/",
            "/secret//",
            "/secret/capture/",
            "/secret/capture/../capture/gr%C3%B6%C3%9Fe%201.pcap",
            "/secret/../../../../etc/passwd",
            "/secret/%2e%2e/%2e%2e/etc/passwd",
            "/secret/capture//etc/passwd",
            "/capture/gr%C3%B6%C3%9Fe%201.pcap",
            "http://127.0.0.1/secret/",
            name,
        ] {
            let answer = asked(port, "GET", path);
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        }
    }

    #[test]
    fn other_methods_other_hosts_and_other_protocols_are_refused() {
        let (_file, port) = server();
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "get"] {
            let answer = asked(port, method, "/secret/");
            assert!(
                answer.starts_with("HTTP/1.1 405 ") && answer.contains("Allow: GET, HEAD\r\n"),
                "{answer}"
            );
        }
        let asked = |host: &str| sent(port, &format!("GET /secret/ HTTP/1.1\r\n{host}\r\n"));
        for host in [
            String::new(),
            "Host: evil.example\r\n".into(),
            format!("Host: evil.example:{port}\r\n"),
            "Host: 127.0.0.1\r\n".into(),
            format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
            format!("Host: 127.0.0.1:{port}.evil.example\r\n"),
        ] {
            assert!(asked(&host).starts_with("HTTP/1.1 421 "), "{host}");
        }
        assert!(asked(&format!("host: localhost:{port}\r\n")).starts_with("HTTP/1.1 200 "));
        assert!(sent(port, "GET /secret/\r\n\r\n").starts_with("HTTP/1.1 400 "));
        assert!(sent(port, "GET /secret/ HTTP/2\r\n\r\n").starts_with("HTTP/1.1 505 "));
        let long = format!("GET /secret/ HTTP/1.1\r\nX: {}", "x".repeat(MOST_HEAD + 1024));
        assert!(sent(port, &long).starts_with("HTTP/1.1 431 "));
    }

    #[test]
    fn a_capture_that_went_away_is_gone() {
        let (file, port) = server();
        file.close().unwrap();
        assert!(asked(port, "GET", "/secret/capture/gr%C3%B6%C3%9Fe%201.pcap").starts_with("HTTP/1.1 410 "));
    }
}
