//! The build script of every chapter: finds the reader's own programs, `src/programs/my_*.rs` (or `my-*.rs`), so that a
//! reader adds a file and runs it, and edits no list.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("src/programs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".rs")
            && (name.starts_with("my_") || name.starts_with("my-"))
        {
            names.push(name.to_string());
        }
    }
    names.sort();
    let mut code = String::new();
    let mut list = String::new();
    for stem in names {
        let path = folder.join(format!("{stem}.rs"));
        let name = stem.replace('-', "_");
        if !name.chars().all(|it| it == '_' || it.is_alphanumeric()) {
            println!(
                "cargo::error=src/programs/{stem}.rs: a program's name is letters, digits, `_` and `-`: \
                 rename the file"
            );
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        if !fs::read_to_string(&path)?.contains("pub fn run(") {
            let wanted = "needs a `pub fn run(_: &chapter::Args) -> Result<(), chapter::BadInput>`";
            writeln!(code, "compile_error!(\"src/programs/{stem}.rs {wanted}\");")
                .unwrap();
            continue;
        }
        writeln!(code, "#[path = {path:?}] pub mod {name};").unwrap();
        write!(
            list,
            "::chapter::Program {{ file: {name:?}, kind: \"mine\", source: include_str!({path:?}), \
             run: {name}::run }}, "
        )
        .unwrap();
    }
    writeln!(
        code,
        "pub const PROGRAMS: &[::chapter::Program] = &[{list}];"
    )
    .unwrap();
    fs::write(
        Path::new(&env::var("OUT_DIR").unwrap()).join("mine.rs"),
        code,
    )
}
