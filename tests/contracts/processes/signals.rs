//! Signals that are listened for.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use combinators::{join, select};
use event_loop::Clock;
use processes::{
    SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGUSR1, SIGUSR2, ctrl_c, raise, signal,
};

use crate::{alone, descriptors, run};

#[test]
fn many_signals_before_a_look_are_told_once() {
    run(async {
        let mut hurry = signal(SIGUSR1)?;
        for _ in 0..1000 {
            raise(SIGUSR1)?;
        }
        hurry.recv().await?;
        let second = select(hurry.recv(), polling::yield_now()).await;
        assert!(matches!(second, combinators::Either::Right(())));
        Ok(())
    });
}

#[test]
fn more_signals_than_the_socket_holds_lose_only_what_would_be_told_once() {
    run(async {
        let mut hurry = signal(SIGUSR1)?;
        for _ in 0..20_000 {
            raise(SIGUSR1)?;
        }
        hurry.recv().await?;
        raise(SIGUSR1)?;
        hurry.recv().await
    });
}

#[test]
fn one_that_comes_while_nobody_awaits_it_is_told_later() {
    run(async {
        let mut hurry = signal(SIGUSR1)?;
        polling::yield_now().await;
        raise(SIGUSR1)?;
        polling::yield_now().await;
        hurry.recv().await?;
        select(hurry.recv(), polling::yield_now()).await;
        raise(SIGUSR1)?;
        hurry.recv().await
    });
}

#[test]
fn every_listener_of_that_signal_is_told_and_no_other() {
    run(async {
        let (mut one, mut two) = (signal(SIGUSR1)?, signal(SIGUSR1)?);
        let mut other = signal(SIGUSR2)?;
        raise(SIGUSR1)?;
        let (a, b) = join(one.recv(), two.recv()).await;
        a.and(b)?;
        let other = select(other.recv(), polling::yield_now()).await;
        assert!(matches!(other, combinators::Either::Right(())));
        Ok(())
    });
}

#[test]
fn a_signal_wakes_a_loop_that_sleeps() {
    run(async {
        let mut hurry = signal(SIGUSR1)?;
        let id = std::process::id().to_string();
        let mut kill = processes::Command::new("kill");
        let kill = kill.args(["-USR1", &id]).status();
        let (received, sent) = join(hurry.recv(), kill).await;
        assert!(sent?.success());
        received
    });
}

#[test]
fn nobody_may_listen_for_some() {
    run(async {
        for number in [SIGKILL, 11, 0, -1, 12345] {
            let told = signal(number).map(drop).unwrap_err();
            assert_eq!(told.kind(), io::ErrorKind::InvalidInput, "{number}: {told}");
        }
        Ok(())
    });
}

#[test]
fn without_a_loop_it_is_refused() {
    let _alone = alone();
    let told = signal(SIGUSR1).map(drop).unwrap_err().to_string();
    assert!(told.contains("needs a loop with a reactor"), "{told}");
}

#[test]
fn no_descriptor_is_left() {
    run(async {
        drop(signal(SIGUSR1)?);
        let before = descriptors();
        for _ in 0..10 {
            drop(signal(SIGUSR1)?);
            drop(ctrl_c());
            drop(signal(SIGKILL));
            drop(signal(12345));
        }
        assert_eq!(descriptors(), before);
        Ok(())
    });
}

// What would end this process is tried in one of its own.

/// Runs the test of this name in a process of its own, as the child.
fn in_a_process(name: &str) -> ExitStatus {
    let _alone = alone();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("signals::{name}")]);
    command.env("SIGNALS_CHILD", name);
    command.output().unwrap().status
}

fn is_child(name: &str) -> bool {
    std::env::var("SIGNALS_CHILD").is_ok_and(|it| it == name)
}

#[test]
fn a_signal_without_listeners_does_what_it_did() {
    let name = "a_signal_without_listeners_does_what_it_did";
    if is_child(name) {
        net::run(Clock::real(), async {
            let (one, mut two) = (signal(SIGTERM).unwrap(), signal(SIGTERM).unwrap());
            drop(one);
            raise(SIGTERM).unwrap();
            two.recv().await.unwrap();
            drop(two);
            raise(SIGTERM).unwrap();
        })
        .unwrap();
        return;
    }
    assert_eq!(in_a_process(name).signal(), Some(SIGTERM));
}

#[test]
fn it_may_be_listened_for_again() {
    let name = "it_may_be_listened_for_again";
    if is_child(name) {
        net::run(Clock::real(), async {
            for _ in 0..3 {
                let mut hangup = signal(SIGHUP).unwrap();
                raise(SIGHUP).unwrap();
                hangup.recv().await.unwrap();
            }
        })
        .unwrap();
        return;
    }
    assert_eq!(in_a_process(name).code(), Some(0));
}

#[test]
fn ctrl_c_counts_from_its_call_on() {
    run(async {
        let stopped = ctrl_c();
        raise(SIGINT)?;
        stopped.await
    });
}
