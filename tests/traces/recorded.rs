//! Building the chapters so that they record, and recording runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use catalogue::Chapter;
use timeline::Trace;
use workbook_tests::chapters::{Built, build, build_with, cargo, child, workbook};
use workbook_tests::process::{Finished, LIMIT, run_limited};
use workbook_tests::root;

/// The chapters' binaries, with the recorder and without.
pub(crate) struct Binaries {
    recorders: BTreeMap<String, PathBuf>,
    pub plain: BTreeMap<String, PathBuf>,
}

/// A run that was recorded.
pub(crate) struct Recorded {
    pub json: String,
    pub trace: Trace,
    pub finished: Finished,
}

/// Builds both once.
pub(crate) fn binaries() -> Result<&'static Binaries> {
    static BUILT: OnceLock<Result<Binaries, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| Binaries::build().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}

impl Binaries {
    fn build() -> Result<Binaries> {
        let chapters = workbook()?
            .chapters
            .iter()
            .filter(|it| it.lacks().is_none());
        let packages: Vec<&str> = chapters.map(|it| &*it.package).collect();
        // Cargo puts both under the same name, so each is set aside before the next is built.
        let recording = build_with(&mut cargo(&root()), &packages, &["trace/record"])?;
        let recorders = set_aside(&recording, &packages, "recorders")?;
        let plain = build(&mut cargo(&root()), &packages)?;
        let plain = set_aside(&plain, &packages, "plain")?;
        Ok(Binaries { recorders, plain })
    }

    /// Runs a program with the recorder.
    ///
    /// # Errors
    ///
    /// If it does not end in time, or leaves no trace.
    pub(crate) fn record(
        &self,
        chapter: &Chapter,
        arguments: &[&str],
    ) -> Result<Recorded> {
        let binary = self.recorders.get(&chapter.package).context("not built")?;
        let (finished, json) = traced(binary, arguments)?;
        let json = json.with_context(|| {
            format!("it left no trace, and ended with {}", finished.status)
        })?;
        let trace = Trace::parse(&json)?;
        Ok(Recorded {
            json,
            trace,
            finished,
        })
    }
}

/// Runs `binary` where it may write a trace: what came of it, and the trace, if there is one.
///
/// # Errors
///
/// If it does not end in time, or leaves anything else.
pub(crate) fn traced(
    binary: &Path,
    arguments: &[&str],
) -> Result<(Finished, Option<String>)> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("trace.json");
    let mut command = child(binary);
    command.args(arguments).env("WORKBOOK_TRACE", &file);
    let finished = run_limited(&mut command, LIMIT)?;
    let left = fs::read_dir(folder.path())?.count();
    let json = match file.is_file() {
        true => Some(fs::read_to_string(&file)?),
        false => None,
    };
    ensure!(
        left == usize::from(json.is_some()),
        "it left {left} files where one trace was to be"
    );
    Ok((finished, json))
}

/// Copies what was `built` into a folder `name` of the tests' own, where no other build puts anything.
fn set_aside(
    built: &Built,
    packages: &[&str],
    name: &str,
) -> Result<BTreeMap<String, PathBuf>> {
    let aside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&aside)?;
    let copies = packages.iter().map(|package| {
        let binary = built.binary(package)?;
        let copy = aside.join(binary.file_name().context("a name")?);
        fs::copy(binary, &copy)?;
        Ok(((*package).to_string(), copy))
    });
    copies.collect()
}
