//! Each address once, within the bounds, and no server more often than it should be.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use crawler::{Added, Bounds, Frontier, normal};
use taxi::time::{now, sleep, timeout};
use taxi::{gather, spawn};

use crate::url;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn an_address_has_one_normal_form() {
    let same = [
        ("HTTP://Taxi.Example:80", "http://taxi.example/"),
        (
            "https://taxi.example:443/a/./b/../c",
            "https://taxi.example/a/c",
        ),
        (
            "http://taxi.example/%7euser/%c3%a9",
            "http://taxi.example/~user/%C3%A9",
        ),
        (
            "http://taxi.example/a%2fb?x=%41#part",
            "http://taxi.example/a%2Fb?x=A",
        ),
        ("http://ann:secret@taxi.example/", "http://taxi.example/"),
        ("http://taxi.example/100%", "http://taxi.example/100%"),
        ("http://taxi.example/é", "http://taxi.example/%C3%A9"),
        ("http://taxi.example/%2e%2e/a", "http://taxi.example/a"),
    ];
    for (given, wanted) in same {
        let once = normal(&url(given)).unwrap();
        assert_eq!(once.as_str(), wanted, "{given}");
        assert_eq!(normal(&once), Some(once.clone()), "{given}, twice");
    }
    // These are others: what a server does with an escaped slash, a query or a slash at the end is its own business.
    let others = [
        "http://t/a",
        "http://t/a/",
        "http://t/a?",
        "http://t/A",
        "https://t/a",
        "http://t:8080/a",
        "http://t/%2Fa",
    ];
    let mut forms: Vec<_> = others.iter().map(|it| normal(&url(it)).unwrap()).collect();
    forms.sort();
    forms.dedup();
    assert_eq!(forms.len(), others.len());
    for foreign in [
        "mailto:a@t",
        "javascript:void(0)",
        "ftp://t/",
        "data:,",
        "file:///etc/passwd",
    ] {
        assert_eq!(normal(&url(foreign)), None);
    }
}

#[test]
fn no_address_comes_twice_and_none_beyond_the_bounds() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            pages: 3,
            depth: 1,
            ..Bounds::default()
        });
        assert_eq!(frontier.add(&url("http://t/"), 0), Added::New);
        assert_eq!(frontier.add(&url("http://t/#x"), 0), Added::Known);
        assert_eq!(frontier.add(&url("http://t/deep"), 2), Added::TooDeep);
        assert_eq!(frontier.add(&url("mailto:t@t"), 0), Added::Foreign);
        assert_eq!(frontier.add(&url("http://u/"), 1), Added::New);
        assert_eq!(frontier.add(&url("http://v/"), 1), Added::New);
        assert_eq!(frontier.add(&url("http://w/"), 1), Added::Full);
        assert_eq!(frontier.add(&url("http://v/"), 1), Added::Known);
        let mut seen = Vec::new();
        while let Some(visit) = frontier.next().await {
            seen.push(visit.url().to_string());
            frontier.add(visit.url(), 0);
        }
        assert_eq!(seen, ["http://t/", "http://u/", "http://v/"]);
        assert!(frontier.next().await.is_none());
    });
}

#[test]
fn who_waits_hears_of_a_page_that_another_visit_finds() {
    taxi::test::run(async {
        let frontier = Rc::new(Frontier::new(Bounds::default()));
        frontier.add(&url("http://t/"), 0);
        let visit = frontier.next().await.unwrap();
        let waiting = [(); 3].map(|()| {
            let frontier = Rc::clone(&frontier);
            spawn(async move {
                let visit = frontier.next().await?;
                sleep(SECOND).await;
                Some(visit.url().path().to_string())
            })
        });
        sleep(SECOND).await;
        assert!(
            waiting.iter().all(|it| !it.is_finished()),
            "a page is under way"
        );
        frontier.add(&url("http://t/found"), 1);
        drop(visit);
        let mut found = 0;
        for task in waiting {
            found += usize::from(task.await.unwrap().is_some());
        }
        // One gets it, the others hear that nothing more will come.
        assert_eq!((found, now().as_secs()), (1, 2));
    });
}

#[test]
fn a_visit_that_is_dropped_with_its_task_is_over() {
    taxi::test::run(async {
        let frontier = Rc::new(Frontier::new(Bounds {
            per_host: 1,
            ..Bounds::default()
        }));
        frontier.add(&url("http://t/a"), 0);
        frontier.add(&url("http://t/b"), 0);
        let taken = Rc::clone(&frontier);
        let task = spawn(async move {
            let _visit = taken.next().await;
            sleep(100 * SECOND).await;
        });
        sleep(SECOND).await;
        task.cancel();
        let visit = frontier.next().await.unwrap();
        assert_eq!((visit.url().path(), now().as_secs()), ("/b", 1));
        drop(visit);
        assert!(frontier.next().await.is_none());
        assert!(task.await.is_err());
    });
}

#[test]
fn closing_ends_all_who_wait() {
    taxi::test::run(async {
        let frontier = Rc::new(Frontier::new(Bounds::default()));
        frontier.add(&url("http://t/a"), 0);
        frontier.add(&url("http://t/b"), 0);
        let _under_way = frontier.next().await.unwrap();
        let _other = frontier.next().await.unwrap();
        let waiting = Rc::clone(&frontier);
        let waiting = spawn(async move { waiting.next().await.is_none() });
        sleep(SECOND).await;
        frontier.close();
        assert!(timeout(SECOND, waiting).await.unwrap().unwrap());
        assert!(frontier.next().await.is_none());
    });
}

/// Whatever is asked by how many, how long each takes, and what is given back: the manners hold.
#[test]
fn no_server_is_asked_too_often_nor_by_too_many() {
    for seed in 0..workbook_tests::limits::quick_or_full(60, 1000) {
        taxi::test::run(random_crawl(seed));
    }
}

async fn random_crawl(seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let bounds = Bounds {
        per_host: rng.usize(1..4),
        delay: SECOND * rng.u32(0..4),
        ..Bounds::default()
    };
    let frontier = Rc::new(Frontier::new(bounds.clone()));
    let pages = rng.u32(1..40);
    for page in 0..pages {
        let host = rng.u32(0..4);
        assert_eq!(
            frontier.add(&url(&format!("http://h{host}/{page}")), 0),
            Added::New
        );
    }
    // By server: how many are under way, and when the last one began.
    type Seen = HashMap<String, (usize, Option<taxi::Time>)>;
    let seen: Rc<RefCell<Seen>> = Rc::default();
    let visited = Rc::new(Cell::new(0));
    let workers = (0..rng.u32(1..6)).map(|_| {
        let (frontier, seen, bounds) =
            (Rc::clone(&frontier), Rc::clone(&seen), bounds.clone());
        let (visited, mut rng) = (Rc::clone(&visited), rng.fork());
        async move {
            while let Some(visit) = frontier.next().await {
                let host = visit.url().host_str().unwrap().to_string();
                {
                    let mut seen = seen.borrow_mut();
                    let (under_way, last) = seen.entry(host.clone()).or_default();
                    *under_way += 1;
                    assert!(*under_way <= bounds.per_host, "seed {seed}");
                    let since = last.map(|last| now() - last);
                    assert!(
                        since.is_none_or(|it| it >= bounds.delay),
                        "seed {seed}: {since:?}"
                    );
                    *last = Some(now());
                }
                sleep(SECOND * rng.u32(0..3)).await;
                seen.borrow_mut().get_mut(&host).unwrap().0 -= 1;
                match visit.attempt() == 1 && rng.u8(0..4) == 0 {
                    true => visit.again_after(SECOND * rng.u32(0..5)),
                    false => visited.set(visited.get() + 1),
                }
            }
        }
    });
    gather(workers).await.unwrap();
    assert_eq!(visited.get(), pages, "seed {seed}");
}

#[test]
fn a_slower_pace_holds_from_the_request_that_asked_for_it() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds::default());
        for page in 0..3 {
            frontier.add(&url(&format!("http://t/{page}")), 0);
        }
        let visit = frontier.next().await.unwrap();
        frontier.slow_down(visit.url(), 5 * SECOND);
        visit.put_back();
        let mut times = Vec::new();
        while let Some(visit) = frontier.next().await {
            times.push((
                visit.url().path().to_string(),
                visit.attempt(),
                now().as_secs(),
            ));
        }
        let wanted = [("/0", 1, 5), ("/1", 1, 10), ("/2", 1, 15)];
        assert_eq!(
            times,
            wanted.map(|(path, attempt, time)| (path.to_string(), attempt, time))
        );
    });
}

#[test]
fn a_pace_that_was_set_is_not_made_faster() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            delay: 5 * SECOND,
            ..Bounds::default()
        });
        for page in ["http://t/a", "http://t/b", "http://t/c"] {
            frontier.add(&url(page), 0);
        }
        let visit = frontier.next().await.unwrap();
        frontier.slow_down(visit.url(), SECOND);
        drop(visit);
        for seconds in [5, 10] {
            frontier.next().await.unwrap();
            assert_eq!(now().as_secs(), seconds);
        }
    });
}

#[test]
fn where_a_page_has_moved_to_is_as_deep_as_it_was() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            depth: 1,
            ..Bounds::default()
        });
        frontier.add(&url("http://t/a"), 1);
        for (step, to) in ["http://t/b", "http://t/c"].into_iter().enumerate() {
            let visit = frontier.next().await.unwrap();
            assert_eq!((visit.depth(), visit.redirects() as usize), (1, step));
            assert_eq!(frontier.add_redirect(&visit, &url(to)), Added::New);
        }
    });
}

#[test]
fn what_was_not_asked_costs_no_delay() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            delay: 5 * SECOND,
            per_host: 1,
            ..Bounds::default()
        });
        frontier.add(&url("http://t/forbidden"), 0);
        frontier.add(&url("http://t/"), 0);
        frontier.next().await.unwrap().skip();
        assert_eq!(frontier.next().await.unwrap().url().path(), "/");
        assert_eq!(now().as_secs(), 0);
    });
}

/// One that is skipped late gives back its own delay, not that of a request which has begun since.
#[test]
fn what_is_skipped_late_does_not_free_the_server_for_others() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            delay: 5 * SECOND,
            per_host: 2,
            ..Bounds::default()
        });
        for page in ["http://t/forbidden", "http://t/a", "http://t/b"] {
            frontier.add(&url(page), 0);
        }
        let forbidden = frontier.next().await.unwrap();
        let asked = frontier.next().await.unwrap();
        assert_eq!(now().as_secs(), 5);
        forbidden.skip();
        frontier.next().await.unwrap();
        assert_eq!(now().as_secs(), 10);
        drop(asked);
    });
}

/// Nor when the server has asked meanwhile to be left alone for longer.
#[test]
fn what_is_skipped_keeps_the_longer_delay_that_was_asked_for() {
    taxi::test::run(async {
        let frontier = Frontier::new(Bounds {
            delay: 5 * SECOND,
            ..Bounds::default()
        });
        frontier.add(&url("http://t/forbidden"), 0);
        frontier.add(&url("http://t/a"), 0);
        let forbidden = frontier.next().await.unwrap();
        frontier.slow_down(&url("http://t/"), 20 * SECOND);
        forbidden.skip();
        frontier.next().await.unwrap();
        assert_eq!(now().as_secs(), 20);
    });
}
