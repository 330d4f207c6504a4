//! How a file of `src/wont_compile` is given to the compiler.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::Chapter;
use crate::build::Built;

/// The compiler that cargo uses.
pub fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The compiler, to be asked about `file`, which may use what code of `chapter` may, as `built`. Where to write what it
/// makes, should it accept the file, and how to complain is for the caller to add.
pub fn command(chapter: &Chapter, file: &Path, built: &Built) -> Command {
    let mut rustc = rustc();
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata"]);
    rustc.arg("--crate-name=refused").arg(file);
    let is_used = |name: &str| chapter.uses.iter().any(|it| it == name);
    for (name, file) in built.libraries().filter(|(name, _)| is_used(name)) {
        rustc.arg(format!("--extern={name}={}", file.display()));
        if let Some(folder) = file.parent() {
            rustc.arg(format!("-Ldependency={}", folder.display()));
            // Finished libraries lie one folder above those they were made from.
            rustc.arg(format!("-Ldependency={}", folder.join("deps").display()));
        }
    }
    rustc
}
