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

/// All environments.
pub fn environments() -> String {
    "/environments".into()
}

/// All planes.
pub fn planes() -> String {
    "/planes".into()
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
pub fn log_stream(
    project: &str,
    name: &str,
    environment: &str,
    pod: &str,
    container: &str,
) -> String {
    format!(
        "{}/log-stream?environment={}&pod={}&container={}",
        component(project, name),
        segment(environment),
        segment(pod),
        segment(container)
    )
}

/// Where the first administrator is made, with a one-time token.
pub fn setup() -> String {
    "/setup".into()
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
pub fn log_text(
    project: &str,
    name: &str,
    environment: &str,
    pod: &str,
    container: &str,
) -> String {
    log_stream(project, name, environment, pod, container).replacen("/log-stream?", "/log.txt?", 1)
}

/// One entry of a query, escaped: `search=a%20b`.
pub fn query(key: &str, value: &str) -> String {
    format!("{}={}", segment(key), segment(value))
}
