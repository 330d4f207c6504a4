//! What stands in a page must fit into it, and a picture must speak to those who do not see it.

use crate::fixture::Fixture;

const PAGE: &str = "book/src/01-demo.md";

#[test]
fn a_picture_says_what_it_shows_and_is_shown() {
    let picture = "<svg viewBox=\"0 0 1 1\" role=\"img\">\n<title>A taxi that waits at a door.</title>\n\n<path d=\"M0 0\"/>\n</svg>\n";
    let with = |svg: &str, directive: &str| {
        let fixture = Fixture::new().but(PAGE, "What does it print?", directive);
        fixture.with("book/drawings/taxi.svg", svg)
    };
    let shown = with(picture, "{{drawing: taxi}}");
    assert_eq!(shown.problems(), [""; 0]);
    assert!(
        shown
            .html("01-demo.html")
            .contains("A taxi that waits at a door.")
    );
    for (svg, directive, why) in [
        (
            picture,
            "What?",
            "no page shows it; write `{{drawing: taxi}}`",
        ),
        (
            picture,
            "{{drawing: bus}}",
            "there is no picture book/drawings/bus.svg",
        ),
        (
            &picture.replace("A taxi that waits at a door.", "Taxi"),
            "{{drawing: taxi}}",
            "does not say in its `<title>`",
        ),
        (
            &picture.replace("role=\"img\"", ""),
            "{{drawing: taxi}}",
            "have `role=\"img\"`",
        ),
        (
            &picture.replace("<path", "<script"),
            "{{drawing: taxi}}",
            "contains `<script`",
        ),
    ] {
        let problems = with(svg, directive).problems();
        assert!(
            problems.iter().any(|it| it.contains(why)),
            "{why} is not among {problems:#?}"
        );
    }
}

#[test]
fn a_line_of_code_has_room_in_the_page() {
    let wide = format!("fn run() {{ {} }}", "shout(); ".repeat(10));
    let file = "chapters/01-demo/src/broken/shouts.rs";
    let problems = Fixture::new()
        .but(file, "fn run() { shout(); }", &wide)
        .problems();
    let told =
        |it: &String| it.starts_with(PAGE) && it.contains("no room for all of `fn run()");
    assert!(problems.iter().any(told), "{problems:#?}");
}
