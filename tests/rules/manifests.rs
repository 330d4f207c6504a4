//! What the manifests must say. Above all the rule of numbers: a chapter is built on earlier ones only.

use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};
use catalogue::{Chapter, FIRST_USER};
use workbook_tests::chapters::workbook;
use workbook_tests::root;

use crate::assert_none;

/// The finished runtime.
const FACADE: &str = "taxi";

/// The chapter that lays the others' parts side by side, also those that the finished runtime has outgrown.
const MEASURES: u32 = 22;

fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps();
    command.exec().unwrap()
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    let found = metadata
        .packages
        .iter()
        .find(|package| package.name == name);
    found.unwrap_or_else(|| panic!("{name} is no member of the workspace"))
}

/// The number in a chapter's package name, such as `ch02-event-loop`.
fn number(package: &str) -> Option<u32> {
    let (number, _) = package.strip_prefix("ch")?.split_once('-')?;
    number.parse().ok()
}

/// Why chapter `chapter` may not depend on the workspace's package `on`, if it may not.
fn forbidden(chapter: u32, on: &str) -> Option<String> {
    let user = chapter >= FIRST_USER;
    match number(on) {
        _ if on == "trace" || on == "chapter" => None,
        None if on == FACADE && user => None,
        None if on == FACADE => Some(format!("{on} is made from this chapter")),
        None => Some(format!("{on} is no chapter")),
        Some(other) if other >= chapter => Some(format!("{on} comes later")),
        Some(other) if user && other < FIRST_USER && chapter != MEASURES => {
            Some(format!("{on} is a part of {FACADE}: depend on that"))
        }
        Some(_) => None,
    }
}

#[test]
fn the_rule_of_numbers_says_what_it_should() {
    for (chapter, on) in [
        (2, "ch01-generators"),
        (1, "trace"),
        (17, "taxi"),
        (18, "ch17-web"),
        (22, "ch06-tasks"),
    ] {
        assert_eq!(forbidden(chapter, on), None, "{chapter} on {on}");
    }
    let wrong = [
        (2, "ch02-event-loop"),
        (2, "ch05-timers"),
        (9, "taxi"),
        (17, "ch05-timers"),
        (3, "workbook"),
    ];
    for (chapter, on) in wrong {
        assert!(forbidden(chapter, on).is_some(), "{chapter} on {on}");
    }
}

#[test]
fn a_chapter_depends_on_earlier_ones_only() {
    let metadata = metadata();
    let mut broken = Vec::new();
    for chapter in &workbook().unwrap().chapters {
        // Also those that only its tests or its build script use.
        for dependency in &package(&metadata, &chapter.package).dependencies {
            let is_ours = dependency.path.is_some();
            if let (true, Some(why)) =
                (is_ours, forbidden(chapter.number, &dependency.name))
            {
                broken.push(format!("{}: {why}", chapter.slug));
            }
        }
    }
    assert_none("the rule of numbers", broken);
}

/// By the name `default`, under which they are built for themselves. Else cargo would build those libraries twice.
#[test]
fn a_chapters_programs_ask_for_those_of_the_chapters_it_is_built_on() {
    let metadata = metadata();
    let mut broken = Vec::new();
    for chapter in &workbook().unwrap().chapters {
        let package = package(&metadata, &chapter.package);
        let none = Vec::new();
        let asked = package.features.get("programs").unwrap_or(&none);
        for dependency in package
            .dependencies
            .iter()
            .filter(|it| number(&it.name).is_some())
        {
            // In the manifest it has the name of its folder, without the number.
            let name = dependency.rename.as_deref().unwrap_or(&dependency.name);
            let wanted = format!("{name}/default");
            if !asked.contains(&wanted) {
                broken.push(format!("{}: {wanted} is missing", chapter.slug));
            }
            if dependency.uses_default_features {
                broken.push(format!("{}: {name} with default features", chapter.slug));
            }
        }
    }
    assert_none("the feature `programs`", broken);
}

#[test]
fn the_tools_link_no_chapter() {
    let metadata = metadata();
    let mut broken = Vec::new();
    for tool in [
        "catalogue",
        "chapter",
        "ladder",
        "pages",
        "timeline",
        "workbook",
    ] {
        let dependencies = &package(&metadata, tool).dependencies;
        let chapters = dependencies.iter().filter(|it| number(&it.name).is_some());
        broken.extend(chapters.map(|it| format!("{tool} depends on {}", it.name)));
    }
    assert_none("they must work while a chapter does not compile", broken);
}

#[test]
fn a_chapter_is_named_and_described_as_planned() {
    let metadata = metadata();
    let workbook = workbook().unwrap();
    let mut broken = Vec::new();
    for chapter in &workbook.chapters {
        let planned = workbook
            .plan
            .chapter
            .iter()
            .find(|it| it.number == chapter.number);
        let Some(planned) = planned else {
            broken.push(format!(
                "{}: book/plan.toml has no such number",
                chapter.slug
            ));
            continue;
        };
        let package = package(&metadata, &chapter.package);
        let target = |kind| package.targets.iter().find(|it| it.kind.contains(&kind));
        let name = |kind| target(kind).map_or("nothing", |target| &target.name);
        let package_name = format!("ch{:02}-{}", planned.number, planned.name);
        let wanted = [
            ("its name", &*chapter.name, &*planned.name),
            ("its description", &chapter.adds, &planned.adds),
            ("its package", &chapter.package, &package_name),
            (
                "its library",
                name(TargetKind::Lib),
                &planned.name.replace('-', "_"),
            ),
            ("its binary", name(TargetKind::Bin), &package_name),
        ];
        for (what, is, should) in
            wanted.into_iter().filter(|(_, is, should)| is != should)
        {
            broken.push(format!(
                "{}: {what} is {is:?}, not {should:?}",
                chapter.slug
            ));
        }
    }
    assert_none("names", broken);
}

#[test]
fn no_chapter_but_the_task_cell_has_unsafe_code() {
    let exempt = |chapter: &&Chapter| chapter.name != "task-cell";
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().chapters.iter().filter(exempt) {
        for file in ["src/lib.rs", "src/main.rs"] {
            if !forbids_unsafe(&chapter.dir.join(file)) {
                broken.push(format!("{}: {file}", chapter.slug));
            }
        }
    }
    assert_none("must say #![forbid(unsafe_code)]", broken);
}

fn forbids_unsafe(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().any(|line| line == "#![forbid(unsafe_code)]")
}
