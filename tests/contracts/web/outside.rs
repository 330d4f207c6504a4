//! What lies outside a folder is not served, however it is asked for.

use std::fs;

use hyper::Request;
use proptest::prelude::*;
use workbook_tests::attacks::PATHS;

use crate::files::{OUTSIDE, Place, ask, whole};

#[test]
fn no_way_of_writing_it_leads_out() {
    let place = Place::new();
    let mut attacks: Vec<String> = PATHS.iter().map(ToString::to_string).collect();
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
        fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
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
