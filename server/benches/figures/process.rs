//! The binary as people start it: how long until the first page, and what it holds when idle.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context;

/// How often it is started.
const STARTS: usize = 5;
/// How long it is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(10);

/// Ends the process when it is done with.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it then.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(database: &str, folder: &Path, more: &[&str]) -> anyhow::Result<(Server, u16)> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let child = Command::new(env!("CARGO_BIN_EXE_troupe"))
        .arg("serve")
        .args(more)
        .env("TROUPE_LISTEN", format!("127.0.0.1:{port}"))
        .env("TROUPE_DATABASE_URL", database)
        .env("TROUPE_DATA_DIR", folder)
        .env("TROUPE_ADMIN_PASSWORD", "correct horse battery")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((Server(child), port))
}

/// Waits until a page comes.
fn first_page(port: u16, began: Instant) -> anyhow::Result<Duration> {
    use std::io::{Read, Write};
    while began.elapsed() < Duration::from_secs(60) {
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) {
            stream.write_all(b"GET /sign-in HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
            let mut page = String::new();
            stream.read_to_string(&mut page)?;
            if page.starts_with("HTTP/1.0 200") && page.contains("</html>") {
                return Ok(began.elapsed());
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    anyhow::bail!("no page came in a minute")
}

/// The memory that a process holds, in MB.
fn resident(server: &Server) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.0.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .context("Linux tells what a process holds")?
        .parse()?;
    Ok(kilobytes / 1024.0)
}

/// Starts it on new databases and on the made-up world.
pub fn measure(seeded: &str, folder: &Path) -> anyhow::Result<()> {
    println!("\nThe binary");
    let mut first = Vec::new();
    for turn in 0..STARTS {
        let database = format!("sqlite://{}/start-{turn}.db", folder.display());
        let (_server, port) = start(&database, folder, &[])?;
        first.push(first_page(port, Instant::now())?);
    }
    let first = crate::Times::of(first);
    println!(
        "  start to first page      {:9.0} ms, on an empty database, median of {STARTS}",
        crate::milliseconds(first.percentile(50))
    );
    let shop = format!("sqlite://{}/shop.db", folder.display());
    for (what, database, more) in [
        ("idle memory, shop demo", shop.as_str(), &["--demo"][..]),
        ("idle memory, made-up world", seeded, &[]),
    ] {
        let (server, port) = start(database, folder, more)?;
        first_page(port, Instant::now())?;
        std::thread::sleep(IDLE);
        println!(
            "  {what:26} {:7.0} MB, after {} s",
            resident(&server)?,
            IDLE.as_secs()
        );
    }
    Ok(())
}
