//! Reading: every fault at once with its line; bombs, depth and duplicates; JSON; identities.

use model::kind::Kind;
use model::manifest::{Fault, Input, Limits, read};

fn faults(text: &str) -> Vec<Fault> {
    read(
        &[Input {
            file: "a.yaml",
            text,
        }],
        &Limits::default(),
        "default",
    )
    .expect_err("something is wrong")
}

fn one(text: &str) -> Fault {
    let faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.into_iter().next().expect("it is one")
}

fn project(name: &str, more: &str) -> String {
    format!(
        "apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata:\n  name: {name}\n{more}spec:\n  deploymentPipelineRef: default\n"
    )
}

#[test]
fn all_faults_of_all_documents_at_once() {
    let text = "\
# A licence header.

---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata:
  name: orders
  labels:
    tier: 1
spec:
  owner:
    projectName: shop
    componentNam: orders
  workloadName: orders
  apis:
    http:
      type: REST
      rest:
        backend: {port: 70000}
        exposeLevels: [public, Nowhere]
---
---
kind: Projekt
apiVersion: openchoreo.dev/v1alpha1
metadata: {name: x}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata:
  name: Shop
spec: {}
";
    let faults = faults(text);
    let told: Vec<(usize, usize, &str)> = faults
        .iter()
        .map(|it| (it.document, it.line, it.path.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, 9, "metadata.labels.tier"),
            (1, 11, "spec.owner.componentName"),
            (1, 13, "spec.owner.componentNam"),
            (1, 19, "spec.apis.http.rest.backend.port"),
            (1, 20, "spec.apis.http.rest.exposeLevels[0]"),
            (1, 20, "spec.apis.http.rest.exposeLevels[1]"),
            (2, 23, "kind"),
            (3, 30, "metadata.name"),
            (3, 31, "spec.deploymentPipelineRef"),
        ],
        "{faults:#?}"
    );
    let remedy = |path: &str| {
        &faults
            .iter()
            .find(|it| it.path == path)
            .expect("told above")
            .remedy
    };
    assert_eq!(
        remedy("spec.owner.componentNam"),
        "Did you mean `componentName`?"
    );
    assert!(remedy("spec.apis.http.rest.exposeLevels[0]").starts_with("Did you mean `Public`?"));
    assert_eq!(remedy("metadata.labels.tier"), "Quote it: \"1\"");
    assert_eq!(remedy("kind"), "Did you mean `Project`?");
    assert_eq!(
        remedy("spec.apis.http.rest.backend.port"),
        "Write a whole number from 1 to 65535"
    );
    assert_eq!(
        faults[3].to_string(),
        "a.yaml:19: document 1 (Service shop/orders): spec.apis.http.rest.backend.port: 70000 is \
         out of bounds. Write a whole number from 1 to 65535."
    );
    assert!(remedy("metadata.name").contains("`shop`"));
}

#[test]
fn one_bad_document_and_nothing_comes_out() {
    let good = project("shop", "");
    let bad = project("Shop", "");
    let inputs = [
        Input {
            file: "good.yaml",
            text: &good,
        },
        Input {
            file: "bad.yaml",
            text: &bad,
        },
    ];
    let faults = read(&inputs, &Limits::default(), "default").expect_err("one is bad");
    assert_eq!((faults.len(), faults[0].file.as_str()), (1, "bad.yaml"));
}

#[test]
fn text_wants_quotes_as_it_was_written() {
    let workload = |value: &str| {
        format!(
            "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {{name: w}}\nspec:\n  owner: {{projectName: p, componentName: c}}\n  containers:\n    main:\n      image: redis\n      env:\n        - key: A\n          value: {value}\n"
        )
    };
    for (written, quoted) in [
        ("8080", "8080"),
        ("1.10", "1.10"),
        ("0644", "0644"),
        ("true", "true"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
    ] {
        let fault = one(&workload(written));
        assert_eq!(fault.path, "spec.containers.main.env[0].value");
        assert_eq!(fault.line, 11);
        assert_eq!(fault.remedy, format!("Quote it: \"{quoted}\""));
    }
    for fine in [
        "\"8080\"",
        "'true'",
        "8080m",
        "yes",
        "|\n            8080\n",
        "!!str 8080",
        "\"\"",
    ] {
        let text = workload(fine);
        let documents = read(
            &[Input {
                file: "a",
                text: &text,
            }],
            &Limits::default(),
            "default",
        );
        assert!(documents.is_ok(), "{fine}: {documents:?}");
    }
    // Nothing where text is expected: the field isn't there, and one of two must be.
    assert_eq!(one(&workload("")).path, "spec.containers.main.env[0]");
}

#[test]
fn syntax_errors_have_a_line_and_spare_the_other_documents() {
    let text = format!("{}---\nkind: [\n  a: b\n", project("Shop", ""));
    let faults = faults(&text);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].path == "metadata.name" && faults[1].message.contains("YAML"));
    assert_eq!(faults[1].document, 2);
    assert!(faults[1].line >= 8, "{faults:?}");
    let tab = one("a:\n\tb: c\n");
    assert!(tab.line >= 1 && tab.message.contains("YAML"));
}

#[test]
fn duplicate_keys_are_told_with_both_lines() {
    let fault = one(&project("shop", "  labels: {a: b, a: c}\n"));
    assert_eq!(fault.path, "metadata.labels.a");
    assert_eq!(fault.line, 5);
    assert!(
        fault.message.contains("twice, first on line 5"),
        "{fault:?}"
    );
}

#[test]
fn bombs_stay_small() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    let mut last = 'a';
    for next in 'b'..='z' {
        bomb.push_str(&format!(
            "{next}: &{next} [{}]\n",
            vec![format!("*{last}"); 10].join(",")
        ));
        last = next;
    }
    assert!(one(&bomb).message.contains("values in all"));

    let deep = format!("a: {}{}", "[".repeat(100), "]".repeat(100));
    assert!(one(&deep).message.contains("64 levels"));
    let far = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(!faults(&far).is_empty());
    let deeper: String = (0..100)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect();
    assert!(one(&deeper).message.contains("64 levels"));

    let aliases = format!("a: &a x\nb: [{}]\n", vec!["*a"; 1001].join(","));
    assert!(one(&aliases).message.contains("1000 aliases"));
    let inside = one("a: &a [*a]\n");
    assert!(
        inside.message.contains("inside of what it repeats"),
        "{inside:?}"
    );
    // Each level doubles the depth that the next alias brings.
    let mut tall = String::from("a0: &a0 [[[[[[[[x]]]]]]]]\n");
    for level in 1..10 {
        tall.push_str(&format!(
            "a{level}: &a{level} [[[[[[[[*a{}]]]]]]]]\n",
            level - 1
        ));
    }
    assert!(one(&tall).message.contains("levels deep through an alias"));
}

#[test]
fn limits_hold() {
    let limits = Limits {
        bytes: 100,
        ..Limits::default()
    };
    let text = project("shop", "");
    let input = [Input {
        file: "a",
        text: &text,
    }];
    let faults = read(&input, &limits, "default").expect_err("too long");
    assert!(faults[0].message.contains("at most 100"));
    let limits = Limits {
        documents: 2,
        ..Limits::default()
    };
    let many: String = (0..3)
        .map(|n| format!("---\n{}", project(&format!("p{n}"), "")))
        .collect();
    let faults = read(
        &[Input {
            file: "a",
            text: &many,
        }],
        &limits,
        "default",
    )
    .expect_err("too many");
    assert!(
        faults
            .iter()
            .any(|it| it.message.contains("more than 2 documents"))
    );
}

#[test]
fn many_keys_are_read_quickly() {
    // Would take minutes if keys were compared with each other.
    let value = "v".repeat(9);
    let map: String = (0..30_000)
        .map(|n| format!("    k{n}: {value}\n"))
        .collect();
    let text = project("shop", &format!("  annotations:\n{map}"));
    assert!(one(&text).message.contains("bytes of annotations"));
    let text = format!("{}{}", project("shop", ""), map.replace("    k", "  k"));
    assert_eq!(faults(&text).len(), 30_000);
}

#[test]
fn strange_tags_are_refused() {
    assert!(one(&project("!secret shop", "")).message.contains("tag"));
    assert!(
        one(&project("!!binary c2hvcA==", ""))
            .message
            .contains("binary")
    );
    let fine = project("!!str shop", "");
    assert!(
        read(
            &[Input {
                file: "a",
                text: &fine
            }],
            &Limits::default(),
            "x"
        )
        .is_ok()
    );
}

#[test]
fn aliases_and_merge_keys_work() {
    let text = "\
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w}
spec:
  owner: {projectName: p, componentName: c}
  containers:
    main: &main
      image: redis:7
      args: [a]
    side:
      <<: *main
      args: [b]
";
    let documents =
        read(&[Input { file: "a", text }], &Limits::default(), "default").expect("it is right");
    let side = &documents[0].spec["containers"]["side"];
    assert_eq!(
        side,
        &serde_json::json!({"image": "redis:7", "args": ["b"]})
    );
}

#[test]
fn json_is_read_like_yaml() {
    let text = "{\"apiVersion\":\"openchoreo.dev/v1alpha1\",\"kind\":\"Project\",\n\t\"metadata\":{\"name\":\"shop\",\"annotations\":{\"a\":\"\\ud83d\\ude00 \\\\ud83d \\/ \\u00e9\"}},\n\"spec\":{\"deploymentPipelineRef\":5}}";
    let fault = one(text);
    assert_eq!(
        (fault.path.as_str(), fault.line),
        ("spec.deploymentPipelineRef", 3)
    );
    let right = text.replace(":5}", ":\"default\"}");
    let documents = read(
        &[Input {
            file: "a",
            text: &right,
        }],
        &Limits::default(),
        "default",
    )
    .expect("right");
    assert_eq!(documents[0].annotations["a"], "😀 \\ud83d / é");
}

#[test]
fn identity_follows_scope_and_owner() {
    let text = "\
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: frontend}
spec: {owner: {projectName: a}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: frontend, namespace: other}
spec: {owner: {projectName: a}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: frontend}
spec: {owner: {projectName: b}, type: Service}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Organization
metadata: {name: acme}
";
    let documents =
        read(&[Input { file: "a", text }], &Limits::default(), "mine").expect("they differ");
    let told: Vec<_> = documents
        .iter()
        .map(|it| {
            (
                it.identity.organization.as_str(),
                it.identity.project.as_str(),
                it.source.line,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("mine", "a", 1),
            ("other", "a", 6),
            ("mine", "b", 11),
            ("acme", "", 16)
        ]
    );
}

#[test]
fn the_same_thing_twice_is_a_fault_of_the_second() {
    let text = format!(
        "{}---\n{}",
        project("shop", ""),
        project("shop", "  namespace: default\n")
    );
    let fault = one(&text);
    assert_eq!((fault.document, fault.line), (2, 8));
    assert!(
        fault.message.contains("first in a.yaml:1 (document 1)"),
        "{fault:?}"
    );
}

#[test]
fn labels_must_not_contradict() {
    let text = "\
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata:
  name: web
  namespace: acme
  labels:
    openchoreo.dev/organization: other
    openchoreo.dev/project: elsewhere
    bad key: x
    long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
spec: {owner: {projectName: shop}, type: Service}
";
    let faults = faults(text);
    let lines: Vec<usize> = faults.iter().map(|it| it.line).collect();
    assert_eq!(lines, [7, 8, 9, 10], "{faults:#?}");
    assert_eq!(
        faults[0].path,
        "metadata.labels[\"openchoreo.dev/organization\"]"
    );
}

#[test]
fn metadata_of_servers_is_ignored_and_typos_are_not() {
    let fine = project(
        "shop",
        "  uid: a\n  managedFields: [{a: b}]\n  generation: 3\n  labels:\n",
    );
    let fine = format!("{fine}status: {{anything: goes}}\n");
    assert!(
        read(
            &[Input {
                file: "a",
                text: &fine
            }],
            &Limits::default(),
            "default"
        )
        .is_ok()
    );
    assert_eq!(
        one(&project("shop", "  lables: {}\n")).remedy,
        "Did you mean `labels`?"
    );
    let sped = format!("{}sepc: {{}}\n", project("shop", ""));
    assert_eq!(one(&sped).remedy, "Did you mean `spec`?");
    assert!(one("[]").message.contains("not a manifest"));
    assert!(one("just words").message.contains("not a manifest"));
}

#[test]
fn other_versions_are_told_where_to_turn() {
    let text = |version: &str, kind: &str| {
        format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{}}\n")
    };
    let ours = "openchoreo.dev/v1alpha1";
    assert!(
        one(&text(ours, "ReleaseBinding"))
            .remedy
            .contains("ServiceBinding")
    );
    assert!(
        one(&text(ours, "ComponentType"))
            .remedy
            .contains("ServiceClass")
    );
    assert!(
        one(&text(ours, "SecretReference"))
            .remedy
            .contains("vaultKey")
    );
    assert!(
        one(&text("openchoreo.dev/v1beta1", "Organization"))
            .remedy
            .contains(ours)
    );
    let foreign = faults(&text("apps/v1", "DaemonSet"));
    assert!(foreign[0].remedy.contains("templates of a class"));
    let component = "\
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: x}
spec: {owner: {projectName: p}, componentType: deployment/service}
";
    let faults = faults(component);
    assert!(
        faults
            .iter()
            .any(|it| it.remedy.contains("`componentType` is of v1")),
        "{faults:?}"
    );
    assert!(Kind::named("ReleaseBinding").is_none());
}

#[test]
fn names_keep_to_their_limits() {
    let long = "a".repeat(64);
    assert!(one(&project(&long, "")).message.contains("at most 63"));
    assert!(
        one(&project("\"8.5\"", ""))
            .message
            .contains("isn't a valid name")
    );
    assert_eq!(one(&project("8", "")).remedy, "Quote it: \"8\"");
    let pipeline = |name: &str| {
        format!(
            "apiVersion: openchoreo.dev/v1alpha1\nkind: DeploymentPipeline\nmetadata: {{name: {name}}}\n"
        )
    };
    for (name, fits) in [
        (long.as_str(), true),
        ("a.b", true),
        (&"a".repeat(254), false),
    ] {
        let text = pipeline(name);
        let read = read(
            &[Input {
                file: "a",
                text: &text,
            }],
            &Limits::default(),
            "default",
        );
        assert_eq!(read.is_ok(), fits, "{name}");
    }
}
