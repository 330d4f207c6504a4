//! What a client of the book's server asks for.

use std::path::PathBuf;

/// How many bytes a request may have: none of the book's needs a tenth of it.
pub(crate) const LONGEST_HEAD: usize = 16 * 1024;

/// The names of this machine, as a client may call it.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// A request that can be answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The path as it was sent, without its query.
    pub target: String,
    /// The same, decoded and relative to the book.
    pub path: PathBuf,
    /// Whether it ends in `/`.
    pub is_folder: bool,
    /// Whether it asks for the headers alone.
    pub head_only: bool,
    /// Whether another request may follow on the same connection.
    pub stays: bool,
}

/// Why a request is not answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The status line's end: `400 Bad Request`.
    pub status: &'static str,
    /// The same in a sentence.
    pub why: &'static str,
}

impl Refused {
    /// There is no end of it in sight.
    pub(crate) const HEAD_TOO_LONG: Refused = Refused {
        status: "431 Request Header Fields Too Large",
        why: "the request is longer than this server reads",
    };
    /// And it is still in its first line.
    pub(crate) const PATH_TOO_LONG: Refused = Refused {
        status: "414 URI Too Long",
        why: "no page of the book has so long a name",
    };
    const BAD: Refused = Refused {
        status: "400 Bad Request",
        why: "this is not a request of HTTP/1.1",
    };
    const METHOD: Refused = Refused {
        status: "405 Method Not Allowed",
        why: "the book can only be read: GET or HEAD",
    };
    const HOST: Refused = Refused {
        status: "421 Misdirected Request",
        why: "this server answers to localhost and to 127.0.0.1 only",
    };
    const NOT_FOUND: Refused = Refused {
        status: "404 Not Found",
        why: "there is no such page",
    };
}

/// The request at the start of `bytes`, and how many of them it takes; `None` if it has not all come yet.
pub(crate) fn parse(bytes: &[u8]) -> Option<Result<(Asked, usize), Refused>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => {
            Some(asked(&request).map(|asked| (asked, length)))
        }
        Ok(httparse::Status::Partial) => None,
        Err(httparse::Error::TooManyHeaders) => Some(Err(Refused::HEAD_TOO_LONG)),
        Err(_) => Some(Err(Refused::BAD)),
    }
}

fn asked(request: &httparse::Request<'_, '_>) -> Result<Asked, Refused> {
    let head_only = match request.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refused::METHOD),
    };
    let host = header(request, "host").ok_or(Refused::BAD)?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    if !NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(Refused::HOST);
    }
    let target = request.path.unwrap_or("");
    let target = target.split(['?', '#']).next().unwrap_or("");
    let below = target.strip_prefix('/').ok_or(Refused::BAD)?;
    // A body would stand where the next request is looked for, and nothing that can be asked for has one.
    let body = header(request, "content-length").is_some_and(|length| length != "0")
        || header(request, "transfer-encoding").is_some();
    let closes = header(request, "connection")
        .is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Asked {
        target: target.to_string(),
        path: path(below)?,
        is_folder: below.is_empty() || below.ends_with('/'),
        head_only,
        stays: !body && !closes && request.version == Some(1),
    })
}

fn header<'r>(request: &httparse::Request<'_, 'r>, name: &str) -> Option<&'r str> {
    let mut all = request.headers.iter();
    let found = all.find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(found.value).ok()
}

/// The file that a path names. It may not lead out of the book, however it is written.
fn path(below: &str) -> Result<PathBuf, Refused> {
    let decoded = percent_encoding::percent_decode_str(below).decode_utf8();
    let decoded = decoded.map_err(|_| Refused::BAD)?;
    let mut path = PathBuf::new();
    for part in decoded.split('/') {
        if part == ".." || part.contains(['\\', ':', '\0']) {
            return Err(Refused::NOT_FOUND);
        }
        if !part.is_empty() && part != "." {
            path.push(part);
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(request: &str) -> Option<Result<Asked, Refused>> {
        parse(request.as_bytes()).map(|parsed| parsed.map(|(asked, _)| asked))
    }

    fn get(path: &str) -> Result<Asked, Refused> {
        ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:3000\r\n\r\n"
        ))
        .unwrap()
    }

    #[test]
    fn a_path_names_a_file_of_the_book() {
        let asked = get("/02-event-loop.html?search=heap").unwrap();
        assert_eq!(asked.path, PathBuf::from("02-event-loop.html"));
        assert_eq!(asked.target, "/02-event-loop.html");
        assert!(asked.stays && !asked.is_folder && !asked.head_only);
        assert_eq!(
            get("/a%20b/%41.css").unwrap().path,
            PathBuf::from("a b/A.css")
        );
        assert!(get("/").unwrap().is_folder);
        assert!(get("/sources/").unwrap().is_folder);
    }

    #[test]
    fn no_path_leads_out_of_it() {
        for path in [
            "/../Cargo.toml",
            "/a/../../b",
            "/%2e%2e/b",
            "/..%2fb",
            "/a%5c..%5cb",
            "/c:/b",
            "/a%00b",
        ] {
            assert_eq!(get(path), Err(Refused::NOT_FOUND), "{path}");
        }
        assert_eq!(
            get("//etc/passwd").unwrap().path,
            PathBuf::from("etc/passwd")
        );
        assert_eq!(get("/%ff"), Err(Refused::BAD));
        assert_eq!(get("*"), Err(Refused::BAD));
    }

    #[test]
    fn it_answers_to_the_names_of_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1:3000",
            "[::1]",
            "[::1]:80",
        ] {
            let asked = ask(&format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n")).unwrap();
            assert!(asked.is_ok(), "{host}");
        }
        for host in ["evil.example", "evil.example:3000", "127.0.0.1.example", ""] {
            let asked = ask(&format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n")).unwrap();
            assert_eq!(asked, Err(Refused::HOST), "{host}");
        }
        assert_eq!(ask("GET / HTTP/1.1\r\n\r\n"), Some(Err(Refused::BAD)));
    }

    #[test]
    fn a_connection_stays_open_unless_somebody_says_otherwise() {
        let stays = |rest: &str| {
            let request = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{rest}\r\n");
            ask(&request).unwrap().unwrap().stays
        };
        assert!(stays(""));
        assert!(stays("Content-Length: 0\r\n"));
        assert!(!stays("Connection: close\r\n"));
        assert!(!stays("Content-Length: 5\r\n"));
        assert!(!stays("Transfer-Encoding: chunked\r\n"));
        let old = ask("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
        assert!(!old.unwrap().unwrap().stays);
    }

    #[test]
    fn what_is_no_request_is_refused_and_half_of_one_is_waited_for() {
        assert_eq!(ask("GET / HTTP/1.1\r\nHost: loc"), None);
        assert_eq!(ask("\u{1}\u{2}\r\n\r\n"), Some(Err(Refused::BAD)));
        let post = "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assert_eq!(ask(post), Some(Err(Refused::METHOD)));
        let many = "x: y\r\n".repeat(65);
        let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n");
        assert_eq!(ask(&many), Some(Err(Refused::HEAD_TOO_LONG)));
    }
}
