//! The questions of a class's form, by its kind.

use leptos::prelude::*;
use model::kind::Kind;

use crate::parts::form::{Choice, Line, Sheet, ask as question, group, pair};

/// All groups of a kind's form.
pub fn groups(sheet: &Sheet<'_>, kind: Kind, there: bool) -> Vec<AnyView> {
    let mut groups = vec![what(sheet, there)];
    match kind {
        Kind::ScheduledTaskClass => {
            groups.push(when(sheet));
            groups.push(amounts(sheet));
        }
        Kind::APIClass | Kind::EndpointClass => groups.push(policies(sheet)),
        _ => {
            groups.push(how(sheet));
            groups.push(amounts(sheet));
            groups.push(well(sheet));
        }
    }
    groups
}

fn number<'a>(example: &'a str) -> Line<'a> {
    Line {
        kind: "number",
        example,
        optional: true,
        ..Line::default()
    }
}

fn words<'a>(example: &'a str) -> Line<'a> {
    Line {
        example,
        optional: true,
        ..Line::default()
    }
}

fn what(sheet: &Sheet<'_>, there: bool) -> AnyView {
    group(
        "What it is",
        "Developers choose a class by its name, and read here what it is for.",
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. Components name it, so it stays.",
                ),
                Line {
                    example: "standard",
                    fixed: there,
                    ..Line::default()
                },
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                words("Standard service"),
            ),
            sheet.area(
                question(
                    "description",
                    "Description",
                    "For whom it is, and when to take another. It shows where the class is chosen.",
                ),
                2,
                true,
                false,
            ),
        ],
    )
}

fn how(sheet: &Sheet<'_>) -> AnyView {
    let types = [
        ("", "as Kubernetes has it (ClusterIP)"),
        ("ClusterIP", "ClusterIP: inside the cluster"),
        ("NodePort", "NodePort: a port of every node"),
        ("LoadBalancer", "LoadBalancer: an address of its own"),
    ];
    group(
        "How it runs",
        "Bindings may override replicas in one environment.",
        vec![
            pair(vec![
                sheet.line(
                    question("replicas", "Replicas", "How many run at once."),
                    number("1"),
                ),
                sheet.line(
                    question(
                        "grace",
                        "Seconds to end",
                        "What it gets to finish its work; 30 without.",
                    ),
                    number("30"),
                ),
            ]),
            sheet.select(
                question(
                    "service_type",
                    "Service type",
                    "How its endpoints are reached in the cluster.",
                ),
                &choices(&types),
                true,
            ),
        ],
    )
}

fn choices(all: &[(&str, &str)]) -> Vec<Choice> {
    all.iter()
        .map(|(value, label)| Choice::called(value, label))
        .collect()
}

fn amounts(sheet: &Sheet<'_>) -> AnyView {
    let amount =
        |name, label, hint, example| sheet.line(question(name, label, hint), words(example));
    group(
        "What a container gets",
        "Of the container main. Reserved amounts decide where it fits; limits are never exceeded.",
        vec![
            pair(vec![
                amount(
                    "request_cpu",
                    "CPU reserved",
                    "In cores, such as 100m.",
                    "100m",
                ),
                amount("limit_cpu", "CPU at most", "It is slowed down beyond.", "1"),
            ]),
            pair(vec![
                amount("request_memory", "Memory reserved", "Such as 64Mi.", "64Mi"),
                amount(
                    "limit_memory",
                    "Memory at most",
                    "It is ended beyond.",
                    "256Mi",
                ),
            ]),
        ],
    )
}

fn well(sheet: &Sheet<'_>) -> AnyView {
    let body = vec![
        probe(
            sheet,
            "ready",
            "Takes traffic when",
            "What fails it gets no traffic until it passes again.",
        ),
        probe(
            sheet,
            "live",
            "Is alive while",
            "What fails it so often is started anew.",
        ),
    ];
    group(
        "When it is well",
        "How Kubernetes finds out. Commands and gRPC checks are written in the YAML.",
        body,
    )
}

fn probe(sheet: &Sheet<'_>, prefix: &str, label: &str, hint: &str) -> AnyView {
    let named = |name: &str| format!("{prefix}_{name}");
    let check = sheet.value(&named("check"));
    let mut kinds = vec![
        ("", "nothing is looked at"),
        ("http", "a path answers"),
        ("tcp", "a port is open"),
    ];
    match check.as_str() {
        "command" => kinds.push(("command", "a command succeeds (in the YAML)")),
        "grpc" => kinds.push(("grpc", "gRPC says so (in the YAML)")),
        _ => {}
    }
    let line = |name: &str, label: &str, hint: &str, line: Line<'_>| {
        sheet.line(question(&named(name), label, hint), line)
    };
    let body = vec![
        sheet.select(
            question(&named("check"), label, hint),
            &choices(&kinds),
            true,
        ),
        pair(vec![
            line(
                "path",
                "Path",
                "For a path that answers.",
                words("/healthz"),
            ),
            line("port", "Port", "Its number or name.", words("8080")),
        ]),
        pair(vec![
            line("delay", "First after", "Seconds.", number("0")),
            line("period", "Every", "Seconds.", number("10")),
            line("failures", "Fails after", "So many in a row.", number("3")),
        ]),
    ];
    view! { <div class="probe stack">{body}</div> }.into_any()
}

fn when(sheet: &Sheet<'_>) -> AnyView {
    let policies = [
        ("", "as Kubernetes has it (Allow)"),
        (
            "Forbid",
            "Forbid: a run is left out while one is on the way",
        ),
        ("Replace", "Replace: the new run ends the old one"),
        ("Allow", "Allow: runs may overlap"),
    ];
    let count =
        |name, label, hint, example| sheet.line(question(name, label, hint), number(example));
    group(
        "When it runs",
        "Bindings may give another schedule in one environment.",
        vec![
            pair(vec![
                sheet.line(
                    question("schedule", "Schedule", "Minute, hour, day, month, weekday."),
                    Line {
                        example: "30 2 * * *",
                        ..Line::default()
                    },
                ),
                sheet.line(
                    question(
                        "time_zone",
                        "Time zone",
                        "Of the IANA list; the cluster's own without.",
                    ),
                    words("Europe/Berlin"),
                ),
            ]),
            sheet.select(
                question(
                    "concurrency",
                    "While one is on the way",
                    "What becomes of a run that is due.",
                ),
                &choices(&policies),
                true,
            ),
            pair(vec![
                count("tries", "Tries more", "When a run fails.", "6"),
                count("deadline", "Ended after", "Seconds; never without.", "3600"),
            ]),
            pair(vec![
                count("kept_good", "Good runs kept", "With their logs.", "3"),
                count("kept_failed", "Failed runs kept", "With their logs.", "1"),
            ]),
        ],
    )
}

fn policies(sheet: &Sheet<'_>) -> AnyView {
    let ways = [
        ("", "nobody is asked"),
        ("jwt", "a signed token (JWT)"),
        ("apikey", "a key"),
        ("oauth2", "OAuth 2"),
        ("basic", "name and password"),
    ];
    group(
        "What holds for REST",
        "For all levels of exposure. What differs for one of them, and the rest, is written in the YAML.",
        vec![
            pair(vec![
                sheet.line(
                    question("rate_requests", "Calls at most", "So many …"),
                    number("100"),
                ),
                sheet.line(
                    question("rate_window", "In", "… in this time."),
                    words("1m"),
                ),
            ]),
            sheet.select(
                question("authentication", "Callers show", "How they are known."),
                &choices(&ways),
                true,
            ),
            pair(vec![
                sheet.line(
                    question("jwks", "Keys at", "For tokens: where the keys are."),
                    words("https://id.acme.io/jwks"),
                ),
                sheet.line(
                    question("issuer", "Issuer", "For tokens: who signs."),
                    words("https://id.acme.io"),
                ),
            ]),
            sheet.area(
                question("origins", "Web pages that may call", "One origin a line."),
                2,
                true,
                false,
            ),
            sheet.tick(question("tls", "Only over TLS", "Plain HTTP is refused.")),
        ],
    )
}
