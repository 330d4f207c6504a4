//! Several who build one book at the same time: `read`, the browser's tests, `pages build`.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::fixture::Fixture;

#[test]
fn two_builds_of_one_book_do_not_disturb_each_other() {
    const BUILDERS: usize = 3;
    const TIMES: usize = 4;
    let fixture = Fixture::new();
    let first = fixture.html("01-demo.html");
    let (root, out) = (fixture.root(), fixture.root().join("target/book"));
    let page = out.join("01-demo.html");
    let building = AtomicUsize::new(BUILDERS);
    thread::scope(|scope| {
        for _ in 0..BUILDERS {
            scope.spawn(|| {
                let built = || {
                    let built = pages::build(root, &out).map_err(|it| format!("{it:#}"));
                    built.map(|it| it.problems.len())
                };
                let built: Vec<_> = (0..TIMES).map(|_| built()).collect();
                building.fetch_sub(1, Ordering::Relaxed);
                assert_eq!(built, [const { Ok(0) }; TIMES]);
            });
        }
        // Meanwhile a reader finds it whole, or, for the moment in which it is exchanged, not at all.
        while building.load(Ordering::Relaxed) > 0 {
            if let Ok(text) = fs::read_to_string(&page) {
                assert_eq!(text, first);
            }
            thread::yield_now();
        }
    });
    let beside = fs::read_dir(fixture.root().join("target")).unwrap();
    let beside = beside.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut beside: Vec<String> =
        beside.filter(|name| name.starts_with("book")).collect();
    beside.sort();
    assert_eq!(beside, ["book", "book-lock"]);
}
