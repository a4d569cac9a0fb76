//! The naming vectors, and names' invariants.

use model::name::{CRON_JOB, GENERAL, Join, LABEL, plane_name};
use proptest::prelude::*;

#[test]
fn vectors() {
    let long_a = "a".repeat(300);
    let (a, b) = ("a".repeat(260), "b".repeat(260));
    let cut_one = format!("{}-component-a250aee3", "a".repeat(122));
    let cut_two = format!("{}-{}-654ba7cd", "a".repeat(122), "b".repeat(121));
    let vectors: &[(&[&str], &str)] = &[
        (&["project", "component"], "project-component-932d1646"),
        (
            &["My_Project$", "Component@Name"],
            "my-project-component-name-40314333",
        ),
        (&["", ""], "3973e022"),
        (&["!!!", "###"], "606b424e"),
        (
            &["-invalid-start", "invalid-end-"],
            "invalid-start-invalid-end-f124257d",
        ),
        (
            &["ProjectName", "ComponentName"],
            "projectname-componentname-755d4ced",
        ),
        (
            &["project.name", "component.name"],
            "project.name-component.name-851db5b2",
        ),
        (
            &["project_name with spaces", "component_name"],
            "project-name-with-spaces-component-name-101f1326",
        ),
        (&[&long_a, "component"], &cut_one),
        (&[&a, &b], &cut_two),
        (&["greeter-service"], "greeter-service-483f44a4"),
        (&["react-starter"], "react-starter-5d6e572c"),
        (
            &["react-starter", "webapp", "httproute"],
            "react-starter-webapp-httproute-e7a4133f",
        ),
        (&["github-issue-reporter"], "github-issue-reporter-b5d70468"),
    ];
    for (parts, name) in vectors {
        assert_eq!(plane_name(GENERAL, parts, Join::V03), *name, "{parts:?}");
    }
    assert_eq!(
        plane_name(
            LABEL,
            &["dp", "default", "default", "development"],
            Join::V03
        ),
        "dp-default-default-development-f8e58905"
    );
    // Uncut, as v0.3 shows them: at 63 characters four parts have thirteen each.
    let routes: &[(&[&str], &str)] = &[
        (
            &["greeter-service", "greeter-api", "public", "httproute"],
            "greeter-service-greeter-api-public-httproute-7c8cbc62",
        ),
        (
            &[
                "greeter-service",
                "greeter-api",
                "organization",
                "httproute",
            ],
            "greeter-service-greeter-api-organization-httproute-54724069",
        ),
        (
            &["greeter-service", "greeter-api", "public"],
            "greeter-service-greeter-api-public-17e9931f",
        ),
        (
            &["greeter-service", "greeter-api", "organization"],
            "greeter-service-greeter-api-organization-c8bc36d6",
        ),
        (
            &["greeter-service", "greeter-api", "public", "btp"],
            "greeter-service-greeter-api-public-btp-a816b04c",
        ),
    ];
    for (parts, name) in routes {
        assert_eq!(plane_name(GENERAL, parts, Join::V03), *name, "{parts:?}");
    }
}

#[test]
fn the_old_join_collides_and_ours_does_not() {
    let one = ["dp", "acme", "web", "app-dev"];
    let two = ["dp", "acme", "web-app", "dev"];
    assert_eq!(
        plane_name(LABEL, &one, Join::V03),
        plane_name(LABEL, &two, Join::V03)
    );
    assert_ne!(
        plane_name(LABEL, &one, Join::Unambiguous),
        plane_name(LABEL, &two, Join::Unambiguous)
    );
}

proptest! {
    #[test]
    fn names_fit_and_are_valid(
        parts in proptest::collection::vec("\\PC{0,80}|[a-z.-]{0,120}", 1..5),
        limit in prop_oneof![Just(GENERAL), Just(LABEL), Just(CRON_JOB)],
    ) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let name = plane_name(limit, &parts, Join::Unambiguous);
        prop_assert!(name.len() <= limit);
        let part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        if limit == GENERAL {
            prop_assert!(name.split('.').all(part), "{}", name);
        } else {
            prop_assert!(part(&name), "{}", name);
        }
        prop_assert!(plane_name(limit, &parts, Join::V03).len() <= limit);
    }
}
