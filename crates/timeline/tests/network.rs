//! Simulated hosts: what can have happened between them, and how it is shown.

mod support;

use support::{S, push, trace};
use timeline::{Replay, SvgOptions, TextOptions, Trace, What};

fn started(host: u32, name: &str) -> What {
    let name = name.to_string();
    What::HostStarted { host, name }
}

fn sent(message: u32, from: u32, to: u32, twice: bool) -> What {
    let about = "a <taxi>".to_string();
    What::Sent {
        message,
        from,
        to,
        about,
        twice,
    }
}

const fn arrived(message: u32) -> What {
    What::Arrived { message }
}

const fn lost(message: u32) -> What {
    What::Lost { message }
}

fn began(fault: u32) -> What {
    let (hosts, what) = (vec![2], "b cut off".to_string());
    What::FaultBegan { fault, hosts, what }
}

fn stopped(host: u32) -> What {
    What::HostStopped { host, power: true }
}

/// Host a leads, and sends four messages to b: one arrives, one is lost, one comes twice, and one goes on and on.
fn night() -> Trace {
    let what = "leads".to_string();
    trace(&[
        (0, started(1, "a")),
        (0, started(2, "b")),
        (
            0,
            What::HostIs {
                host: 1,
                what,
                leads: true,
            },
        ),
        (0, sent(1, 1, 2, false)),
        (S, arrived(1)),
        (S, began(1)),
        (2 * S, sent(2, 1, 2, false)),
        (2 * S, lost(2)),
        (3 * S, What::FaultOver { fault: 1 }),
        (3 * S, sent(3, 2, 1, true)),
        (4 * S, arrived(3)),
        (5 * S, stopped(1)),
        (5 * S, lost(3)),
        (5 * S, sent(4, 2, 1, false)),
        (
            6 * S,
            What::Printed {
                text: "alone".into(),
                host: Some(2),
            },
        ),
    ])
}

#[test]
fn in_chromes_format_hosts_are_threads_and_messages_are_flows() {
    let json = night().to_chrome().unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let events = json["traceEvents"].as_array().unwrap();
    let of = |ph: &str| -> Vec<_> {
        let of = events.iter().filter(|it| it["ph"] == ph && it["pid"] == 3);
        of.collect()
    };
    let names: Vec<_> = of("M").iter().map(|it| &it["args"]["name"]).collect();
    assert_eq!(names, ["hosts", "a", "b"]);
    // Message 1 goes from a to b, and message 3 from b to a; its other copy is lost, as messages 2 and 4 are not there.
    let ends = |ph: &str| -> Vec<_> {
        let ends = of(ph).into_iter();
        ends.map(|it| (it["tid"].as_u64().unwrap(), it["ts"].as_f64().unwrap()))
            .collect()
    };
    let second = |it: &(u64, f64)| (it.0, (it.1 / 1e6).round() as u64);
    let (starts, finishes) = (ends("s"), ends("f"));
    assert_eq!(Vec::from_iter(starts.iter().map(second)), [(1, 0), (2, 3)]);
    assert_eq!(
        Vec::from_iter(finishes.iter().map(second)),
        [(2, 1), (1, 4)]
    );
    // A flow begins and ends in the short event of its step.
    let moments = ends("X");
    assert!(
        starts
            .iter()
            .chain(&finishes)
            .all(|it| moments.contains(it))
    );
    assert_eq!(moments.len(), 4 + 2, "{moments:?}");
    let told: Vec<_> = of("i")
        .iter()
        .map(|it| it["cat"].as_str().unwrap())
        .collect();
    let expected = [
        "host", "host", "host", "fault", "lost", "fault", "host", "lost", "print",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_was_sent_has_arrived_or_is_lost_or_under_way() {
    let night = night();
    let state = Replay::new(&night).finish().unwrap();
    let count = |it: &timeline::Message<'_>| (it.arrived, it.lost, it.under_way);
    let counts: Vec<_> = state.network().messages().iter().map(count).collect();
    assert_eq!(counts, [(1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)]);
    let [a, b] = state.network().hosts() else {
        panic!("two hosts");
    };
    assert_eq!((a.up, a.runs, a.what, a.leads), (false, false, "", false));
    assert!(b.up && b.runs);
    let alt = "2 hosts, a and b, in 15 steps; 6 s pass. 5 messages: 2 arrived, 2 lost, 1 under way at the end.";
    assert_eq!(night.alt().unwrap(), alt);
    assert_eq!(night.cast().unwrap(), "a and b");
}

#[test]
fn what_cannot_have_happened_is_refused() {
    for (what, why) in [
        (arrived(1), "nothing of this message is under way"),
        (lost(2), "nothing of this message is under way"),
        (arrived(4), "host 1, which has no power"),
        (arrived(9), "there is no message 9"),
        (
            sent(6, 2, 1, false),
            "message 6 is new, although 4 were there",
        ),
        (sent(5, 1, 2, false), "host 1 sends, and has no power"),
        (sent(5, 2, 3, false), "there is no host 3"),
        (started(2, "b"), "host 2 runs already"),
        (started(4, "d"), "host 4 is new, although 2 were there"),
        (stopped(3), "there is no host 3"),
        (What::HostEnded { host: 1 }, "host 1 does not run"),
        (What::FaultOver { fault: 1 }, "this fault is over already"),
        (began(3), "fault 3 is new, although 1 were there"),
    ] {
        let mut night = night();
        push(&mut night, 6 * S, what.clone());
        let error = Replay::new(&night).finish().unwrap_err().to_string();
        assert!(
            error.contains("at step 15") && error.contains(why),
            "{what:?}: {error}"
        );
    }
    let mut night = night();
    push(&mut night, S, began(2));
    let error = Replay::new(&night).finish().unwrap_err().to_string();
    assert!(error.contains("it happens at 1 s, after 6 s"), "{error}");
}

/// The points of the paths in the arrows: from where to where.
fn arrows(svg: &str) -> Vec<[f64; 4]> {
    let ends = |group: &str| {
        let path = group.split_once(" d=\"M")?.1.split_once('"')?.0;
        let numbers = path.split(['L', ' ']).map(|it| it.parse().ok());
        let numbers: Option<Vec<f64>> = numbers.collect();
        numbers?.try_into().ok()
    };
    let groups = svg.split("<g class=\"tl-message\"").skip(1);
    groups.map(|group| ends(group).expect("an arrow")).collect()
}

#[test]
fn a_message_is_an_arrow_between_lanes() {
    let svg = night().to_svg(&SvgOptions::default()).unwrap();
    assert!(svg.starts_with("<svg class=\"tl tl-hosts\""), "{svg}");
    assert!(svg.contains(">a &lt;taxi&gt;</text>"));
    let [a, b] = [137.0, 287.0];
    let row = |step: f64| 12.0 + 18.0 * (step + 2.0);
    let wanted = [
        [a, row(3.0), b, row(4.0)],
        // Lost on the way, so short of its lane.
        [a, row(6.0), b - 14.0, row(7.0)],
        [b, row(9.0), a, row(10.0)],
        // Its second copy has found nobody.
        [b, row(9.0), a, row(12.0)],
        // Under way at the end.
        [b, row(13.0), (a + b) / 2.0, row(15.0)],
    ];
    assert_eq!(arrows(&svg), wanted);
    for step in 0..15 {
        assert!(
            svg.contains(&format!("data-step=\"{step}\"")),
            "step {step}"
        );
    }
    assert_eq!(
        svg.matches("class=\"z\"").count(),
        2,
        "b is tinted, and the legend"
    );
    for says in ["message that is lost", "a fault lasts", "leads"] {
        assert!(svg.contains(&format!(">{says}</text>")), "{says}");
    }
}

#[test]
fn a_terminal_shows_a_lane_a_host() {
    let options = TextOptions {
        ascii: true,
        lines: 8,
        ..TextOptions::default()
    };
    let text = night().to_text(&options).unwrap();
    let wanted = "      0 s  o     step 0
      0 s  |  o  step 1
      0 s  o  |  step 2
      0 s  o  |  step 3
      1 s  #  v  step 4
      1 s  #  x  step 5
      2 s  o  |  step 6
      2 s  #  x  step 7
";
    assert!(text.starts_with(wanted), "{text}");
    assert!(text.contains("The first 8 of 15 steps are shown"), "{text}");
}

#[test]
fn a_player_is_given_the_hosts_and_what_is_under_way() {
    let document = night().to_playable().unwrap();
    for change in [
        r#"["hosts",0,0,["a",true,"runs",false]]"#,
        r#"["hosts",0,1,["a",true,"leads",true]]"#,
        r#"["hosts",1,1,["b",true,"runs (fault)",false]]"#,
        r#"["hosts",0,1,["a",false,"does not run",false]]"#,
        r#"["messages",0,0,[1,"a","b","a <taxi>"]]"#,
        r#"["messages",0,1]"#,
        r#"["output",0,0,"alone"]"#,
    ] {
        assert!(document.contains(change), "{change} in {document}");
    }
    assert_eq!(Trace::parse(&document).unwrap(), night());
}
