//! Every address of the portal as a function: the one place to change a URL.

/// Escapes one segment of a path (RFC 3986).
fn segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The home page.
pub fn home() -> String {
    "/".into()
}

/// The sign-in page.
pub fn sign_in() -> String {
    "/sign-in".into()
}

/// All projects.
pub fn projects() -> String {
    "/projects".into()
}

/// One project.
pub fn project(project: &str) -> String {
    format!("/projects/{}", segment(project))
}

/// Where a project is made.
pub fn new_project() -> String {
    "/projects/new".into()
}

/// Where a project is changed.
pub fn edit_project(name: &str) -> String {
    format!("{}/edit", project(name))
}

/// One component.
pub fn component(project: &str, component: &str) -> String {
    format!(
        "/projects/{}/components/{}",
        segment(project),
        segment(component)
    )
}

/// Where a component gets another image.
pub fn new_version(project: &str, name: &str) -> String {
    format!("{}/versions", component(project, name))
}

/// What a component should be in an environment.
pub fn binding(project: &str, name: &str, environment: &str) -> String {
    format!(
        "{}/environments/{}",
        component(project, name),
        segment(environment)
    )
}

/// Where something is done with a component in an environment.
pub fn act(project: &str, name: &str, environment: &str, action: &str) -> String {
    format!(
        "{}/{}",
        binding(project, name, environment),
        segment(action)
    )
}

/// Where something is done with many components.
pub fn bulk(name: &str) -> String {
    format!("{}/bulk", project(name))
}

/// Where a component is made.
pub fn new_component(name: &str) -> String {
    format!("{}/components/new", project(name))
}

/// Where a component is changed.
pub fn edit_component(project: &str, name: &str) -> String {
    format!("{}/edit", component(project, name))
}

/// Endpoints that a component may call, as options of a list; the text that is looked for follows.
pub fn suggest_endpoints(project: &str, name: &str) -> String {
    format!(
        "/suggest/endpoints?project={}&component={}&q=",
        segment(project),
        segment(name)
    )
}

/// Keys of ConfigurationGroups, as options of a list; the text that is looked for follows.
pub fn suggest_keys() -> String {
    "/suggest/keys?q=".into()
}

/// One part of a component's page: `artifacts`, `releases`, `runtime`, `events`, `logs`, `definition`, `history`.
pub fn component_tab(project: &str, name: &str, tab: &str, environment: &str) -> String {
    let base = component(project, name);
    if environment.is_empty() {
        format!("{base}/{tab}")
    } else {
        format!("{base}/{tab}?environment={}", segment(environment))
    }
}

/// One release of a component in an environment.
pub fn release(project: &str, name: &str, environment: &str, number: i64) -> String {
    format!(
        "{}/releases/{}/{number}",
        component(project, name),
        segment(environment)
    )
}

/// Where manifests are pasted or uploaded.
pub fn apply() -> String {
    "/apply".into()
}

/// A project as a cell, with what is opened in it: a component, or its way to another.
pub fn cell(name: &str, environment: &str, open: &str, to: &str) -> String {
    let entries = [("environment", environment), ("open", open), ("to", to)];
    let entries = entries.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = entries
        .map(|(key, value)| self::query(key, value))
        .collect();
    let base = format!("{}/cell", project(name));
    if query.is_empty() {
        base
    } else {
        format!("{base}?{}", query.join("&"))
    }
}

/// All deployment pipelines.
pub fn pipelines() -> String {
    "/pipelines".into()
}

/// One deployment pipeline.
pub fn pipeline(name: &str) -> String {
    format!("/pipelines/{}", segment(name))
}

/// Where a deployment pipeline is made.
pub fn new_pipeline() -> String {
    "/pipelines/new".into()
}

/// Where a deployment pipeline is changed.
pub fn edit_pipeline(name: &str) -> String {
    format!("{}/edit", pipeline(name))
}

/// One environment.
pub fn environment(name: &str) -> String {
    format!("/environments/{}", segment(name))
}

/// Where an environment is made.
pub fn new_environment() -> String {
    "/environments/new".into()
}

/// Where an environment is changed.
pub fn edit_environment(name: &str) -> String {
    format!("{}/edit", environment(name))
}

/// All environments.
pub fn environments() -> String {
    "/environments".into()
}

/// All planes.
pub fn planes() -> String {
    "/planes".into()
}

/// Where planes of a kind begin: `/planes` or `/build-planes`.
fn planes_of(kind: crate::kind::Kind) -> &'static str {
    if kind == crate::kind::Kind::BuildPlane {
        "/build-planes"
    } else {
        "/planes"
    }
}

/// One DataPlane or BuildPlane.
pub fn plane(kind: crate::kind::Kind, name: &str) -> String {
    format!("{}/{}", planes_of(kind), segment(name))
}

/// Where a plane is connected.
pub fn new_plane(kind: crate::kind::Kind) -> String {
    format!("{}/new", planes_of(kind))
}

/// Where a plane is changed.
pub fn edit_plane(kind: crate::kind::Kind, name: &str) -> String {
    format!("{}/edit", plane(kind, name))
}

/// Where tests of a plane are made.
pub fn plane_tests(kind: crate::kind::Kind, name: &str) -> String {
    format!("{}/tests", plane(kind, name))
}

/// Where a plane is retired.
pub fn retire_plane(kind: crate::kind::Kind, name: &str) -> String {
    format!("{}/retire", plane(kind, name))
}

/// All configuration groups.
pub fn configuration() -> String {
    "/configuration".into()
}

/// Where a configuration group is made.
pub fn new_configuration_group() -> String {
    "/configuration/new".into()
}

/// One configuration group's matrix.
pub fn configuration_group(name: &str) -> String {
    format!("/configuration/{}", segment(name))
}

/// The same with the way that a value takes to an environment.
pub fn configuration_trace(name: &str, key: &str, environment: &str) -> String {
    let trace = query("trace", &format!("{key}@{environment}"));
    format!("{}?{trace}#trace", configuration_group(name))
}

/// Where a configuration group's values are changed.
pub fn edit_configuration(name: &str) -> String {
    format!("{}/values", configuration_group(name))
}

/// Where one key is changed.
pub fn configuration_key(name: &str, key: &str) -> String {
    format!("{}/key?{}", configuration_group(name), query("key", key))
}

/// Where a key is added.
pub fn new_configuration_key(name: &str) -> String {
    format!("{}/key", configuration_group(name))
}

/// Where many keys are pasted.
pub fn paste_configuration(name: &str) -> String {
    format!("{}/paste", configuration_group(name))
}

/// Where a configuration group's names, scope and groups of environments are changed.
pub fn configuration_settings(name: &str) -> String {
    format!("{}/edit", configuration_group(name))
}

/// What waits for something.
pub fn waiting() -> String {
    "/waiting".into()
}

/// All resources of a kind.
pub fn resources(kind: crate::kind::Kind) -> String {
    format!("/resources/{}", kind.plural())
}

/// One resource's manifest, history and users.
pub fn resource(identity: &crate::identity::Identity) -> String {
    let mut path = format!(
        "/resources/{}/{}",
        identity.kind.plural(),
        segment(&identity.name)
    );
    let mut glue = '?';
    for (key, value) in [
        ("project", &identity.project),
        ("component", &identity.component),
    ] {
        if !value.is_empty() {
            path.push_str(&format!("{glue}{key}={}", segment(value)));
            glue = '&';
        }
    }
    path
}

/// The stream of changes.
pub fn events() -> String {
    "/events".into()
}

/// A pod's log as a stream.
pub fn log_stream(question: &crate::port::LogQuestion) -> String {
    log(question, "log-stream")
}

/// Where the first administrator is made, with a one-time token.
pub fn setup() -> String {
    "/setup".into()
}

/// What fits what was typed; without a script, and whole.
pub fn search(text: &str) -> String {
    format!("/search?q={}", segment(text))
}

/// The same of one kind.
pub fn search_of(text: &str, kind: crate::kind::Kind) -> String {
    format!("{}&kind={}", search(text), kind.plural())
}

/// What the palette shows.
pub fn palette() -> String {
    "/palette".into()
}

/// Where favourites are made, and let go.
pub fn favourites() -> String {
    "/favourites".into()
}

/// Where a session ends.
pub fn sign_out() -> String {
    "/sign-out".into()
}

/// Where the theme is chosen.
pub fn theme() -> String {
    "/theme".into()
}

/// All kinds, with how many there are of each.
pub fn resource_kinds() -> String {
    "/resources".into()
}

/// Where a resource of a kind is written as YAML.
pub fn resource_new(kind: crate::kind::Kind) -> String {
    format!("{}/new", resources(kind))
}

/// A page below a resource's own.
fn below(identity: &crate::identity::Identity, page: &str) -> String {
    let whole = resource(identity);
    match whole.split_once('?') {
        Some((path, query)) => format!("{path}/{page}?{query}"),
        None => format!("{whole}/{page}"),
    }
}

/// Where one resource is changed as YAML.
pub fn resource_edit(identity: &crate::identity::Identity) -> String {
    below(identity, "edit")
}

/// Where what two changes left of a resource stands side by side.
pub fn resource_compare(identity: &crate::identity::Identity) -> String {
    below(identity, "compare")
}

/// Where deleting one resource is confirmed, with what goes with it.
pub fn resource_delete(identity: &crate::identity::Identity) -> String {
    below(identity, "delete")
}

/// Where a confirmed delete is sent.
pub fn delete() -> String {
    "/resources/delete".into()
}

/// A pod's log as a text file.
pub fn log_text(question: &crate::port::LogQuestion) -> String {
    log(question, "log.txt")
}

fn log(question: &crate::port::LogQuestion, what: &str) -> String {
    let since = match question.since_seconds {
        0 => String::new(),
        seconds => seconds.to_string(),
    };
    let previous = if question.previous { "true" } else { "" };
    let entries = [
        ("environment", question.environment.as_str()),
        ("pod", &question.pod),
        ("container", &question.container),
        ("previous", previous),
        ("since", &since),
        ("q", &question.search),
        ("after", &question.after),
    ];
    let entries: Vec<String> = entries
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| query(key, value))
        .collect();
    let base = component(&question.project, &question.component);
    format!("{base}/{what}?{}", entries.join("&"))
}

/// One entry of a query, escaped: `search=a%20b`.
pub fn query(key: &str, value: &str) -> String {
    format!("{}={}", segment(key), segment(value))
}

/// All classes.
pub fn classes() -> String {
    "/classes".into()
}

/// Where a class of a kind is made.
pub fn new_class(kind: crate::kind::Kind) -> String {
    format!("/classes/{}/new", kind.plural())
}

/// One class.
pub fn class(identity: &crate::identity::Identity) -> String {
    format!(
        "/classes/{}/{}",
        identity.kind.plural(),
        segment(&identity.name)
    )
}

/// Where a class is changed.
pub fn edit_class(identity: &crate::identity::Identity) -> String {
    format!("{}/edit", class(identity))
}

/// One version of a class.
pub fn class_version(identity: &crate::identity::Identity, version: i64) -> String {
    format!("{}/versions/{version}", class(identity))
}

/// What differs between two versions of a class; those that the page chooses without any.
pub fn class_diff(identity: &crate::identity::Identity, between: Option<(i64, i64)>) -> String {
    let base = format!("{}/diff", class(identity));
    match between {
        Some((from, to)) => format!("{base}?from={from}&to={to}"),
        None => base,
    }
}

/// Where components are chosen that take a version of their class.
pub fn class_rollout(identity: &crate::identity::Identity) -> String {
    format!("{}/rollout", class(identity))
}

/// The fields that may stand at a path of a class's manifest.
pub fn class_fields(kind: crate::kind::Kind, path: &str) -> String {
    format!("/classes/{}/fields?path={}", kind.plural(), segment(path))
}
