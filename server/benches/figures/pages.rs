//! Server time of pages, through the real router.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use control::{Platform, Settings};
use http::{Request, header};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use troupe::http::Serving;

use crate::{Times, milliseconds};

const PASSWORD: &str = "correct horse battery";
/// How often each page is asked.
const TURNS: usize = 150;
/// The first ones warm caches up, and don't count.
const WARM: usize = 15;
/// What does the least that any page does.
const PLAIN: &str = "/health/ready";

/// What is measured: a name, and the address in a turn.
type Page = (&'static str, fn(usize) -> String);

const PROJECTS: [&str; 6] = [
    "payments", "billing", "search", "tax-2", "media-5", "orders-8",
];

fn project(turn: usize) -> &'static str {
    PROJECTS[turn % PROJECTS.len()]
}

const PAGES: &[Page] = &[
    ("plain handler", |_| PLAIN.into()),
    ("home", |_| "/".into()),
    ("projects", |turn| {
        format!("/projects?page={}", turn % 5 + 1)
    }),
    ("projects, searched", |_| "/projects?search=ship".into()),
    ("components, all", |turn| {
        format!("/resources/components?page={}", turn % 200 + 1)
    }),
    ("components, searched", |_| {
        "/resources/components?search=invoice".into()
    }),
    ("project, 50 of 200", |turn| {
        format!("/projects/payments?page={}", turn % 4 + 1)
    }),
    ("project, all 200", |_| {
        "/projects/payments?per_page=200".into()
    }),
    ("project, failing ones", |_| {
        "/projects/payments?health=Degraded".into()
    }),
    ("component", |turn| {
        format!("/projects/{}/components/checkout-api", project(turn))
    }),
    ("component, releases", |turn| {
        format!(
            "/projects/{}/components/checkout-api/releases",
            project(turn)
        )
    }),
    ("component, runtime", |turn| {
        format!(
            "/projects/{}/components/checkout-api/runtime",
            project(turn)
        )
    }),
    ("component's manifest", |turn| {
        format!(
            "/resources/components/checkout-api?project={}",
            project(turn)
        )
    }),
    ("class's manifest", |_| {
        "/classes/serviceclasses/default".into()
    }),
    ("search, one word", |turn| {
        let words = ["checkout", "ledger-w", "pay", "1.4", "invoice"];
        format!("/search?q={}", words[turn % words.len()])
    }),
    ("search, two words", |turn| {
        let words = ["pay%20check", "api%20ship", "worker%20bill"];
        format!("/search?q={}", words[turn % words.len()])
    }),
    ("search, one letter", |turn| {
        format!("/search?q={}", ["a", "s", "p", "c"][turn % 4])
    }),
    ("palette", |turn| {
        let words = ["che", "led", "log%20che", "new", "pay%20ca"];
        format!(
            "/palette?q={}&at=/projects/payments",
            words[turn % words.len()]
        )
    }),
    ("environments", |_| "/environments".into()),
    ("planes", |_| "/planes".into()),
];

/// A database of its own on a server.
pub async fn database(server: &str) -> anyhow::Result<String> {
    let name = format!("bench_{}", control::clock::id().replace('-', ""));
    let pool = sqlx::PgPool::connect(server).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&pool)
        .await?;
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    let glue = if query.is_empty() { "" } else { "?" };
    Ok(format!("{base}/{name}{glue}{query}"))
}

/// Makes the world where there is none yet, and measures every page.
pub async fn measure(url: &str, folder: &Path, components: usize) -> anyhow::Result<()> {
    let platform = Platform::open(Settings {
        database_url: url.to_owned(),
        data_dir: folder.into(),
        admin_password: Some(PASSWORD.into()),
        reconcile: false,
        ..Settings::default()
    })
    .await?;
    let began = Instant::now();
    control::seed::seed(&platform, components).await?;
    println!("  made in {:.1} s", began.elapsed().as_secs_f64());
    let session = platform.accounts().sign_in("admin", PASSWORD, "").await?;
    let cookie = format!("troupe_session={}", *session.token);
    let stop = CancellationToken::new();
    let router = troupe::http::router(platform.clone(), &Serving::default(), stop)?;
    println!(
        "  {:24} {:>9} {:>9} {:>9} {:>8}",
        "", "p50 ms", "p95 ms", "× plain", "KB"
    );
    let mut plain = Duration::ZERO;
    for (name, address) in PAGES {
        let mut times = Vec::with_capacity(TURNS);
        let mut bytes = 0;
        for turn in 0..WARM + TURNS {
            let began = Instant::now();
            bytes = ask(&router, &address(turn), &cookie).await?;
            if turn >= WARM {
                times.push(began.elapsed());
            }
        }
        let times = Times::of(times);
        if plain.is_zero() {
            plain = times.percentile(50);
        }
        println!(
            "  {name:24} {:9.2} {:9.2} {:9.1} {:8}",
            milliseconds(times.percentile(50)),
            milliseconds(times.percentile(95)),
            times.percentile(50).as_secs_f64() / plain.as_secs_f64(),
            bytes / 1024
        );
    }
    platform.store().close().await;
    Ok(())
}

/// Asks once, reads to the end, and gives the size.
async fn ask(router: &Router, address: &str, cookie: &str) -> anyhow::Result<usize> {
    let request = Request::get(address)
        .header(header::COOKIE, cookie)
        .body(Body::empty())?;
    let response = router.clone().oneshot(request).await?;
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
    anyhow::ensure!(status.is_success(), "{address} answered {status}");
    Ok(body.len())
}
