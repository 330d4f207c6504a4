//! The tables that are made from the plan and from the programs' headers.

use catalogue::{Article, Chapter, Kind, Program, Row, TAXI};

use crate::html::{cell, link};
use crate::problem::Problem;
use crate::site::{Page, Site};

/// The articles, and every row of their list: where it came from, what it does, and the command that runs it.
///
/// A row that a written chapter should run and no header there names is a problem, and so is a header that names
/// a row which is not in the list.
pub(crate) fn from_asyncio(site: &Site, page: &Page) -> (String, Vec<Problem>) {
    let plan = &site.workbook.plan;
    let article = |a: &Article| {
        format!(
            "- <span id=\"article-{}\">**{}.**</span> {}\n",
            a.letter.to_lowercase(),
            a.letter,
            a.about
        )
    };
    let mut text: String = plan.article.iter().map(article).collect();
    let mut table =
        String::from("| row | from | what | chapter | run it |\n|---|---|---|---|---|\n");
    let mut problems = Vec::new();
    for row in &plan.row {
        let (line, missing) = row_line(site, page, row);
        table += &line;
        problems.extend(missing);
    }
    problems.extend(unknown_rows(site));
    text.push('\n');
    text += &wrap("rows", &table);
    (text, problems)
}

fn row_line(site: &Site, page: &Page, row: &Row) -> (String, Vec<Problem>) {
    let mut problems = Vec::new();
    // A chapter's name stands beside its first command; the lines of both columns are kept level.
    let (mut places, mut commands) = (Vec::new(), Vec::new());
    for number in &row.chapters {
        places.push(chapter_link(site, page, *number));
        let Some(chapter) = site.workbook.chapter(*number) else {
            commands.push(to_come(&format!("in chapter {number}")));
            continue;
        };
        let found = covering(chapter, row);
        if found.is_empty() {
            let of = chapter.called();
            let message = format!("no program of {of} covers row {}", row.id);
            let file = site.relative(&chapter.dir);
            problems.push(Problem::with(&file, message));
            commands.push(String::new());
        }
        commands.extend(found.iter().map(|program| run(chapter, program)));
        places.resize(commands.len(), String::new());
    }
    let line = format!(
        "| {} | {} | {} | {} | {} |\n",
        row.id,
        row.from,
        cell(&row.what),
        places.join("<br>"),
        commands.join("<br>")
    );
    (line, problems)
}

fn covering<'c>(chapter: &'c Chapter, row: &Row) -> Vec<&'c Program> {
    let covers = |program: &&Program| {
        program.kind != Kind::Mine && program.header.rows.contains(&row.id)
    };
    chapter.runnable().filter(covers).collect()
}

fn unknown_rows(site: &Site) -> Vec<Problem> {
    let known = |id: &str| site.workbook.plan.row.iter().any(|row| row.id == id);
    let mut problems = Vec::new();
    for chapter in site.workbook.all() {
        for program in &chapter.programs {
            for id in program.header.rows.iter().filter(|id| !known(id)) {
                let message = format!("there is no row {id} in book/plan.toml");
                let file = site.relative(&program.file);
                problems.push(Problem::at(&file, 1, message));
            }
        }
    }
    problems
}

/// Every chapter, those to come among them, with the milestones.
pub(crate) fn chapters(site: &Site, page: &Page) -> String {
    let plan = &site.workbook.plan;
    let mut table =
        String::from("| | chapter | adds | milestone |\n|---:|---|---|---|\n");
    for chapter in &plan.chapter {
        let reached = plan.milestone.iter().find(|m| m.through == chapter.number);
        let name = match site.page_of(chapter.number) {
            Some(target) => {
                let target = link(&page.path, &target.path);
                format!("[{}]({target})", chapter.name)
            }
            None => format!("{} {}", chapter.name, to_come("")),
        };
        table += &format!(
            "| {} | {name} | {} | {} |\n",
            chapter.number,
            cell(&chapter.adds),
            reached.map_or("", |milestone| &milestone.name)
        );
    }
    wrap("chapters", &table)
}

/// The programs of a chapter that are there to be run.
pub(crate) fn programs(chapter: &Chapter) -> String {
    let mut table = String::from("| run it | what it shows |\n|---|---|\n");
    for program in chapter.programs.iter().filter(|p| p.kind == Kind::Program) {
        let about = cell(&program.header.about);
        table += &format!("| {} | {about} |\n", run(chapter, program));
    }
    wrap("programs", &table)
}

fn run(chapter: &Chapter, program: &Program) -> String {
    format!("`cargo run -- run {} {}`", chapter.typed(), program.name)
}

/// The mark of what is not written yet.
pub(crate) fn to_come(when: &str) -> String {
    let text = format!("to come {when}");
    format!("<span class=\"to-come\">{}</span>", text.trim_end())
}

fn chapter_link(site: &Site, page: &Page, number: u32) -> String {
    if number == TAXI {
        return format!("[taxi]({})", link(&page.path, "taxi.md"));
    }
    let plan = &site.workbook.plan.chapter;
    let name = plan.iter().find(|chapter| chapter.number == number);
    let name = name.map_or("", |chapter| &chapter.name);
    match site.page_of(number) {
        Some(target) => {
            format!("[{number} {name}]({})", link(&page.path, &target.path))
        }
        None => format!("{number} {name}"),
    }
}

fn wrap(class: &str, table: &str) -> String {
    format!("<div class=\"made {class}\">\n\n{table}\n</div>\n")
}
