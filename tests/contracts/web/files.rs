//! Folders: what is served, and that nothing else is.

use std::fs;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::Body;
use hyper::{HeaderMap, Request, Response, StatusCode, header};
use proptest::prelude::*;
use tempfile::TempDir;
use web::files::{Content, Folder};

/// What lies outside. Whoever sees it has left the folder.
const OUTSIDE: &str = "nobody is to see this";

/// A folder to serve, and beside it something that is not to be served.
struct Place {
    dir: TempDir,
}

/// An answer that has come whole.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Place {
    fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("secret.txt", OUTSIDE),
            ("public-2/secret.txt", OUTSIDE),
            ("public/index.html", "<h1>A taxi</h1>"),
            ("public/css/site.css", "p {}"),
            ("public/css/a b&c.css", "b {}"),
            ("public/css/.hidden", OUTSIDE),
            ("public/.git/config", OUTSIDE),
            ("public/0-9.txt", "0123456789"),
            ("public/empty.txt", ""),
        ] {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Place { dir }
    }

    fn public(&self) -> PathBuf {
        self.dir.path().join("public")
    }

    fn folder(&self) -> Folder {
        Folder::new(self.public())
    }

    fn get(&self, path: &str) -> Answer {
        ask(&self.folder(), path, &[])
    }
}

/// Asks for `path` with these headers.
fn ask(folder: &Folder, path: &str, headers: &[(&str, &str)]) -> Answer {
    method(folder, "GET", path, headers)
}

fn method(folder: &Folder, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(()).unwrap();
    let folder = folder.clone();
    taxi::test::run(async move { whole(folder.answer("/", &request).await).await })
}

async fn whole(answer: Response<Content>) -> Answer {
    let (head, body) = answer.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

impl Answer {
    fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

#[test]
fn a_file_is_served_with_its_type_and_length() {
    let place = Place::new();
    for (path, kind, body) in [
        ("/", "text/html; charset=utf-8", "<h1>A taxi</h1>"),
        (
            "/index.html?x=1",
            "text/html; charset=utf-8",
            "<h1>A taxi</h1>",
        ),
        ("/css/site.css", "text/css; charset=utf-8", "p {}"),
        ("/css/a%20b%26c.css", "text/css; charset=utf-8", "b {}"),
        ("/%63ss/./site%2ecss", "text/css; charset=utf-8", "p {}"),
        ("/empty.txt", "text/plain; charset=utf-8", ""),
    ] {
        let answer = place.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("content-length"), body.len().to_string());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.body, body, "{path}");
    }
    fs::write(place.public().join("night.unknown"), "?").unwrap();
    let unknown = place.get("/night.unknown");
    assert_eq!(unknown.header("content-type"), "application/octet-stream");
}

#[test]
fn head_tells_the_same_without_the_file() {
    let place = Place::new();
    let (get, head) = (
        place.get("/0-9.txt"),
        method(
            &place.folder(),
            "HEAD",
            "/0-9.txt",
            &[("range", "bytes=0-1")],
        ),
    );
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.headers, get.headers);
    let post = method(&place.folder(), "POST", "/0-9.txt", &[]);
    assert_eq!(post.status, 405);
    assert_eq!(post.header("allow"), "GET, HEAD");
}

#[test]
fn a_folder_without_its_slash_is_sent_to_itself_and_nowhere_else() {
    let place = Place::new();
    fs::create_dir(place.public().join("evil.example")).unwrap();
    for (path, to) in [
        ("/css", "/css/"),
        ("/css?a=b", "/css/?a=b"),
        ("//evil.example", "/evil.example/"),
        ("/./%65vil.example", "/evil.example/"),
    ] {
        let answer = place.get(path);
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(answer.header("location"), to);
    }
    assert_eq!(place.get("/0-9.txt/").status, 404);
}

#[test]
fn a_prefix_is_left_out_of_the_path_and_back_in_where_one_is_sent_to() {
    let place = Place::new();
    let folder = place.folder();
    let (file, moved, other) = taxi::test::run(async move {
        let ask = async |path: &str| {
            let request = Request::get(path).body(()).unwrap();
            whole(folder.answer("/shop/", &request).await).await
        };
        (
            ask("/shop/css/site.css").await,
            ask("/shop/css").await,
            ask("/shop/../index.html").await,
        )
    });
    assert_eq!(file.body, "p {}");
    assert_eq!(moved.header("location"), "/shop/css/");
    assert_eq!(other.status, 404);
}

#[test]
fn what_is_in_a_folder_is_told_only_on_request_and_every_name_is_text() {
    let place = Place::new();
    assert_eq!(place.get("/css/").status, 403);
    let name = "<img src=x onerror=alert(1)>\"'&.css";
    fs::write(place.public().join("css").join(name), "").unwrap();
    fs::write(place.public().join("css/javascript:alert(1)"), "").unwrap();
    fs::create_dir(place.public().join("css/more")).unwrap();
    let open = place.folder().listing(true);
    let answer = ask(&open, "/css/", &[]);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(!answer.body.contains("<img"), "{}", answer.body);
    assert!(!answer.body.contains("hidden") && !answer.body.contains("javascript:"));
    for line in [
        "<li><a href=\"../\">../</a>",
        "<li><a href=\"./a%20b%26c.css\">a b&amp;c.css</a>",
        "<li><a href=\"./more/\">more/</a>",
        "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;.css</a>",
    ] {
        assert!(answer.body.contains(line), "{line}\n{}", answer.body);
    }
    // Every name that is shown leads to what has it.
    for href in answer.body.split("href=\"./").skip(1) {
        let path = href.split('"').next().unwrap();
        let there = ask(&open, &format!("/css/{path}"), &[]);
        assert_eq!(there.status, 200, "{path}");
    }
}

#[test]
fn a_page_of_ones_own_tells_that_there_is_nothing() {
    let place = Place::new();
    fs::write(place.public().join("404.html"), "<h1>No such taxi</h1>").unwrap();
    let folder = place.folder().not_found("404.html");
    for path in ["/none", "/css/none/none", "/../secret.txt", "/.git/config"] {
        let answer = ask(&folder, path, &[("range", "bytes=0-1")]);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body, "<h1>No such taxi</h1>");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("etag"), "");
    }
    let no_page = place.folder().not_found("none.html");
    assert_eq!(ask(&no_page, "/none", &[]).status, 404);
    assert_eq!(ask(&Folder::new("no-such-folder"), "/", &[]).status, 404);
}

#[test]
fn one_range_is_answered_by_that_part() {
    let place = Place::new();
    for (range, part, told) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=-30", "0123456789", "bytes 0-9/10"),
        ("bytes=9-99999999999999999999999", "9", "bytes 9-9/10"),
    ] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.body, part, "{range}");
        assert_eq!(answer.header("content-range"), told);
        assert_eq!(answer.header("content-length"), part.len().to_string());
    }
    for range in ["bytes=10-", "bytes=99999999999999999999999-", "bytes=-0"] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(answer.status, 416, "{range}");
        assert_eq!(answer.header("content-range"), "bytes */10");
    }
    let many = format!("bytes={}", "0-,".repeat(2_000));
    for range in [
        "bytes=0-1,3-4",
        &many,
        "bytes=5-2",
        "bytes=x-2",
        "bytes=+1-2",
        "bytes=-",
        "bytes=--1",
        "bytes=1",
        "taxis=0-1",
        "",
    ] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(
            (answer.status, answer.body.len()),
            (StatusCode::OK, 10),
            "{range}"
        );
    }
}

#[test]
fn a_part_of_another_version_is_not_sent() {
    let place = Place::new();
    let folder = place.folder();
    let now = place.get("/0-9.txt");
    let (tag, date) = (now.header("etag"), now.header("last-modified"));
    for (version, status) in [
        (tag, 206),
        (date, 206),
        ("\"another\"", 200),
        (&*format!("W/{tag}"), 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
    ] {
        let asked = [("range", "bytes=0-0"), ("if-range", version)];
        assert_eq!(ask(&folder, "/0-9.txt", &asked).status, status, "{version}");
    }
}

#[test]
fn who_has_the_file_already_is_told_so() {
    let place = Place::new();
    let folder = place.folder();
    let file = fs::File::options()
        .append(true)
        .open(place.public().join("0-9.txt"));
    let file = file.unwrap();
    let changed = UNIX_EPOCH + Duration::from_millis(1_500_000_000_900);
    file.set_modified(changed).unwrap();
    let tag = place.get("/0-9.txt").header("etag").to_string();
    let (early, exact) = (
        "Fri, 14 Jul 2017 02:39:59 GMT",
        "Fri, 14 Jul 2017 02:40:00 GMT",
    );
    let several = format!("\"a\", W/{tag}");
    for (headers, status) in [
        (&[("if-none-match", tag.as_str())][..], 304),
        (&[("if-none-match", several.as_str())], 304),
        (&[("if-none-match", "*")], 304),
        (&[("if-none-match", "\"a\"")], 200),
        (&[("if-modified-since", exact)], 304),
        (&[("if-modified-since", early)], 200),
        (&[("if-modified-since", "yesterday")], 200),
        // The tag tells more than the date.
        (
            &[("if-none-match", "\"a\""), ("if-modified-since", exact)],
            200,
        ),
        (&[("if-match", tag.as_str())], 200),
        (&[("if-match", "\"a\"")], 412),
        (&[("if-match", several.as_str())], 412),
        (&[("if-unmodified-since", early)], 412),
        (&[("if-unmodified-since", exact)], 200),
    ] {
        let answer = ask(&folder, "/0-9.txt", headers);
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(answer.body.is_empty(), status != 200, "{headers:?}");
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("last-modified"), exact);
    }
    // A change in the same second, to the same length, is another version.
    file.set_modified(changed + Duration::from_millis(50))
        .unwrap();
    let answer = ask(&folder, "/0-9.txt", &[("if-none-match", &tag)]);
    assert_eq!(answer.status, 200);
}

#[test]
fn what_is_added_to_pages_makes_them_another_version_without_parts() {
    let place = Place::new();
    let (one, two) = (
        place.folder().tail("<i>1</i>"),
        place.folder().tail("<i>2</i>"),
    );
    let first = ask(&one, "/", &[("range", "bytes=0-1")]);
    assert_eq!(first.body, "<h1>A taxi</h1><i>1</i>");
    assert_eq!(first.header("content-length"), first.body.len().to_string());
    assert_eq!(first.header("accept-ranges"), "none");
    let known = [("if-none-match", first.header("etag"))];
    assert_eq!(ask(&one, "/", &known).status, 304);
    assert_eq!(ask(&two, "/", &known).status, 200);
    assert_eq!(ask(&place.folder(), "/", &known).status, 200);
    assert_eq!(ask(&one, "/css/site.css", &[]).body, "p {}");
}

/// What `content` holds next.
async fn next(content: &mut Content) -> Option<std::io::Result<usize>> {
    let frame = content.frame().await?;
    Some(frame.map(|frame| frame.into_data().unwrap().len()))
}

#[test]
fn a_large_file_is_in_memory_by_pieces_and_read_only_when_it_is_asked_for() {
    let place = Place::new();
    let length: u64 = 10_000_000_000;
    let path = place.public().join("night.bin");
    // It has a hole: nothing of it is on the disk.
    let file = fs::File::create(&path).unwrap();
    file.set_len(length).unwrap();
    let folder = place.folder();
    taxi::test::run(async move {
        let asked = Request::get("/night.bin").body(()).unwrap();
        let mut content = folder.answer("/", &asked).await.into_body();
        assert_eq!(content.size_hint().exact(), Some(length));
        for _ in 0..100 {
            let piece = next(&mut content).await.unwrap().unwrap();
            assert!(piece > 0 && piece <= 64 * 1024, "{piece}");
        }
        // A piece that is not waited for, and an answer that is left in the middle of one.
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut content).poll_frame(&mut context).is_pending());
        drop(content);

        let range = format!("bytes=5000000000-{}", 5_000_000_000_u64 + 199_999);
        let asked = Request::get("/night.bin").header("range", range).body(());
        let answer = folder.answer("/", &asked.unwrap()).await;
        assert_eq!(answer.status(), 206);
        assert_eq!(whole(answer).await.body.len(), 200_000);
    });
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_is_an_error_and_one_that_grows_is_not() {
    let place = Place::new();
    let path = place.public().join("night.bin");
    for (after, ends_well) in [(100_000, false), (900_000, true)] {
        fs::write(&path, vec![b'x'; 300_000]).unwrap();
        let (folder, path) = (place.folder(), path.clone());
        taxi::test::run(async move {
            let asked = Request::get("/night.bin").body(()).unwrap();
            let mut content = folder.answer("/", &asked).await.into_body();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_len(after).unwrap();
            let (mut sent, mut failed) = (0, false);
            while let Some(piece) = next(&mut content).await {
                match piece {
                    Ok(piece) => sent += piece,
                    Err(_) => failed = true,
                }
            }
            assert_eq!(failed, !ends_well);
            assert_eq!(sent == 300_000, ends_well);
        });
    }
}

/// Paths that lead out of a folder, if somebody is careless.
const ATTACKS: &[&str] = &[
    "/../secret.txt",
    "/css/../../secret.txt",
    "/css/../../public-2/secret.txt",
    "/../public-2/secret.txt",
    "/%2e%2e/secret.txt",
    "/%2E%2E/secret.txt",
    "/%2E./secret.txt",
    "/.%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%2Fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/css%2f..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/..%5Csecret.txt",
    "/%2e%2e%5csecret.txt",
    "/..\\secret.txt",
    "/css\\..\\..\\secret.txt",
    "/%252e%252e/secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/%c0%ae%c0%ae%c0%afsecret.txt",
    "/%e0%80%ae%e0%80%ae/secret.txt",
    "/%f0%80%80%ae./secret.txt",
    "/%ef%bc%8e%ef%bc%8e/secret.txt",
    "/%uff0e%uff0e/secret.txt",
    "/..%00/secret.txt",
    "/..%00.html/secret.txt",
    "/%00/../secret.txt",
    "/index.html%00.txt",
    "/..;/secret.txt",
    "/.../secret.txt",
    "/....//secret.txt",
    "/..%0a/secret.txt",
    "/%20../secret.txt",
    "/..%20/secret.txt",
    "/css/..../..../secret.txt",
    "/c:/secret.txt",
    "/c:%5csecret.txt",
    "/c%3a/secret.txt",
    "/secret.txt::$DATA",
    "/%5c%5c127.0.0.1%5cshare%5csecret.txt",
    "/.hidden",
    "/css/.hidden",
    "/css/%2ehidden",
    "/.git/config",
    "/.git/",
];

#[test]
fn no_way_of_writing_it_leads_out() {
    let place = Place::new();
    let mut attacks: Vec<String> = ATTACKS.iter().map(ToString::to_string).collect();
    // The file's own path from the top of the disk, in several forms.
    let secret = place.dir.path().join("secret.txt");
    let secret = secret.to_str().unwrap();
    let encoded = secret.replace('/', "%2f");
    attacks.extend([
        secret.to_string(),
        format!("/{secret}"),
        format!("//{secret}"),
        format!("/{encoded}"),
        format!("/{}{secret}", "../".repeat(40)),
        format!("/{}{encoded}", "..%2f".repeat(40)),
        format!("/{}secret.txt", "css/../".repeat(500) + "../"),
        format!("/{}", "x".repeat(60_000)),
        format!("/{}", "x/".repeat(30_000)),
    ]);
    let folder = place.folder().listing(true);
    for path in attacks {
        let answer = ask(&folder, &path, &[]);
        assert!(
            matches!(answer.status.as_u16(), 400 | 404),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains(OUTSIDE), "{path}");
    }
}

/// A part of a path as an attacker would have it.
fn part() -> impl Strategy<Value = String> {
    let written = prop::sample::select(vec![
        ".",
        "..",
        "...",
        "css",
        "secret.txt",
        "public",
        "public-2",
        "index.html",
        "site.css",
        "out",
        "etc",
        "passwd",
        "",
        "\\",
        ":",
        "\0",
        "/",
        "\u{2215}",
        ".hidden",
    ]);
    // Each character as it is, encoded, or encoded twice.
    (written, prop::collection::vec(0_u8..4, 12)).prop_map(|(text, ways)| {
        let bytes = text.bytes().zip(ways.into_iter().cycle());
        bytes.fold(String::new(), |mut so_far, (byte, way)| {
            let plain = byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
            so_far += &match way {
                0 | 1 if plain => char::from(byte).to_string(),
                3 => format!("%25{byte:02x}"),
                _ => format!("%{byte:02X}"),
            };
            so_far
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: workbook_tests::limits::quick_or_full(64, 1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_path_at_all_leads_out(paths in prop::collection::vec(prop::collection::vec(part(), 1..7), 16)) {
        let place = Place::new();
        #[cfg(unix)]
        std::os::unix::fs::symlink(place.dir.path(), place.public().join("out")).unwrap();
        let folder = place.folder().listing(true);
        taxi::test::run(async move {
            for parts in paths {
                let path = format!("/{}", parts.join("/"));
                let request = Request::get(&path).body(()).unwrap();
                let answer = whole(folder.answer("/", &request).await).await;
                assert!(!answer.body.contains(OUTSIDE), "{path}");
                assert!(!answer.body.contains("public-2"), "{path}");
                assert!(answer.status != 500, "{path}");
            }
        });
    }
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_link_is_followed_inside_the_folder_and_not_out_of_it() {
        let place = Place::new();
        let public = place.public();
        for (target, name) in [
            (place.dir.path().join("secret.txt"), "absolute.txt"),
            ("../secret.txt".into(), "relative.txt"),
            ("..".into(), "up"),
            ("/".into(), "top"),
            ("../public-2".into(), "beside"),
            ("relative.txt".into(), "chain.txt"),
            ("circle".into(), "circle"),
            // In and out and in again is out.
            ("../public/0-9.txt".into(), "round.txt"),
            ("css/site.css".into(), "inside.css"),
            ("css".into(), "styles"),
        ] {
            symlink(target, public.join(name)).unwrap();
        }
        symlink("../0-9.txt", public.join("css/up.txt")).unwrap();
        for path in [
            "/absolute.txt",
            "/relative.txt",
            "/up/secret.txt",
            "/up/",
            "/top/",
            "/top/etc/passwd",
            "/beside/secret.txt",
            "/beside/",
            "/chain.txt",
            "/circle",
            "/round.txt",
        ] {
            let answer = place.get(path);
            assert_eq!(answer.status, 404, "{path}");
            assert!(!answer.body.contains(OUTSIDE), "{path}");
        }
        assert_eq!(place.get("/inside.css").body, "p {}");
        assert_eq!(place.get("/styles/site.css").body, "p {}");
        assert_eq!(place.get("/css/up.txt").body, "0123456789");
        let list = ask(&place.folder().listing(true).index("none"), "/", &[]).body;
        assert!(list.contains("inside.css") && list.contains("styles/"));
        for name in [
            "absolute", "relative", "up/", "top", "beside", "circle", "round",
        ] {
            assert!(!list.contains(name), "{name}: {list}");
        }
    }

    #[test]
    fn an_index_that_is_a_link_out_is_not_served() {
        let place = Place::new();
        symlink("../../secret.txt", place.public().join("css/index.html")).unwrap();
        let answer = ask(&place.folder().listing(true), "/css/", &[]);
        assert!(!answer.body.contains(OUTSIDE));
        symlink("../secret.txt", place.public().join("404.html")).unwrap();
        let answer = ask(&place.folder().not_found("404.html"), "/none", &[]);
        assert_eq!(answer.status, 404);
        assert!(!answer.body.contains(OUTSIDE));
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let place = Place::new();
        let pipe = place.public().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let socket = place.public().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        symlink("/dev/zero", place.public().join("zero")).unwrap();
        for path in ["/pipe", "/socket", "/zero"] {
            assert_eq!(place.get(path).status, 404, "{path}");
        }
    }

    #[test]
    fn a_file_that_may_not_be_read_is_as_good_as_none() {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::new();
        let path = place.public().join("0-9.txt");
        fs::set_permissions(&path, fs::Permissions::from_mode(0)).unwrap();
        if fs::read(&path).is_ok() {
            return; // Nothing is forbidden to us.
        }
        assert_eq!(place.get("/0-9.txt").status, 404);
    }

    /// Ends the other thread, also if this one fails.
    struct Ends<'a>(&'a AtomicBool);

    impl Drop for Ends<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_link_that_is_made_between_the_look_and_the_opening_leads_nowhere() {
        let place = Place::new();
        let (public, secret) = (place.public(), place.dir.path().join("secret.txt"));
        let (door, new) = (public.join("door.txt"), public.join("new"));
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // A file and a link that leads out take turns at the name, without a moment in between.
                while !over.load(Ordering::Relaxed) {
                    fs::hard_link(public.join("0-9.txt"), &new).unwrap();
                    fs::rename(&new, &door).unwrap();
                    symlink(&secret, &new).unwrap();
                    fs::rename(&new, &door).unwrap();
                }
            });
            let _ends = Ends(&over);
            let folder = place.folder();
            let rounds = workbook_tests::limits::quick_or_full(2_000, 20_000);
            let inside = taxi::run(async move {
                let asked = Request::get("/door.txt").body(()).unwrap();
                let mut inside = 0;
                for _ in 0..rounds {
                    let answer = whole(folder.answer("/", &asked).await).await;
                    assert!(!answer.body.contains(OUTSIDE));
                    assert!(answer.status == 200 || answer.status == 404);
                    inside += u32::from(answer.status == 200);
                }
                inside
            });
            println!("{} of {rounds} found the file", inside.unwrap());
        });
    }
}
