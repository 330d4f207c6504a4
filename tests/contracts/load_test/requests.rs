//! As many requests as were asked for, each when it is due.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use load_test::{Failure, Load, Plan};
use taxi::time::{now, sleep, timeout};

use crate::{ANSWER, counting, millis, target};

#[test]
fn as_many_are_sent_as_were_asked_for_and_the_server_has_seen_as_many() {
    taxi::test::run(async {
        let (server, seen) = counting().unwrap();
        for (clients, requests) in [(1, 1), (1, 7), (8, 1000), (64, 10)] {
            let target = target(&server).await;
            let mut plan = Plan::new(clients);
            plan.requests = Some(requests);
            let http = Rc::clone(&target);
            let load = Load::new(plan);
            let report = load
                .run(async move |client, _| http.send(client).await)
                .await;
            assert_eq!(report.tally.answered(), requests);
            assert_eq!(report.tally.failed(), 0);
            assert_eq!(report.tally.received, 6 * requests);
            assert_eq!(load.ended(), requests);
            assert_eq!(seen.take(), requests);
            // A connection for each client that had something to send, and no more.
            let busy = requests.min(clients as u64);
            assert!((1..=busy).contains(&target.connections()));
        }
    });
}

#[test]
fn each_number_is_sent_once_and_no_client_sends_two_at_a_time() {
    taxi::test::run(async {
        let numbers = Rc::new(RefCell::new(Vec::new()));
        let busy = Rc::new(RefCell::new([false; 5]));
        let mut plan = Plan::new(5);
        plan.requests = Some(100);
        let (sent, at_work) = (Rc::clone(&numbers), Rc::clone(&busy));
        let send = async move |client: usize, number: u64| {
            assert!(!std::mem::replace(&mut at_work.borrow_mut()[client], true));
            sent.borrow_mut().push(number);
            sleep(millis(1 + number % 7)).await;
            at_work.borrow_mut()[client] = false;
            Ok(ANSWER)
        };
        Load::new(plan).run(send).await;
        let mut numbers = numbers.take();
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..100));
    });
}

#[test]
fn a_warm_up_is_sent_and_not_counted() {
    taxi::test::run(async {
        let sent = Rc::new(Cell::new(0));
        let mut plan = Plan::new(3);
        plan.requests = Some(10);
        plan.warm_up = 20;
        let count = Rc::clone(&sent);
        // The first twenty are slow.
        let send = async move |_, _| {
            count.set(count.get() + 1);
            sleep(millis(if count.get() <= 20 { 1000 } else { 5 })).await;
            Ok(ANSWER)
        };
        let report = Load::new(plan).run(send).await;
        assert_eq!(sent.get(), 30);
        assert_eq!(report.tally.answered(), 10);
        assert_eq!(report.tally.since_due.max(), millis(5));
        assert_eq!(report.elapsed, millis(20)); // ten by three clients
    });
}

#[test]
fn a_warm_up_is_of_all_clients_and_as_fast_as_they_can() {
    taxi::test::run(async {
        let clients = Rc::new(RefCell::new(Vec::new()));
        let mut plan = Plan::new(4);
        plan.every = Some(millis(1000));
        plan.requests = Some(2);
        plan.warm_up = 8;
        let seen = Rc::clone(&clients);
        let send = async move |client, _| {
            seen.borrow_mut().push(client);
            sleep(millis(10)).await;
            Ok(ANSWER)
        };
        let report = Load::new(plan).run(send).await;
        let mut warm = clients.borrow()[..8].to_vec();
        warm.sort_unstable();
        assert_eq!(warm, [0, 0, 1, 1, 2, 2, 3, 3]);
        // Two rounds of 10 ms before, and then two requests, a second apart.
        assert_eq!(now().as_nanos(), 1_030_000_000);
        assert_eq!(report.elapsed, millis(1010));
    });
}

#[test]
fn an_open_loop_keeps_a_pace_of_any_length() {
    taxi::test::run(async {
        let every = Duration::from_nanos(333_333);
        let mut plan = Plan::new(1);
        plan.every = Some(every);
        plan.requests = Some(3_000);
        let start = now();
        let send = async move |_, number: u64| {
            assert_eq!(now() - start, every * u32::try_from(number).unwrap());
            Ok(ANSWER)
        };
        let report = Load::new(plan).run(send).await;
        assert_eq!(report.elapsed, every * 2_999);
    });
}

#[test]
fn the_time_of_a_run_ends_with_its_last_request_also_if_that_fails() {
    taxi::test::run(async {
        let mut plan = Plan::new(1);
        plan.requests = Some(3);
        let send = async |_, number| {
            sleep(millis(10)).await;
            match number {
                2 => Err(Failure::Reset),
                _ => Ok(ANSWER),
            }
        };
        let report = Load::new(plan).run(send).await;
        assert_eq!(report.elapsed, millis(30));
    });
}

#[test]
fn a_duration_ends_a_closed_loop_and_what_is_under_way_is_waited_for() {
    taxi::test::run(async {
        let mut plan = Plan::new(2);
        plan.duration = Some(millis(100));
        let send = async |_, _| {
            sleep(millis(30)).await;
            Ok(ANSWER)
        };
        let report = Load::new(plan).run(send).await;
        assert_eq!(report.tally.answered(), 8); // at 0, 30, 60 and 90 ms
        assert_eq!(report.elapsed, millis(120));
    });
}

#[test]
fn an_open_loop_sends_when_a_request_is_due_and_not_before() {
    taxi::test::run(async {
        sleep(millis(5)).await; // so that its start is not the clock's
        let start = now();
        let mut plan = Plan::new(3);
        plan.every = Some(millis(10));
        plan.duration = Some(millis(100));
        let send = async move |_, number: u64| {
            assert_eq!(now() - start, millis(10 * number));
            sleep(millis(25)).await; // three clients are enough for that
            Ok(ANSWER)
        };
        let report = Load::new(plan).run(send).await;
        assert_eq!(report.tally.answered(), 10);
        assert_eq!(report.tally.since_due.max(), millis(25));
        assert_eq!(report.tally.since_sent.max(), millis(25));
    });
}

#[test]
fn in_an_open_loop_what_is_late_counts_since_it_was_due() {
    taxi::test::run(async {
        let mut plan = Plan::new(1);
        plan.every = Some(millis(10));
        plan.requests = Some(5);
        // Since it was sent: whoever had to wait for a client has as long as others.
        plan.timeout = millis(40);
        let send = async |_, _| {
            sleep(millis(30)).await;
            Ok(ANSWER)
        };
        let tally = Load::new(plan).run(send).await.tally;
        assert_eq!((tally.answered(), tally.failed()), (5, 0));
        assert_eq!(tally.since_sent.max(), millis(30));
        assert_eq!(tally.since_due.min(), millis(30));
        assert_eq!(tally.since_due.max(), millis(5 * 30 - 4 * 10));
        assert_eq!(
            tally.since_due.mean(),
            millis((30 + 50 + 70 + 90 + 110) / 5)
        );
    });
}

#[test]
fn dropping_a_run_stops_its_clients_and_what_was_measured_is_there() {
    taxi::test::run(async {
        let mut plan = Plan::new(4);
        plan.requests = Some(1_000_000);
        let load = Load::new(plan);
        let send = async |_, _| {
            sleep(millis(10)).await;
            Ok(ANSWER)
        };
        assert!(timeout(millis(105), load.run(send)).await.is_err());
        assert_eq!(load.ended(), 40);
        sleep(millis(1000)).await;
        assert_eq!(load.ended(), 40);
        let report = load.report();
        assert_eq!(report.elapsed, millis(100));
        assert_eq!(report.per_second(), 400.0);
    });
}

#[test]
#[should_panic = "without a client nothing is ever sent"]
fn a_plan_without_clients_is_refused() {
    taxi::test::run(async { Load::new(Plan::new(0)) });
}

#[test]
#[should_panic = "there must be time between two requests"]
fn a_plan_without_time_between_requests_is_refused() {
    taxi::test::run(async {
        let mut plan = Plan::new(1);
        plan.every = Some(millis(0));
        Load::new(plan)
    });
}
