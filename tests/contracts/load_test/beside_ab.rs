//! Beside ApacheBench, where that is installed: the same work on the same server.

use std::cell::Cell;
use std::collections::HashMap;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use load_test::{Load, Plan};
use taxi::spawn_blocking;
use taxi::time::sleep;
use web::{App, Server};
use workbook_tests::process::{LIMIT, run_limited};

use crate::target;

const CLIENTS: usize = 4;
const REQUESTS: u64 = 40;
/// What the server takes for an answer, at least.
const SLOW: Duration = Duration::from_millis(20);

/// What ApacheBench says, by its names: of `Complete requests:      40`, the 40. Nothing, if it is not installed.
fn ab(url: &str) -> Option<HashMap<String, f64>> {
    Command::new("ab").arg("-V").output().ok()?;
    let mut command = Command::new("ab");
    command.args(["-q", "-k", "-c", &CLIENTS.to_string()]);
    command.args(["-n", &REQUESTS.to_string(), url]);
    let finished = run_limited(&mut command, LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let figures = finished.stdout.lines().filter_map(|line| {
        let (name, rest) = line.split_once(':')?;
        let figure = rest.split_whitespace().next()?.parse().ok()?;
        Some((name.to_string(), figure))
    });
    Some(figures.collect())
}

#[test]
fn both_count_the_same_and_neither_is_ahead_of_the_server() {
    let compared = taxi::run(async {
        let seen = Rc::new(Cell::new(0));
        let asked = Rc::clone(&seen);
        let app = App::new().get("/", async move |_| {
            asked.set(asked.get() + 1);
            sleep(SLOW).await;
            "a taxi"
        });
        let server = Server::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let server = server.serve(app).unwrap();
        let url = format!("http://{}/", server.local_addr());
        let Some(theirs) = spawn_blocking(move || ab(&url)).await.unwrap() else {
            return println!("skipped: ApacheBench (ab) is not installed");
        };
        assert_eq!(seen.take(), REQUESTS);
        let mut plan = Plan::new(CLIENTS);
        plan.requests = Some(REQUESTS);
        let http = target(&server).await;
        let report = Load::new(plan)
            .run(async move |client, _| http.send(client).await)
            .await;
        assert_eq!(seen.take(), REQUESTS);
        let tally = &report.tally;
        for (name, ours) in [
            ("Complete requests", tally.answered()),
            ("Failed requests", tally.failed()),
            ("HTML transferred", tally.received),
        ] {
            assert_eq!(theirs.get(name), Some(&(ours as f64)), "{name}: {theirs:?}");
        }
        // Each client waits for an answer before it asks again.
        let least = SLOW * (REQUESTS as u32) / (CLIENTS as u32);
        assert!(report.elapsed >= least && tally.since_sent.min() >= SLOW);
        assert!(theirs["Time taken for tests"] >= least.as_secs_f64());
        // It tells milliseconds, rounded.
        assert!(
            theirs["Total"] + 1.0 >= SLOW.as_millis() as f64,
            "{theirs:?}"
        );
    });
    compared.unwrap();
}
