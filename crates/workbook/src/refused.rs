//! How a file of `src/wont_compile` is given to the compiler.

use std::env;
use std::path::Path;
use std::process::Command;

/// The compiler that cargo uses.
pub fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The compiler, to be asked about `file`, which may use `libraries`: each its name in code and the file that cargo
/// made of it. Where to write what it makes, should it accept the file, and how to complain is for the caller to add.
pub fn command<'a>(
    file: &Path,
    libraries: impl IntoIterator<Item = (&'a str, &'a Path)>,
) -> Command {
    let mut rustc = rustc();
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata"]);
    rustc.arg("--crate-name=refused").arg(file);
    for (name, file) in libraries {
        rustc.arg(format!("--extern={name}={}", file.display()));
        if let Some(folder) = file.parent() {
            rustc.arg(format!("-Ldependency={}", folder.display()));
            // Finished libraries lie one folder above those they were made from.
            rustc.arg(format!("-Ldependency={}", folder.join("deps").display()));
        }
    }
    rustc
}
