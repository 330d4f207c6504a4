//! A fault does what it says, while it lasts.

use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{
    Failure, Fault, Listener, Outcome, Planned, Simulated, Simulation, World, shrink,
};
use taxi::Time;

use crate::Notes;

fn at(seconds: u64, lasts: u64, fault: Fault) -> Planned {
    Planned {
        at: Time::from_secs(seconds),
        lasts: Duration::from_secs(lasts),
        fault,
    }
}

async fn echo(world: Simulated) -> Outcome {
    let listener = world.bind(1).await?;
    loop {
        let mut stream = listener.accept().await?;
        let _echo = taxi::spawn(async move {
            let mut byte = [0];
            while stream.read(&mut byte).await? > 0 {
                stream.write_all(&byte).await?;
            }
            std::io::Result::Ok(())
        });
    }
}

/// Whether the echo answers within half a second, asked over a new stream in each second from the first to the tenth.
fn answers(plan: &[Planned]) -> String {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    simulation.host("b", echo);
    let told = notes.clone();
    simulation.client("a", move |world| {
        let told = told.clone();
        async move {
            for second in 1..=10 {
                let wait = Duration::from_secs(second)
                    - Duration::from_nanos(taxi::time::now().as_nanos());
                taxi::time::sleep(wait).await;
                let ask = world.timeout(Duration::from_millis(500), async {
                    let mut stream = world.connect("b", 1).await?;
                    stream.write_all(b"?").await?;
                    stream.read_exact(&mut [0]).await
                });
                let answered = matches!(ask.await, Ok(Ok(())));
                told.add(if answered { "+" } else { "-" });
            }
            Ok(())
        }
    });
    simulation.plan(plan);
    assert_eq!(simulation.run(), Ok(()));
    notes.take().concat()
}

#[test]
fn a_fault_lasts_as_long_as_it_says() {
    let (a, b) = (|| "a".to_string(), || "b".to_string());
    let cut = |from, to| Fault::Cut { from, to };
    let from = |fault| [at(3, 2, fault)];
    assert_eq!(answers(&[]), "++++++++++");
    assert_eq!(answers(&from(cut(a(), b()))), "++--++++++");
    assert_eq!(answers(&from(cut(b(), a()))), "++--++++++");
    assert_eq!(answers(&from(Fault::Partition(vec![a()]))), "++--++++++");
    assert_eq!(answers(&from(Fault::Crash(b()))), "++--++++++");
    assert_eq!(answers(&from(Fault::Kill(b()))), "++--++++++");
    let drift = Fault::Drift {
        host: b(),
        ppm: 900_000,
    };
    assert_eq!(answers(&from(drift)), "++++++++++");
    // The second is over before the first.
    let both = [
        at(3, 5, cut(a(), b())),
        at(4, 1, Fault::Partition(vec![b()])),
    ];
    assert_eq!(answers(&both), "++-----+++");
}

/// What a peer of `b` hears of its end.
fn heard(fault: fn(String) -> Fault) -> String {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    simulation.host("b", echo);
    let told = notes.clone();
    simulation.client("a", move |world| {
        let told = told.clone();
        async move {
            let mut stream = world.connect("b", 1).await?;
            let read = world
                .timeout(Duration::from_secs(20), stream.read(&mut [0]))
                .await;
            told.add(format!("{:?}", read.map(|it| it.map_err(|it| it.kind()))));
            Ok(())
        }
    });
    simulation.plan(&[at(1, 2, fault("b".to_string()))]);
    assert_eq!(simulation.run(), Ok(()));
    notes.take().concat()
}

#[test]
fn a_crash_is_silent_and_the_end_of_a_program_is_not() {
    assert_eq!(heard(Fault::Crash), "Err(Elapsed)");
    assert_eq!(heard(Fault::Kill), "Ok(Err(ConnectionReset))");
}

struct Tells(Notes);

impl Drop for Tells {
    fn drop(&mut self) {
        self.0.add("dropped");
    }
}

#[test]
fn a_crash_drops_every_task_of_its_host_and_no_other() {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    for name in ["a", "b"] {
        let told = notes.clone();
        simulation.host(name, move |_| {
            let tells = Tells(told.clone());
            async move {
                // Tasks that others make are its tasks, too.
                let never = || std::future::pending::<()>();
                let _task = taxi::spawn(async move {
                    let _tells = tells;
                    taxi::gather([never(), never()]).await
                });
                std::future::pending().await
            }
        });
    }
    assert_eq!(simulation.run_for(Duration::from_secs(1)), Ok(false));
    simulation.control().crash("a");
    assert_eq!(simulation.run_for(Duration::from_secs(1)), Ok(false));
    assert_eq!(notes.take(), ["dropped"]);
}

#[test]
fn a_clock_that_drifts_never_goes_back_and_sleeps_accordingly() {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    let told = notes.clone();
    simulation.client("a", move |world| {
        let told = told.clone();
        async move {
            for _ in 0..4 {
                world.sleep(Duration::from_secs(10)).await;
                let (shown, real) = (world.now().as_secs(), taxi::time::now().as_secs());
                told.add(format!("{shown} {real}"));
            }
            Ok(())
        }
    });
    let half = Fault::Drift {
        host: "a".into(),
        ppm: -500_000,
    };
    simulation.plan(&[at(10, 20, half)]);
    assert_eq!(simulation.run(), Ok(()));
    assert_eq!(notes.take(), ["10 10", "20 30", "30 40", "40 50"]);
}

#[test]
fn what_goes_wrong_in_a_program_ends_the_run_and_is_told() {
    let run =
        |program: fn(Simulated) -> std::pin::Pin<Box<dyn Future<Output = Outcome>>>| {
            let mut simulation = Simulation::new(1);
            simulation.client("a", program);
            simulation.run().unwrap_err()
        };
    let host = || "a".to_string();
    let failed = run(|_| Box::pin(async { Err("no fuel".into()) }));
    let error = "no fuel".to_string();
    assert_eq!(
        failed,
        Failure::Failed {
            host: host(),
            error
        }
    );
    let message = "no fuel".to_string();
    let panicked = Failure::Panicked {
        host: host(),
        message,
    };
    assert_eq!(run(|_| Box::pin(async { panic!("no fuel") })), panicked);
    let in_a_task = run(|_| {
        Box::pin(async {
            let _task = taxi::spawn(async { panic!("no fuel") });
            std::future::pending().await
        })
    });
    assert_eq!(in_a_task, panicked);
    let spins = run(|_| {
        Box::pin(async {
            loop {
                taxi::yield_now().await
            }
        })
    });
    assert_eq!(spins, Failure::Busy { host: host() });
    let waits = run(|_| Box::pin(std::future::pending()));
    assert!(matches!(waits, Failure::Deadlock { .. }), "{waits}");
    let long = run(|world| {
        Box::pin(async move {
            loop {
                world.sleep(Duration::from_secs(1)).await;
            }
        })
    });
    assert_eq!(long, Failure::TooLong(Duration::from_secs(3600)));
}

#[test]
fn shrinking_leaves_the_fewest_that_still_fail() {
    let all: Vec<u32> = (0..40).collect();
    for culprits in [
        &[][..],
        &[0],
        &[39],
        &[0, 39],
        &[3, 17, 18],
        &[5, 6, 7, 8, 30],
    ] {
        let mut runs = 0;
        let fewest = shrink(&all, |some| {
            runs += 1;
            culprits.iter().all(|it| some.contains(it))
        });
        assert_eq!(fewest, culprits);
        assert!(runs < 200, "{runs} runs for {culprits:?}");
    }
}
