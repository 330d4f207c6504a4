//! Whoever looks up an item in the documentation finds it at work: every public struct, enum, trait and function of the
//! chapters' libraries, and of taxi, has an example that is compiled and run.
//!
//! A method may be shown in the example of its type, or of the function that makes that. Three kinds need none:
//!
//! - what implements a trait, and a trait's own methods: they are the trait's, whose example shows them;
//! - an accessor: a method with no argument but `&self` or `self`, whose body is one expression that decides nothing;
//! - a type that only comes out of a function: its first line says so, as in "The future of [`sleep`]" or "A loop blocks
//!   this thread; made by [`block_thread`]", and the example is with that function. (The types that `pin_project!` makes
//!   are all of this kind, and are not looked at.)

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use catalogue::Kind;
use syn::{
    Attribute, Expr, ImplItem, ImplItemFn, Item, ItemImpl, Lit, Meta, Receiver,
    ReceiverKind, Stmt, Type, UseTree, Visibility,
};
use workbook_tests::chapters::workbook;
use workbook_tests::{files, root};

use crate::assert_none;
use crate::counts::ASIDE;

/// What is documented, and may have to be shown.
#[derive(Debug, Default)]
struct Documented {
    /// Where it is, and its name.
    at: String,
    doc: String,
    /// Of which type it is a method, and its own name.
    method: Option<(String, String)>,
    /// Whether it is an accessor, which need not be shown, but may be what shows others.
    accessor: bool,
}

impl Documented {
    /// The code of its examples that run.
    fn examples(&self) -> String {
        let mut code = String::new();
        let mut runs = None;
        for line in self.doc.lines() {
            match (runs, line.trim().strip_prefix("```")) {
                (None, Some(info)) => {
                    runs = Some(["", "rust", "should_panic"].contains(&info));
                }
                (Some(_), Some(_)) => runs = None,
                (Some(true), None) => {
                    code.push_str(line);
                    code.push('\n');
                }
                _ => {}
            }
        }
        code
    }

    /// The function that it only comes out of, if it says so.
    fn made_by(&self) -> Option<&str> {
        let doc = self.doc.trim_start();
        let of = doc.strip_prefix("The future of [`");
        let (name, _) = of
            .or_else(|| Some(doc.split("\n\n").next()?.split_once("made by [`")?.1))?
            .split_once('`')?;
        Some(name.trim_end_matches("()"))
    }
}

fn doc(attributes: &[Attribute]) -> String {
    let mut doc = String::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(value) = &pair.value
            && let Lit::Str(line) = &value.lit
        {
            let line = line.value();
            doc.push_str(line.strip_prefix(' ').unwrap_or(&line));
            doc.push('\n');
        }
    }
    doc
}

/// A method with no argument but `&self` or `self`, and one expression as its body, which decides nothing.
fn is_accessor(method: &ImplItemFn) -> bool {
    let looks = |it: &Receiver| match &it.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Value => it.mutability.is_none(),
        _ => false,
    };
    let one = match &*method.block.stmts {
        [Stmt::Expr(it, None)] => !matches!(it, Expr::Match(_) | Expr::If(_)),
        _ => false,
    };
    one && method.sig.inputs.len() == 1 && method.sig.receiver().is_some_and(looks)
}

fn type_name(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn is_public(visible: &Visibility) -> bool {
    matches!(visible, Visibility::Public(_))
}

/// The public items that `text` declares: by name, and those of a type by `Type::name`.
fn documented(text: &str, file: &str) -> Vec<(String, Documented)> {
    let mut found = Vec::new();
    let mut note = |name: String, doc: String, method, accessor| {
        let at = format!("{file}: {name}");
        let item = Documented {
            at,
            doc,
            method,
            accessor,
        };
        found.push((name, item));
    };
    for item in syn::parse_file(text).expect(file).items {
        let (visible, name, attributes) = match &item {
            Item::Struct(it) => (&it.vis, &it.ident, &it.attrs),
            Item::Enum(it) => (&it.vis, &it.ident, &it.attrs),
            Item::Trait(it) => (&it.vis, &it.ident, &it.attrs),
            Item::Fn(it) => (&it.vis, &it.sig.ident, &it.attrs),
            Item::Impl(item) if item.trait_.is_none() => {
                let Some(of) = type_name(item) else { continue };
                for method in &item.items {
                    let ImplItem::Fn(method) = method else {
                        continue;
                    };
                    if is_public(&method.vis) {
                        let name = method.sig.ident.to_string();
                        let (doc, full) = (doc(&method.attrs), format!("{of}::{name}"));
                        note(full, doc, Some((of.clone(), name)), is_accessor(method));
                    }
                }
                continue;
            }
            _ => continue,
        };
        if is_public(visible) {
            note(name.to_string(), doc(attributes), None, false);
        }
    }
    found
}

/// The files of a library whose folder is `src`.
fn library_files(src: &Path) -> Vec<PathBuf> {
    let aside = |file: &Path| {
        let below = file.strip_prefix(src).unwrap_or(file);
        let of_a_program = |kind: &Kind| below.starts_with(kind.folder());
        ASIDE.iter().any(of_a_program) || below.as_os_str() == "main.rs"
    };
    let mut all = files(src);
    all.retain(|file| file.extension().is_some_and(|it| it == "rs") && !aside(file));
    all.sort();
    all
}

/// The names that a library's `lib.rs` exports.
fn exported(lib: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut trees = Vec::new();
    for item in syn::parse_file(lib).unwrap().items {
        match item {
            Item::Use(it) if is_public(&it.vis) => trees.push(it.tree),
            _ => {}
        }
    }
    while let Some(tree) = trees.pop() {
        match tree {
            UseTree::Path(path) => trees.push(*path.tree),
            UseTree::Name(name) => names.push(name.ident.to_string()),
            UseTree::Group(group) => trees.extend(group.items),
            UseTree::Rename(_) | UseTree::Glob(_) => panic!("name what is exported"),
        }
    }
    names
}

/// One library's items, by name.
#[derive(Default)]
struct Library(BTreeMap<String, Documented>);

impl Library {
    /// Adds what is public of `items`: a type's method if the type is.
    fn add(&mut self, items: Vec<(String, Documented)>, exported: &[String]) {
        let is_public = |(name, _): &(String, Documented)| {
            let of = name.split("::").next();
            exported.iter().any(|it| Some(&**it) == of)
        };
        self.0.extend(items.into_iter().filter(is_public));
    }

    fn unshown(&self) -> Vec<String> {
        let needed = self.0.values().filter(|item| !item.accessor);
        let unshown = needed.filter(|item| !self.shows(item));
        unshown.map(|item| item.at.clone()).collect()
    }

    /// Whether an example shows `item`.
    fn shows(&self, item: &Documented) -> bool {
        if !item.examples().is_empty() {
            return true;
        }
        let Some((of, name)) = &item.method else {
            return self.maker(item).is_some_and(|it| self.shows(it));
        };
        let Some(of) = self.0.get(of) else {
            return false;
        };
        let maker = self.maker(of).map(Documented::examples);
        let examples = of.examples() + &maker.unwrap_or_default();
        let calls = [
            format!(".{name}("),
            format!(".{name}::<"),
            format!("::{name}"),
        ];
        calls.iter().any(|call| examples.contains(call))
    }

    /// The function that `item` only comes out of: of that full name, or else of that last part of it.
    fn maker(&self, item: &Documented) -> Option<&Documented> {
        let maker = item.made_by()?;
        let last = maker.rsplit("::").next();
        let is_it = |(name, _): &(&String, _)| name.rsplit("::").next() == last;
        let by_last = || self.0.iter().find(is_it).map(|(_, item)| item);
        self.0.get(maker).or_else(by_last)
    }
}

#[test]
fn every_public_item_of_a_chapter_has_an_example_that_runs() {
    let mut broken = Vec::new();
    for chapter in &workbook().unwrap().chapters {
        let src = chapter.dir.join("src");
        let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
        let mut library = Library::default();
        for file in library_files(&src) {
            let short = file.strip_prefix(root()).unwrap().display().to_string();
            let text = fs::read_to_string(&file).unwrap();
            library.add(documented(&text, &short), &exported(&lib));
        }
        broken.extend(library.unshown());
    }
    assert_none("no example", broken);
}

/// It has modules, in which names come again, so each file is looked at by itself; and all of them are exported.
#[test]
fn every_public_item_of_taxi_has_an_example_that_runs() {
    let mut broken = Vec::new();
    for file in library_files(&root().join("crates/taxi/src")) {
        let short = file.strip_prefix(root()).unwrap().display().to_string();
        let items = documented(&fs::read_to_string(&file).unwrap(), &short);
        let library = Library(items.into_iter().collect());
        broken.extend(library.unshown());
    }
    assert_none("no example", broken);
}

#[test]
fn an_item_that_nothing_shows_is_found() {
    let text = "/// A die.\n///\n/// ```\n/// Die::new(7).roll();\n/// ```\npub struct Die(u64);\n\
                impl Die {\n    /// By a seed.\n    pub fn new(seed: u64) -> Die { Die(seed) }\n\
                pub fn roll(&mut self) -> u64 { self.0 += 1; self.0 }\n\
                pub fn turn(&mut self) { self.0 += 1; }\n\
                pub fn seed(&self) -> u64 { self.0 }\n}\n\
                /// The future of [`throw`].\npub struct Throw;\n\
                /// Throws.\n///\n/// ```text\n/// no example\n/// ```\npub fn throw() -> Throw { Throw }\n\
                pub fn hidden() {}\n";
    let mut library = Library::default();
    library.add(
        documented(text, "dice.rs"),
        &exported("pub use dice::{Die, Throw, throw};"),
    );
    let wanted = ["dice.rs: Die::turn", "dice.rs: Throw", "dice.rs: throw"];
    assert_eq!(library.unshown(), wanted);
}
