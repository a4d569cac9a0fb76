//! What browsers send: plain forms, answered with a page or a redirect.

use app::{
    context::{Around, Ask},
    forms::{Handler, Outcome, Posted},
};
use axum::{
    Extension, Form,
    extract::{Multipart, RawPathParams, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use control::accounts::{NewSession, same};
use http::{StatusCode, request::Parts};
use model::{
    access::{Via, Viewer},
    form::Fields,
    identity::Identity,
    kind::Kind,
    path,
    port::SentFile,
    problem::{FieldFault, Problem},
    view::PlanView,
};
use serde::Deserialize;

use super::{
    APPLY, Site,
    guard::{Address, cookie_name},
    told,
};

fn around(state: &Site, parts: &Parts) -> Around {
    Around::of(parts, &state.assets, control::clock::now())
}

/// A path of this site, whatever was sent: anything else could lead people astray.
pub(super) fn local(path: &str) -> String {
    let fine = path.starts_with('/')
        && !path.starts_with("//")
        // Browsers drop tabs and line ends before they read an address: "/\t/evil" is "//evil".
        && !path.contains(|c: char| c == '\\' || c.is_control())
        && !path.starts_with("/sign-");
    if fine {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Whether a form carries what only our own page could have put there.
pub(super) fn checked(viewer: &Viewer, csrf: &str) -> Result<(), Problem> {
    match &viewer.via {
        Via::Session { csrf: wanted } if same(wanted, csrf) => Ok(()),
        _ => Err(Problem::invalid(
            "csrf",
            "This form is out of date, so it was not done",
            "Load the page again and send it once more",
        )),
    }
}

fn session(state: &Site, session: &NewSession) -> Cookie<'static> {
    Cookie::build((cookie_name(state.https), session.token.to_string()))
        .http_only(true)
        .secure(state.https)
        .same_site(SameSite::Lax)
        .path("/")
        .build()
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: String,
}

pub(super) async fn sign_in(
    State(state): State<Site>,
    Extension(address): Extension<Address>,
    jar: CookieJar,
    parts: Parts,
    Form(form): Form<SignIn>,
) -> Response {
    match state
        .platform
        .accounts()
        .sign_in(form.name.trim(), &form.password, &address.0)
        .await
    {
        Ok(new) => {
            // Whoever signs in anew has no use for the session before.
            let before = jar.get(cookie_name(state.https)).map(Cookie::value);
            if let Some(before) = before
                && let Err(error) = state.platform.accounts().sign_out(before).await
            {
                tracing::warn!(%error, "the session before stays until it ends");
            }
            let next = Redirect::to(&local(&form.return_to));
            let mut jar = jar.add(session(&state, &new));
            // What they chose before, for the pages that are shown before anybody is known.
            match state.platform.accounts().theme(&new.viewer).await {
                Ok(Some(theme)) if jar.get("theme").map_or("auto", Cookie::value) != theme => {
                    jar = jar.add(theme_cookie(&state, app::context::Theme::parse(&theme)));
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the theme stays as this browser has it"),
            }
            (jar, next).into_response()
        }
        Err(error) => {
            let problem = Problem::from(error);
            let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::UNAUTHORIZED);
            let back = local(&form.return_to);
            let page = app::render::sign_in(
                &around(&state, &parts),
                &back,
                &form.name,
                &sentence(&problem),
            );
            (status, Html(page)).into_response()
        }
    }
}

/// A problem in a sentence or two: what it is, and what to do.
fn sentence(problem: &Problem) -> String {
    match problem {
        Problem::Invalid { faults, .. } if !faults.is_empty() => faults
            .iter()
            .map(|fault| format!("{}. {}", fault.message, fault.remedy))
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}

#[derive(Deserialize)]
pub(super) struct Setup {
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn setup(
    State(state): State<Site>,
    jar: CookieJar,
    parts: Parts,
    Form(form): Form<Setup>,
) -> Response {
    match state
        .platform
        .accounts()
        .setup(&form.token, form.name.trim(), &form.password)
        .await
    {
        Ok(new) => (jar.add(session(&state, &new)), Redirect::to("/")).into_response(),
        Err(error) => {
            let problem = Problem::from(error);
            let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let page =
                app::render::setup(&around(&state, &parts), &form.token, &sentence(&problem));
            (status, Html(page)).into_response()
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Csrf {
    #[serde(default)]
    csrf: String,
}

pub(super) async fn sign_out(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    jar: CookieJar,
    parts: Parts,
    Form(form): Form<Csrf>,
) -> Response {
    if let Err(problem) = checked(&viewer, &form.csrf) {
        return told(&state, &parts, Some(&viewer), &problem).await;
    }
    let name = cookie_name(state.https);
    if let Some(cookie) = jar.get(name)
        && let Err(error) = state.platform.accounts().sign_out(cookie.value()).await
    {
        return told(&state, &parts, Some(&viewer), &error.into()).await;
    }
    // With the attributes it was set with: browsers take nothing else under `__Host-`.
    let mut gone = Cookie::build((name, ""))
        .path("/")
        .secure(state.https)
        .http_only(true)
        .build();
    gone.make_removal();
    (jar.add(gone), Redirect::to(&path::sign_in())).into_response()
}

fn theme_cookie(state: &Site, theme: app::context::Theme) -> Cookie<'static> {
    Cookie::build(("theme", theme.as_str()))
        .path("/")
        .secure(state.https)
        .same_site(SameSite::Lax)
        .http_only(true)
        .permanent()
        .build()
}

#[derive(Deserialize)]
pub(super) struct Theme {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    return_to: String,
}

pub(super) async fn theme(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    jar: CookieJar,
    parts: Parts,
    Form(form): Form<Theme>,
) -> Response {
    let theme = app::context::Theme::parse(&form.theme);
    let done = async {
        checked(&viewer, &form.csrf)?;
        let accounts = state.platform.accounts();
        Ok::<_, Problem>(accounts.set_theme(&viewer, theme.as_str()).await?)
    };
    match done.await {
        Ok(()) => {
            let next = Redirect::to(&local(&form.return_to));
            (jar.add(theme_cookie(&state, theme)), next).into_response()
        }
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

/// What the apply form carries.
#[derive(Default)]
struct Sent {
    csrf: String,
    intent: String,
    text: String,
    files: Vec<SentFile>,
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    let bad = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::TooLarge {
                message: format!("At most {} MiB can be applied at once", APPLY >> 20),
            }
        } else {
            Problem::invalid("text", &error.body_text(), "Send the form again")
        }
    };
    while let Some(field) = form.next_field().await.map_err(bad)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(bad)?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Problem::invalid(
                "files",
                &format!("{file} isn't UTF-8 text"),
                "Send YAML or JSON",
            )
        })?;
        match name.as_str() {
            "csrf" => sent.csrf = text,
            "intent" => sent.intent = text,
            "text" => sent.text = text.replace("\r\n", "\n"),
            _ if text.trim().is_empty() => {}
            _ => sent.files.push(SentFile { name: file, text }),
        }
    }
    Ok(sent)
}

impl Sent {
    /// Everything as one text, so that the plan's own button can send it again.
    fn joined(&self) -> String {
        let files = self
            .files
            .iter()
            .map(|file| format!("# {}\n{}", file.name, file.text));
        let text = Some(self.text.clone()).filter(|text| !text.trim().is_empty());
        text.into_iter()
            .chain(files)
            .collect::<Vec<_>>()
            .join("\n---\n")
    }

    fn all(&self) -> Vec<SentFile> {
        let pasted = SentFile {
            name: String::new(),
            text: self.text.clone(),
        };
        let pasted = (!self.text.trim().is_empty()).then_some(pasted);
        pasted.into_iter().chain(self.files.clone()).collect()
    }
}

pub(super) async fn apply(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
    form: Multipart,
) -> Response {
    let done = async {
        let sent = read(form).await?;
        checked(&viewer, &sent.csrf)?;
        let ports = state.platform.ports();
        let files = sent.all();
        let view = if files.is_empty() {
            let fault = FieldFault {
                path: "text".into(),
                message: "Nothing was sent".into(),
                remedy: "Paste a manifest or choose a file".into(),
                ..FieldFault::default()
            };
            PlanView {
                faults: vec![fault],
                ..PlanView::default()
            }
        } else if sent.intent == "apply" {
            ports.manifests.apply(&viewer, &files.into()).await?
        } else {
            ports.manifests.plan(&viewer, &files.into()).await?
        };
        let frame = ports.overview.frame(&viewer).await?;
        Ok::<_, Problem>((view, frame, sent.joined()))
    };
    match done.await {
        Ok((view, frame, text)) => {
            let status = if view.faults.is_empty() {
                StatusCode::OK
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let page = app::render::apply(&around(&state, &parts), &viewer, &frame, &view, &text);
            (status, Html(page)).into_response()
        }
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

/// A form of the portal: read, checked, handed to its own page, answered.
pub(super) async fn posted(
    state: Site,
    viewer: Viewer,
    parts: Parts,
    params: RawPathParams,
    fields: Vec<(String, String)>,
    handler: Handler,
) -> Response {
    let fields: Fields = fields.into_iter().collect();
    let around = around(&state, &parts);
    let ports = state.platform.ports();
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let query = url::form_urlencoded::parse(query).into_owned();
    let ask = Ask::of(
        around.clone(),
        viewer.clone(),
        ports.clone(),
        params.iter().map(own),
        query,
    );
    let done = async {
        checked(&viewer, fields.raw("csrf"))?;
        match handler(Posted { ask, fields }).await? {
            Outcome::Go(address) => Ok(Redirect::to(&address).into_response()),
            Outcome::Show(status, draw) => {
                let frame = ports.overview.frame(&viewer).await?;
                let page = app::render::form(&around, &viewer, &frame, draw);
                // The script asks while people type: that something is missing yet is no error, and
                // browsers would tell it as one.
                let status = if parts.headers.contains_key("x-troupe-part") {
                    StatusCode::OK
                } else {
                    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
                };
                Ok((status, Html(page)).into_response())
            }
        }
    };
    match done.await {
        Ok(response) => response,
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Delete {
    #[serde(default)]
    csrf: String,
    kind: String,
    #[serde(default)]
    project: String,
    #[serde(default)]
    component: String,
    name: String,
    #[serde(default)]
    confirm: String,
}

pub(super) async fn delete(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
    Form(form): Form<Delete>,
) -> Response {
    let done = async {
        checked(&viewer, &form.csrf)?;
        let kind = Kind::named(&form.kind)
            .or_else(|| Kind::guessed(&form.kind))
            .ok_or_else(|| Problem::not_found("kind", &form.kind))?;
        if form.confirm.trim() != form.name {
            let message = "The typed name isn't the one of what would be deleted";
            return Err(Problem::invalid(
                "confirm",
                message,
                &format!("Type {}", form.name),
            ));
        }
        let organization = &viewer.organization;
        let identity = Identity::in_component(
            kind,
            organization,
            &form.project,
            &form.component,
            &form.name,
        );
        state
            .platform
            .ports()
            .manifests
            .delete(&viewer, &identity)
            .await?;
        Ok(match kind {
            Kind::Project => path::projects(),
            Kind::Component => path::project(&form.project),
            Kind::DataPlane | Kind::BuildPlane => path::planes(),
            Kind::ConfigurationGroup => path::configuration(),
            _ => path::resources(kind),
        })
    };
    match done.await {
        Ok(next) => Redirect::to(&next).into_response(),
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

#[cfg(test)]
mod tests {
    use control::accounts::csrf_of;

    use super::*;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        for (sent, taken) in [
            ("/projects/shop?page=2", "/projects/shop?page=2"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\n/evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
            ("/sign-out", "/"),
        ] {
            assert_eq!(local(sent), taken);
        }
    }

    #[test]
    fn a_form_without_the_sessions_own_word_is_refused() {
        let csrf = csrf_of("session");
        let viewer = Viewer {
            user: "1".into(),
            name: "ana".into(),
            administrator: true,
            organization: "default".into(),
            via: Via::Session { csrf: csrf.clone() },
        };
        assert!(checked(&viewer, &csrf).is_ok());
        assert!(checked(&viewer, "").is_err());
        assert!(checked(&viewer, &csrf_of("another")).is_err());
    }
}
