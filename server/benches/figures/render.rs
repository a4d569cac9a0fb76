//! Rendering alone: the shop demo, from declarations to objects.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use control::apply::read;
use model::{identity::Identity, kind::Kind, name::Join, port::SentFile};
use render::{BindingFacts, Options, World};

/// So long it is rendered again and again.
const SPAN: Duration = Duration::from_secs(3);

fn shop() -> anyhow::Result<Vec<SentFile>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/manifests/shop");
    let mut files = vec![SentFile {
        name: "defaults".into(),
        text: control::defaults::manifests().into(),
    }];
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        files.push(SentFile {
            name: path.display().to_string(),
            text: std::fs::read_to_string(&path)?,
        });
    }
    Ok(files)
}

/// Prints how many objects are rendered in a second, on one core.
pub fn measure() -> anyhow::Result<()> {
    let documents =
        read(&shop()?, "default").map_err(|faults| anyhow::anyhow!("the shop: {faults:?}"))?;
    let world = World {
        resources: documents
            .into_iter()
            .map(|document| (document.identity, document.spec))
            .collect::<BTreeMap<_, _>>(),
        ..World::default()
    };
    let components: Vec<Identity> = world
        .resources
        .keys()
        .filter(|identity| identity.kind == Kind::Component)
        .cloned()
        .collect();
    let options = Options::new(Join::Unambiguous);
    let (mut rounds, mut objects) = (0, 0);
    let began = Instant::now();
    while began.elapsed() < SPAN {
        rounds += 1;
        for component in &components {
            objects += one(&world, component, &options)?;
        }
    }
    let rate = f64::from(objects) / began.elapsed().as_secs_f64();
    println!("\nRendering the shop demo, one core");
    println!(
        "  {} components, {} objects: {rate:.0} objects a second",
        components.len(),
        objects / rounds
    );
    Ok(())
}

fn one(world: &World, component: &Identity, options: &Options) -> anyhow::Result<u32> {
    let content = render::compose(world, component)
        .map_err(|waiting| anyhow::anyhow!("{component}: {waiting:?}"))?;
    let facts = BindingFacts {
        organization: component.organization.clone(),
        project: component.project.clone(),
        component: component.name.clone(),
        environment: "development".into(),
        name: render::binding_name(world, component, "development"),
        state: model::kind::binding::ReleaseState::default(),
        overrides: model::kind::binding::Overrides::default(),
    };
    let input = render::resolve(world, &content, &facts, options)
        .map_err(|blocked| anyhow::anyhow!("{component}: {blocked:?}"))?;
    let rendered =
        render::render(&input).map_err(|faults| anyhow::anyhow!("{component}: {faults:?}"))?;
    Ok(u32::try_from(rendered.objects.len()).unwrap_or(u32::MAX))
}
