//! Children that nobody waits for.

use std::fs;
use std::io;
use std::process::Stdio;
use std::thread;

use event_loop::Clock;
use processes::{Child, Command};
use workbook_tests::limits::quick_or_full;

use crate::{alone, held, is_child, reaped, run};

fn sleeper() -> io::Result<Child> {
    Command::new("sleep").arg("1000").spawn()
}

#[test]
fn a_dropped_child_goes_on_and_is_reaped_when_it_ends() {
    run(async {
        let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn()?;
        let (id, stdin) = (cat.id(), cat.stdin.take().unwrap());
        drop(cat);
        polling::yield_now().await;
        assert!(is_child(id));
        drop(stdin);
        reaped(id).await;
        Ok(())
    });
}

#[test]
fn one_that_is_to_be_killed_is_killed_and_reaped() {
    run(async {
        let sleeper = Command::new("sleep")
            .arg("1000")
            .kill_on_drop(true)
            .spawn()?;
        let id = sleeper.id();
        assert!(is_child(id));
        drop(sleeper);
        reaped(id).await;
        Ok(())
    });
}

#[test]
fn whoever_gives_up_an_output_kills_the_child_if_it_said_so() {
    run(async {
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$; exec sleep 1000"]);
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let (mut line, stdout) = ([0; 16], child.stdout.take().unwrap());
        let length = stdout.read(&mut line).await?;
        let id: u32 = String::from_utf8_lossy(&line[..length])
            .trim()
            .parse()
            .unwrap();
        combinators::select(child.wait_with_output(), polling::yield_now()).await;
        reaped(id).await;
        Ok(())
    });
}

#[test]
fn what_outlives_its_loop_is_reaped_with_the_next_child() {
    // To its end: another test waits until this process has no child.
    let _alone = alone();
    let id = held(async {
        let mut sleeper = sleeper()?;
        let id = sleeper.id();
        assert!(sleeper.try_wait()?.is_none());
        drop(sleeper);
        Ok(id)
    });
    end(id);
    // Its zombie is there until somebody asks.
    reaped_with_the_next(id);
}

#[test]
fn a_child_that_is_dropped_after_its_loop_is_reaped_with_the_next() {
    let _alone = alone();
    let sleeper = held(async { sleeper() });
    let id = sleeper.id();
    drop(sleeper);
    end(id);
    reaped_with_the_next(id);
}

#[test]
fn a_load_of_children_leaves_no_zombie() {
    let rounds = quick_or_full(20, 200);
    run(async move {
        let mut ids = Vec::new();
        for _ in 0..rounds {
            // Some are waited for, some are not, some had ended by then.
            let mut waited = Command::new("true").spawn()?;
            let dropped = Command::new("true").spawn()?;
            ids.extend([waited.id(), dropped.id()]);
            drop(dropped);
            waited.wait().await?;
        }
        for id in ids {
            reaped(id).await;
        }
        Ok(())
    });
}

#[test]
fn a_loop_that_panics_drops_its_children() {
    let _alone = alone();
    let id = std::sync::Mutex::new(0);
    let ran = std::panic::catch_unwind(|| {
        net::run(Clock::real(), async {
            let mut command = Command::new("sleep");
            let sleeper = command.arg("1000").kill_on_drop(true).spawn().unwrap();
            *id.lock().unwrap() = sleeper.id();
            panic!("no fuel");
        })
    });
    assert!(ran.is_err());
    // It was killed; with the next child it is reaped, at the latest when it has ended.
    let id = id.into_inner().unwrap();
    wait_for_end(id);
    reaped_with_the_next(id);
}

#[test]
fn a_child_that_cannot_be_watched_is_killed_and_reaped() {
    {
        let _alone = alone();
        // A loop without a reactor.
        task_cell::run(Clock::real(), async {
            let refused = sleeper().unwrap_err().to_string();
            assert!(refused.contains("needs a loop with a reactor"), "{refused}");
        });
    }
    run(async {
        // It was killed, so it ends soon; each new child is a reason to look.
        while children() > 0 {
            Command::new("true").status().await?;
        }
        Ok(())
    });
}

/// How many children this process has: such as run, and zombies.
fn children() -> usize {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| is_child(*id)).count()
}

/// Kills this child of ours, and waits until it has ended, without reaping it.
fn end(id: u32) {
    assert!(is_child(id));
    let kill = std::process::Command::new("kill")
        .arg(id.to_string())
        .status();
    assert!(kill.unwrap().success());
    wait_for_end(id);
}

fn reaped_with_the_next(id: u32) {
    held(async {
        Command::new("true").status().await?;
        assert!(!is_child(id));
        Ok(())
    });
}

fn wait_for_end(id: u32) {
    let state = || fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    while is_child(id) && !state().contains(") Z ") {
        thread::yield_now();
    }
}
