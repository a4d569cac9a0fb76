//! Real manifests read without fault: the shop, the platform's configuration, one of every kind.

use std::collections::BTreeSet;
use std::path::Path;

use model::kind::Kind;
use model::manifest::{Document, Input, Limits, in_order, read};
use model::yaml;

fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../end2end/manifests")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            (
                name,
                std::fs::read_to_string(&path).expect("it can be read"),
            )
        })
        .collect()
}

fn documents(folder: &str) -> Vec<Document> {
    let texts = texts(folder);
    let inputs: Vec<Input<'_>> = texts
        .iter()
        .map(|(file, text)| Input { file, text })
        .collect();
    read(&inputs, &Limits::default(), "default").unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn the_shop_is_read_whole() {
    let documents = documents("shop");
    assert_eq!(texts("shop").len(), 12);
    assert_eq!(documents.len(), 1 + 11 * 3);
    assert!(
        documents
            .iter()
            .all(|it| it.identity.organization == "default")
    );
    let owned = documents
        .iter()
        .filter(|it| it.identity.project == "gcp-microservice-demo")
        .count();
    assert_eq!(owned, 33);
    let connections: usize = documents
        .iter()
        .filter(|it| it.identity.kind == Kind::Workload)
        .map(|it| {
            it.parsed::<model::kind::workload::WorkloadSpec>()
                .connections
                .len()
        })
        .sum();
    assert_eq!(connections, 8 + 6 + 1 + 1);
}

#[test]
fn the_platform_configuration_is_read_whole() {
    let documents = documents("platform");
    assert_eq!(documents.len(), 5);
    let pipeline = documents
        .iter()
        .find(|it| it.identity.kind == Kind::DeploymentPipeline);
    let pipeline: model::kind::pipeline::DeploymentPipelineSpec =
        pipeline.expect("one of the five").parsed();
    assert_eq!(
        pipeline.environments(),
        ["development", "qa", "preproduction", "production"]
    );
}

#[test]
fn the_samples_have_every_kind() {
    let documents = documents("samples");
    let kinds: BTreeSet<Kind> = documents.iter().map(|it| it.identity.kind).collect();
    let all: BTreeSet<Kind> = Kind::ALL.iter().copied().collect();
    assert_eq!(
        all.difference(&kinds).collect::<Vec<_>>(),
        Vec::<&Kind>::new()
    );
    assert!(
        documents
            .iter()
            .all(|it| it.identity.organization == "acme")
    );
    let track = documents
        .iter()
        .find(|it| it.identity.kind == Kind::DeploymentTrack);
    let track = &track.expect("one of every kind").identity;
    assert_eq!(
        (track.project.as_str(), track.component.as_str()),
        ("shop", "orders")
    );
    let binding = documents
        .iter()
        .find(|it| it.identity.kind == Kind::APIBinding);
    let binding = &binding.expect("one of every kind").identity;
    assert_eq!(
        (binding.project.as_str(), binding.component.as_str()),
        ("shop", "rates")
    );
    let exported = documents.iter().find(|it| it.identity.name == "exported");
    let exported = exported.expect("the JSON file holds it");
    assert_eq!(
        exported.annotations["openchoreo.dev/display-name"],
        "Exported 🚀"
    );
}

#[test]
fn what_is_written_reads_the_same() {
    for folder in ["shop", "platform", "samples"] {
        for document in documents(folder) {
            let text = yaml::manifest(
                &document.identity,
                &document.labels,
                &document.annotations,
                &document.spec,
                None,
            );
            let again = read(
                &[Input {
                    file: "out",
                    text: &text,
                }],
                &Limits::default(),
                "other",
            )
            .unwrap_or_else(|faults| panic!("{}\n{text}", faults[0]));
            assert_eq!(again[0].identity, document.identity, "{text}");
            assert_eq!(again[0].spec, document.spec, "{text}");
        }
    }
}

#[test]
fn order_is_that_of_dependencies() {
    let mut documents = documents("samples");
    documents.reverse();
    let ordered = in_order(documents);
    let place = |kind: Kind| {
        ordered
            .iter()
            .position(|it| it.identity.kind == kind)
            .expect("one of every kind")
    };
    let chain = [
        Kind::Organization,
        Kind::DataPlane,
        Kind::Environment,
        Kind::DeploymentPipeline,
        Kind::Project,
        Kind::Component,
        Kind::Workload,
        Kind::Service,
        Kind::ServiceBinding,
    ];
    assert!(chain.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
    let mut shuffled = ordered.clone();
    shuffled.rotate_left(7);
    assert_eq!(in_order(shuffled), ordered);
}
