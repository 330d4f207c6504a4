//! A method that panics.

use std::cell::RefCell;
use std::rc::Rc;

use protocols::Transport;

use crate::{Log, Scripted, run, start, turns};

/// What happens when `method` panics.
fn panics_in(method: &'static str) -> (Vec<String>, Vec<String>) {
    let (log, reports) = (Log::default(), Rc::new(RefCell::new(Vec::new())));
    let heard = Rc::clone(&reports);
    let _hook = wakers::set_panic_hook(Rc::new(move |report| {
        heard.borrow_mut().push(report.to_string());
    }));
    run(async {
        let protocol = Scripted::new(&log)
            .on(method, |_: &Transport| panic!("no fuel"))
            .keeps_open();
        let made = start(4, protocol).await;
        made.transport.set_write_buffer_limits(4, 2);
        let quiet = log.take();
        made.transport.write(b"123456789");
        let _ = made.there.write("data").await;
        turns().await;
        made.there.incoming.widen(100);
        turns().await;
        made.there.close();
        turns().await;
        made.transport.close();
        // It has ended like any other, and whoever waits for it is told.
        made.task.await.unwrap();
        let later = log.take();
        quiet.into_iter().chain(later).for_each(|it| log.note(it));
    });
    (log.take(), reports.take())
}

#[test]
fn a_panic_is_reported_and_ends_its_connection_alone() {
    let lost = "lost: the protocol panicked: no fuel";
    let cases: [(&str, &[&str]); 6] = [
        ("made", &["made", lost]),
        ("pause", &["made", "pause", lost]),
        ("data", &["made", "pause", "data data", lost]),
        ("resume", &["made", "pause", "data data", "resume", lost]),
        (
            "eof",
            &["made", "pause", "data data", "resume", "eof", lost],
        ),
        (
            "lost",
            &["made", "pause", "data data", "resume", "eof", "lost"],
        ),
    ];
    for (method, calls) in cases {
        let (called, reports) = panics_in(method);
        assert_eq!(called, calls, "{method}");
        assert_eq!(reports, ["a protocol panicked: no fuel"], "{method}");
    }
}

#[test]
fn what_is_buffered_is_not_sent_after_a_panic() {
    let _hook = wakers::set_panic_hook(Rc::new(|_: &wakers::PanicReport<'_>| {}));
    run(async {
        let protocol =
            Scripted::new(&Log::default()).on("data", |_: &Transport| panic!("no fuel"));
        let made = start(4, protocol).await;
        made.transport.write(b"123456789");
        made.there.write("?").await.unwrap();
        turns().await;
        assert!(made.transport.is_closing() && made.task.is_finished());
        assert_eq!(made.there.read_to_end().await.unwrap(), "1234");
    });
}

#[test]
fn writing_after_the_own_end_is_refused_at_the_callers_line() {
    let refused = std::panic::catch_unwind(|| {
        run(async {
            let made = start(4, Scripted::new(&Log::default())).await;
            made.transport.write_eof();
            made.transport.write(b""); // Nothing is no harm.
            made.transport.write(b"one thing more");
        });
    });
    let message = *refused.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("write after write_eof"), "{message}");
    assert!(message.contains("panics.rs:"), "{message}");
}
