//! The crate `tracing`: tasks as spans, with a subscriber that writes down what it is told.

use std::fmt::Debug;
use std::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event, Metadata, Subscriber, info, subscriber};
use taxi::{Builder, Clock, Runtime, spawn_named, yield_now};

/// What was told, a line each.
type Told = Arc<Mutex<Vec<String>>>;

struct Notes {
    told: Told,
    last_id: AtomicU64,
}

/// Writes fields as `name=value`, without those that tell of lines.
struct Fields<'s>(&'s mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = match field.name() {
            "spawned" => {
                let here = format!("{value:?}").starts_with(file!());
                if here { "here" } else { "elsewhere" }.to_string()
            }
            _ => format!("{value:?}"),
        };
        *self.0 += &format!(" {}={value}", field.name());
    }
}

impl Notes {
    fn note(&self, text: String) {
        self.told.lock().unwrap().push(text);
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut text = format!("{id} is new: {}", span.metadata().name());
        span.record(&mut Fields(&mut text));
        self.note(text);
        Id::from_u64(id)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = event.metadata().level().to_string();
        event.record(&mut Fields(&mut text));
        self.note(text);
    }

    fn enter(&self, span: &Id) {
        self.note(format!("{} begins", span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        self.note(format!("{} stops", span.into_u64()));
    }
}

fn notes() -> (Notes, Told) {
    let told = Told::default();
    let notes = Notes {
        told: Arc::clone(&told),
        last_id: AtomicU64::new(0),
    };
    (notes, told)
}

fn traced() -> Builder {
    Runtime::builder()
        .clock(Clock::virtual_time())
        .tracing(true)
}

/// What is told of a run of `future`, to the end of its runtime.
fn told_of(builder: Builder, future: impl Future<Output = ()>) -> Vec<String> {
    let (notes, told) = notes();
    subscriber::with_default(notes, || {
        let mut runtime = builder.build().unwrap();
        runtime.block_on(future);
    });
    std::mem::take(&mut *told.lock().unwrap())
}

#[test]
fn a_task_is_a_span_that_is_entered_for_each_turn() {
    let told = told_of(traced().name("web"), async {
        let ride = spawn_named("ride", async {
            info!("off");
            yield_now().await;
            info!("home");
        });
        ride.await.unwrap();
    });
    let wanted = [
        "1 is new: task id=1 name=\"Task-1\" spawned=here runtime=\"web\"",
        "1 begins",
        "1 stops",
        "2 is new: task id=2 name=\"ride\" spawned=here runtime=\"web\"",
        "2 begins",
        "INFO message=off",
        "2 stops",
        "2 begins",
        "INFO message=home",
        "DEBUG message=over end=\"value\"",
        "2 stops",
        "1 begins",
        "DEBUG message=over end=\"value\"",
        "1 stops",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn the_end_says_how_it_was() {
    let told = told_of(traced(), async {
        let crash = spawn_named("crash", async { panic!("no fuel") });
        let idle = spawn_named("idle", pending::<()>());
        yield_now().await;
        idle.cancel();
        assert!(crash.await.is_err() && idle.await.is_err());
    });
    let ends: Vec<&str> = told
        .iter()
        .filter_map(|line| line.strip_prefix("DEBUG message=over "))
        .collect();
    let wanted = [
        "end=\"panicked\" panic=\"no fuel\"",
        "end=\"cancelled\"",
        "end=\"value\"",
    ];
    assert_eq!(ends, wanted);
}

#[test]
fn a_slow_turn_is_a_warning_within_its_span() {
    // Each look at the clock takes 30 ms, so each turn does.
    let looks = AtomicU64::new(0);
    let clock = move || Duration::from_millis(30 * looks.fetch_add(1, Ordering::Relaxed));
    let builder = traced().debug(true).stopwatch(clock);
    let told = told_of(builder.slow_turn(Duration::from_millis(30)), async {});
    let [_, begins, warning, over, stops] = &told[..] else {
        panic!("{told:#?}");
    };
    let wanted = ("1 begins", "DEBUG message=over end=\"value\"", "1 stops");
    assert_eq!((&**begins, &**over, &**stops), wanted);
    assert!(
        warning.starts_with("WARN message=slow turn: Task-1 "),
        "{warning}"
    );
}

#[test]
fn without_being_asked_it_tells_nothing() {
    let told = told_of(Runtime::builder(), async { info!("alone") });
    assert_eq!(told, ["INFO message=alone"]);
}

/// Its panic would end the loop, and everybody else's task.
#[test]
fn a_subscriber_that_panics_disturbs_nobody() {
    struct Panics;
    impl Subscriber for Panics {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {
            panic!("event")
        }
        fn enter(&self, _: &Id) {
            panic!("enter")
        }
        fn exit(&self, _: &Id) {
            panic!("exit")
        }
        fn try_close(&self, _: Id) -> bool {
            panic!("close")
        }
    }
    let sum = subscriber::with_default(Panics, || {
        let mut runtime = traced().panic_hook(|_| ()).build().unwrap();
        runtime.block_on(async {
            let two = taxi::spawn(async {
                yield_now().await;
                2
            });
            1 + two.await.unwrap()
        })
    });
    assert_eq!(sum, 3);
}
