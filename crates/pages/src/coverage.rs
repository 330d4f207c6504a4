//! Whether everything that a chapter has is shown by a page.

use catalogue::ladders::Ladder;
use catalogue::{Chapter, Kind};
use std::collections::BTreeSet;
use std::fs;

use crate::directive::Directive;
use crate::problem::Problem;
use crate::site::Site;

/// What no page shows: programs of every kind, drafts, holes and ladders. The first three are named by the chapter's number
/// and their name.
pub(crate) fn unshown(
    site: &Site,
    programs: &BTreeSet<(u32, String)>,
    drafts: &BTreeSet<(u32, String)>,
    holes: &BTreeSet<(u32, String)>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for chapter in site.workbook.all() {
        problems.extend(unshown_ladder(site, chapter));
        for program in &chapter.programs {
            let directive = match program.kind {
                Kind::Program | Kind::Step => "transcript",
                Kind::Broken => "broken",
                Kind::Solution => "solution",
                Kind::WontCompile => "error",
                Kind::Mine => continue,
            };
            let name = &program.name;
            if !programs.contains(&(chapter.number, name.clone())) {
                let message =
                    format!("no page shows it; write `{{{{{directive}: {name}}}}}`");
                let file = site.relative(&program.file);
                problems.push(Problem::at(&file, 1, message));
            }
            if let Some(draft) = program.draft()
                && !drafts.contains(&(chapter.number, name.clone()))
            {
                let message = format!("no page shows it; write `{{{{draft: {name}}}}}`");
                problems.push(Problem::at(&site.relative(&draft), 1, message));
            }
        }
        for hole in site.holes.get(&chapter.number).into_iter().flatten() {
            if !holes.contains(&(chapter.number, hole.name.clone())) {
                let message = format!(
                    "no page names hole `{0}`; write `{{{{exercise-hole: {0}}}}}`",
                    hole.name
                );
                let text = fs::read_to_string(&hole.file).unwrap_or_default();
                let title = format!("// hole: {} ", hole.name);
                let line = text.lines().position(|line| line.contains(&title));
                let file = site.relative(&hole.file);
                problems.push(Problem::at(&file, line.unwrap_or(0) + 1, message));
            }
        }
    }
    problems
}

/// A problem if `chapter` has a ladder, and no page of it sets that.
fn unshown_ladder(site: &Site, chapter: &Chapter) -> Option<Problem> {
    let ladder = Ladder::of(chapter).ok()??;
    let number = chapter.number;
    let mut pages = site.pages.iter().filter(|it| it.chapter() == Some(number));
    let is_set = pages.any(|page| {
        let mut found = page.text.lines().filter_map(Directive::parse);
        found.any(|it| it == Ok(Directive::Ladder(number)))
    });
    let message = format!("no page sets the ladder; write `{{{{ladder: {number}}}}}`");
    let file = site.relative(&ladder.rungs[0].file);
    (!is_set).then(|| Problem::at(&file, 1, message))
}
