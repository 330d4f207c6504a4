//! Starting, writing, reading, waiting.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use combinators::{Either, join, select};
use processes::{Child, Command, SIGKILL, SIGTERM};
use rustix::process::Signal;
use rustix::process::{Pid, WaitOptions, waitpid};

use crate::{alone, descriptors, reaped, run};

/// More than fits into a pipe.
const MUCH: usize = 1 << 20;

fn sh(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

/// A `cat` whose both ends are piped.
fn cat() -> io::Result<Child> {
    let mut cat = Command::new("cat");
    cat.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

#[test]
fn both_outputs_are_read_at_once() {
    let script =
        format!("head -c {MUCH} /dev/zero >&2; head -c {MUCH} /dev/zero; exit 4");
    let output = run(sh_output(script));
    assert_eq!(output.status.code(), Some(4));
    assert_eq!((output.stdout.len(), output.stderr.len()), (MUCH, MUCH));
}

async fn sh_output(script: String) -> io::Result<std::process::Output> {
    sh(&script).output().await
}

#[test]
fn more_than_a_pipe_holds_goes_both_ways() {
    let input: Vec<u8> = (0..MUCH).map(|at| (at % 251) as u8).collect();
    let expected = input.clone();
    let output = run(async { cat()?.communicate(input).await });
    assert_eq!(output.stdout, expected);
}

#[test]
fn a_child_that_reads_no_more_is_no_error() {
    let output = run(async {
        let mut command = sh("exec 0<&-; echo enough");
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        child.communicate(vec![0; MUCH]).await
    });
    assert_eq!(output.stdout, b"enough\n");
}

#[test]
fn whoever_writes_to_a_child_that_is_gone_is_told() {
    run(async {
        let mut child = sh("exit 0").stdin(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().unwrap();
        child.wait().await?;
        let error = stdin.write_all(&[0; MUCH]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        Ok(())
    });
}

#[test]
fn the_same_ends_by_the_traits_of_futures() {
    use futures::io::{AsyncReadExt, AsyncWriteExt};
    let heard = run(async {
        let mut cat = cat()?;
        let mut stdin = cat.stdin.take().unwrap();
        let mut stdout = cat.stdout.take().unwrap();
        let write = async {
            AsyncWriteExt::write_all(&mut stdin, &[7; MUCH]).await?;
            drop(stdin);
            io::Result::Ok(())
        };
        let mut heard = Vec::new();
        let read = AsyncReadExt::read_to_end(&mut stdout, &mut heard);
        let (written, read) = join(write, read).await;
        written?;
        assert_eq!(read?, MUCH);
        cat.wait().await?;
        Ok(heard)
    });
    assert_eq!(heard, vec![7; MUCH]);
}

#[test]
fn to_wait_ends_the_input() {
    let status = run(async { cat()?.wait().await });
    assert!(status.success());
}

#[test]
fn waiting_may_be_given_up_and_asked_again() {
    run(async {
        let mut cat = cat()?;
        let stdin = cat.stdin.take().unwrap();
        for _ in 0..3 {
            select(cat.wait(), polling::yield_now()).await;
        }
        assert!(cat.try_wait()?.is_none());
        drop(stdin);
        let first = cat.wait().await?;
        assert_eq!((cat.wait().await?, cat.try_wait()?), (first, Some(first)));
        Ok(())
    });
}

#[test]
fn the_loop_goes_on_while_a_child_runs() {
    run(async {
        let mut cat = cat()?;
        let stdin = cat.stdin.take().unwrap();
        let ticks = async {
            for _ in 0..1000 {
                polling::yield_now().await;
            }
            // Only now may the child end.
            drop(stdin);
        };
        let (status, ()) = join(cat.wait(), ticks).await;
        assert!(status?.success());
        Ok(())
    });
}

#[test]
fn a_signal_ends_a_child_and_one_that_has_ended_gets_none() {
    run(async {
        for (number, kills) in [(SIGTERM, false), (SIGKILL, true)] {
            let mut child = Command::new("sleep").arg("1000").spawn()?;
            if kills {
                child.kill()?;
            } else {
                child.signal(number)?;
            }
            assert_eq!(child.wait().await?.signal(), Some(number));
            let error = child.signal(number).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            child.kill()?; // as std's: it has what it wants
        }
        Ok(())
    });
}

#[test]
fn there_is_no_such_signal() {
    run(async {
        let mut cat = cat()?;
        for number in [0, -1, 12345] {
            let error = cat.signal(number).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{number}");
        }
        assert!(cat.wait().await?.success());
        Ok(())
    });
}

#[test]
fn a_program_that_is_not_there_leaves_nothing() {
    run(async {
        // What the loop and the process open at the first time stays open.
        drop(Command::new("no-such-program").output().await);
        let before = descriptors();
        for _ in 0..10 {
            let error = Command::new("no-such-program").output().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
        }
        assert_eq!(descriptors(), before);
        Ok(())
    });
}

#[test]
fn no_descriptor_is_left_of_a_child() {
    run(async {
        drop(cat()?.communicate("one").await?);
        let before = descriptors();
        for _ in 0..10 {
            drop(cat()?.communicate("one").await?);
            let mut cat = cat()?;
            let id = cat.id();
            select(cat.wait(), async {}).await;
            drop(cat);
            reaped(id).await;
        }
        assert_eq!(descriptors(), before);
        Ok(())
    });
}

#[test]
fn a_read_that_is_given_up_loses_nothing() {
    run(async {
        let mut cat = cat()?;
        let (stdin, stdout) = (cat.stdin.take().unwrap(), cat.stdout.take().unwrap());
        let mut buffer = [0; 8];
        for _ in 0..3 {
            select(stdout.read(&mut buffer), polling::yield_now()).await;
        }
        stdin.write_all(b"taxi").await?;
        assert_eq!(stdout.read(&mut buffer).await?, 4);
        assert_eq!(&buffer[..4], b"taxi");
        drop(stdin);
        assert_eq!(stdout.read(&mut buffer).await?, 0);
        assert_eq!(stdout.read(&mut []).await?, 0);
        cat.wait().await.map(drop)
    });
}

#[test]
fn whoever_waits_for_a_child_that_somebody_else_has_reaped_is_told() {
    run(async {
        let mut cat = cat()?;
        let id = Pid::from_raw(cat.id().try_into().unwrap());
        drop(cat.stdin.take());
        waitpid(id, WaitOptions::empty())?;
        let told = cat.wait().await.unwrap_err();
        assert_eq!(told.kind(), io::ErrorKind::NotFound);
        assert!(
            told.to_string().starts_with("somebody else has waited"),
            "{told}"
        );
        Ok(())
    });
}

#[test]
fn an_output_has_no_input() {
    const WORD: &str = "PROCESSES_OUTPUT";
    if std::env::var_os(WORD).is_some() {
        let output = run(async { Command::new("cat").output().await });
        assert!(output.stdout.is_empty(), "it has read what was not for it");
        return;
    }
    let _alone = alone();
    let mut own = std::process::Command::new(std::env::current_exe().unwrap());
    own.args(["--exact", "children::an_output_has_no_input"]);
    own.env(WORD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut own = own.stderr(Stdio::null()).spawn().unwrap();
    io::Write::write_all(&mut own.stdin.take().unwrap(), b"taxi").unwrap();
    assert!(own.wait().unwrap().success());
}

#[test]
fn an_output_has_the_input_that_it_was_given() {
    let output = run(async {
        let (input, mut writer) = io::pipe()?;
        io::Write::write_all(&mut writer, b"taxi")?;
        drop(writer);
        Command::new("cat").stdin(input).output().await
    });
    assert_eq!(output.stdout, b"taxi");
}

#[test]
fn a_status_closes_pipes_that_nobody_reads() {
    run(async {
        let mut writes = sh(&format!("exec head -c {MUCH} /dev/zero"));
        assert_eq!(writes.output().await?.stdout.len(), MUCH);
        // The command remembers that its outputs are piped.
        let status = writes.status().await?;
        assert!(!status.success(), "it has written what nobody reads");
        Ok(())
    });
}

#[test]
fn a_child_that_is_stopped_has_not_ended() {
    run(async {
        let mut stopped = Command::new("sleep").arg("1000").spawn()?;
        stopped.signal(Signal::STOP.as_raw())?;
        let pid = Pid::from_raw(stopped.id() as i32);
        // Asked for a stop alone, this takes no status.
        let is_stopped = WaitOptions::UNTRACED | WaitOptions::NOHANG;
        while waitpid(pid, is_stopped)?.is_none() {
            polling::yield_now().await;
        }
        assert_eq!(stopped.try_wait()?, None);
        stopped.signal(SIGTERM)?; // Pending, until it goes on.
        let turn = select(stopped.wait(), polling::yield_now()).await;
        assert!(matches!(turn, Either::Right(())));
        stopped.kill()?;
        assert_eq!(stopped.wait().await?.signal(), Some(SIGKILL));
        Ok(())
    });
}

#[test]
fn many_at_once() {
    run(async {
        let children: io::Result<Vec<_>> = (0..50)
            .map(|code| sh(&format!("exit {code}")).spawn())
            .collect();
        let mut children = children?;
        let waits = children.iter_mut().map(Child::wait);
        for (code, status) in combinators::join_all(waits).await.into_iter().enumerate() {
            assert_eq!(status?.code(), Some(code as i32));
        }
        Ok(())
    });
}

#[test]
#[should_panic(expected = "handle needs an executor that is running on this thread")]
fn without_a_loop_it_is_refused() {
    let _alone = alone();
    drop(Command::new("true").spawn());
}
