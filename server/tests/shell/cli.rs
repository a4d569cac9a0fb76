//! The built binary: what it prints where, and how it ends.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use crate::support::{CART, PASSWORD};

pub(crate) fn troupe(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_troupe"));
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TROUPE_REGISTRY_CHECK", "off")
        .env("TROUPE_SERVER", "http://127.0.0.1:9");
    command
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = troupe(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A command that doesn't read leaves a broken pipe, which is no trouble.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("ends")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs it, asserts how it ends, and gives what it printed.
pub(crate) fn ends(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let output = run(folder, arguments, "");
    let (out, err) = (out(&output), err(&output));
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}\n{out}\n{err}"
    );
    (out, err)
}

/// A server of its own; it ends with the test.
pub(crate) struct Server {
    child: Child,
    address: String,
    printed: Vec<String>,
}

impl Server {
    pub(crate) fn start(folder: &Path, password: Option<&str>, more: &[&str]) -> Self {
        let mut command = troupe(folder);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(more);
        if let Some(password) = password {
            command.env("TROUPE_ADMIN_PASSWORD", password);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let (sender, lines) = std::sync::mpsc::channel();
        let pipes: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("a pipe")),
            Box::new(child.stderr.take().expect("a pipe")),
        ];
        for pipe in pipes {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        let mut server = Self {
            child,
            address: String::new(),
            printed: Vec::new(),
        };
        let until = Instant::now() + Duration::from_secs(60);
        let ready = |server: &Server| {
            let link = server
                .printed
                .iter()
                .any(|line| line.contains("/setup?token="));
            !server.address.is_empty() && (password.is_some() || link)
        };
        while !ready(&server) {
            let left = until.saturating_duration_since(Instant::now());
            let line = lines
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("{:?}", server.printed));
            if let Some((_, address)) = line.split_once("serving http://") {
                let end = address.find(|c: char| c != '.' && c != ':' && !c.is_ascii_digit());
                server.address = format!("http://{}", &address[..end.unwrap_or(address.len())]);
            }
            server.printed.push(line);
        }
        server
    }

    pub(crate) fn run(
        &self,
        folder: &Path,
        token: &str,
        arguments: &[&str],
        code: i32,
    ) -> (String, String) {
        let mut all = arguments.to_vec();
        all.extend(["--server", &self.address]);
        if !token.is_empty() {
            all.extend(["--token", token]);
        }
        ends(folder, &all, code)
    }

    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .expect("runs")
                .success()
        );
        let until = Instant::now() + Duration::from_secs(15);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("answers") {
                assert!(status.success(), "{status}");
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server goes on after SIGTERM");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("good")).expect("a folder");
    std::fs::write(folder.path().join("good/cart.yaml"), CART).expect("a file");
    let bad = CART
        .replace("type: Service", "type: Servce")
        .replace("8080", "80800");
    std::fs::write(folder.path().join("bad.yaml"), bad).expect("a file");
    folder
}

#[test]
fn what_needs_no_server() {
    let folder = folder();
    let folder = folder.path();
    let (out, _) = ends(folder, &["version"], 0);
    assert!(out.starts_with("troupe "));
    let (out, _) = ends(folder, &["completions", "bash"], 0);
    assert!(out.contains("validate"));
    let (out, _) = ends(folder, &["--help"], 0);
    assert!(out.contains("Exit codes"));
    assert!(ends(folder, &["nonsense"], 2).1.contains("Usage"));
    ends(folder, &["validate"], 2);
}

#[test]
fn validating_says_every_fault_on_standard_error() {
    let folder = folder();
    let folder = folder.path();
    assert!(
        ends(folder, &["validate", "-f", "good"], 0)
            .0
            .contains("4 documents")
    );
    let output = run(folder, &["validate", "-f", "-"], CART);
    assert!(output.status.success(), "{}", err(&output));
    let (out, err) = ends(folder, &["validate", "-f", "bad.yaml"], 1);
    assert_eq!(out, "");
    for wanted in ["bad.yaml:10:", "Servce", "80800", "2 faults"] {
        assert!(err.contains(wanted), "{wanted} isn't in\n{err}");
    }
    ends(folder, &["validate", "-f", "nothing.yaml"], 3);
}

#[test]
fn rendering_prints_the_objects_in_order() {
    let folder = folder();
    let folder = folder.path();
    let arguments = ["render", "-f", "good", "--environment", "development"];
    let (text, _) = ends(folder, &arguments, 0);
    assert_eq!(text, ends(folder, &arguments, 0).0, "the same bytes");
    let place = |kind: &str| {
        let found = text.find(&format!("kind: {kind}\n"));
        found.unwrap_or_else(|| panic!("no {kind} in\n{text}"))
    };
    assert!(place("Namespace") < place("Service") && place("Service") < place("Deployment"));
    assert!(text.contains("cart:1"));
    let nowhere = ["render", "-f", "good", "--environment", "nowhere"];
    let (out, err) = ends(folder, &nowhere, 1);
    assert_eq!(out, "");
    assert!(err.contains("nowhere"), "{err}");
}

#[test]
fn a_server_that_isnt_there_has_its_own_code() {
    let folder = folder();
    let (_, err) = ends(folder.path(), &["get", "project"], 4);
    assert!(err.contains("TROUPE_SERVER"), "{err}");
}

#[test]
fn from_the_first_start_to_a_deleted_component() {
    let folder = folder();
    let folder = folder.path();
    let server = Server::start(folder, Some(PASSWORD), &[]);
    let create = [
        "token",
        "create",
        "--user",
        "admin",
        "--name",
        "ci",
        "--expires",
        "7d",
    ];
    let (token, _) = ends(folder, &create, 0);
    let token = token.trim();
    assert!(token.starts_with("trp_"), "{token}");
    ends(folder, &create, 1);
    ends(
        folder,
        &["token", "create", "--user", "nobody", "--name", "x"],
        3,
    );
    let (list, _) = ends(folder, &["token", "list", "--user", "admin"], 0);
    assert!(list.contains("ci") && !list.contains(token), "{list}");
    let expires = list.split_once("expires ").expect("an end").1;
    assert!(
        expires.starts_with("20"),
        "it ends within the century: {list}"
    );
    let run = |arguments: &[&str], code| server.run(folder, token, arguments, code);
    assert!(
        server
            .run(folder, "", &["get", "project"], 5)
            .1
            .contains("TROUPE_TOKEN")
    );
    server.run(folder, "trp_nothing", &["get", "project"], 5);
    let (out, _) = run(&["apply", "-f", "good", "--dry-run"], 0);
    assert!(out.contains("dry run: 4 created"), "{out}");
    run(&["get", "component", "cart", "-p", "shop"], 3);
    assert!(
        run(&["apply", "-f", "bad.yaml"], 1)
            .1
            .contains("bad.yaml:10")
    );
    assert!(
        run(&["apply", "-f", "good"], 0)
            .0
            .contains("applied: 4 created")
    );
    assert!(run(&["apply", "-f", "good"], 0).0.contains("4 unchanged"));
    let (names, _) = run(&["get", "comp", "-p", "shop", "-o", "name"], 0);
    assert_eq!(names, "cart\n");
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let (json, _) = run(&["get", "component", "cart", "-p", "shop", "-o", "json"], 0);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let environments = json["status"]["environments"]
            .as_array()
            .expect("environments");
        if environments
            .iter()
            .any(|environment| environment["health"] == "Healthy")
        {
            break;
        }
        assert!(Instant::now() < until, "{json}");
        std::thread::sleep(Duration::from_millis(200));
    }
    let (table, _) = run(&["status", "shop"], 0);
    assert!(
        table.lines().any(|line| line.starts_with("cart")),
        "{table}"
    );
    let (yaml, _) = run(&["get", "workload", "cart", "-p", "shop", "-o", "yaml"], 0);
    assert!(yaml.contains("image: cart:1"), "{yaml}");
    let (log, _) = run(
        &[
            "logs",
            "cart",
            "-p",
            "shop",
            "-e",
            "development",
            "--tail",
            "5",
        ],
        0,
    );
    assert!(!log.is_empty());
    looked_at_and_edited(&server, folder, token);
    let deploy = ["deploy", "cart", "-p", "shop", "--image", "cart:2"];
    let (shipped, _) = run(&deploy, 0);
    assert!(shipped.contains("cart artifact 3, version 2"), "{shipped}");
    assert!(shipped.contains("goes to development"), "{shipped}");
    let (again, _) = run(&deploy, 0);
    assert!(again.contains("it was there already"), "{again}");
    let place = ["cart", "-p", "shop", "-e", "development"];
    let act = |action: &str, code| run(&[&[action][..], &place[..]].concat(), code);
    let (restarted, _) = act("restart", 0);
    assert!(restarted.contains("being restarted"), "{restarted}");
    act("suspend", 0);
    let (_, refused) = act("suspend", 1);
    assert!(refused.contains("suspended already"), "{refused}");
    act("resume", 0);
    let (_, refused) = act("run", 1);
    assert!(refused.contains("Only scheduled tasks"), "{refused}");
    act("undeploy", 1);
    run(&[&["undeploy", "--yes"][..], &place[..]].concat(), 0);
    run(&["get", "nonsense"], 3);
    let (goes, _) = run(
        &["delete", "component", "cart", "-p", "shop", "--dry-run"],
        0,
    );
    assert!(
        goes.contains("Workload") && goes.contains("dry run"),
        "{goes}"
    );
    run(&["get", "component", "cart", "-p", "shop"], 0);
    run(&["delete", "component", "cart", "-p", "shop"], 1);
    run(&["delete", "component", "cart", "-p", "shop", "--yes"], 0);
    ends(
        folder,
        &["token", "revoke", "--user", "admin", "--name", "ci"],
        0,
    );
    ends(
        folder,
        &["token", "revoke", "--user", "admin", "--name", "ci"],
        3,
    );
    run(&["get", "project"], 5);
    server.stop();
}

/// `diff`, `edit` and `history` on what is there.
fn looked_at_and_edited(server: &Server, folder: &Path, token: &str) {
    let run = |arguments: &[&str], code| server.run(folder, token, arguments, code);
    assert_eq!(run(&["diff", "-f", "good"], 0), Default::default());
    let text = CART.replace("cart:1", "cart:2") + "---\n" + &CART.replace("shop", "other");
    std::fs::write(folder.join("changed.yaml"), text).expect("a file");
    let (shown, trouble) = run(&["diff", "-f", "changed.yaml"], 1);
    for wanted in [
        "~ Workload shop/cart\n  spec.containers.main.image\n  - cart:1\n  + cart:2\n",
        "+ Project other\n",
    ] {
        assert!(shown.contains(wanted), "{wanted} isn't in\n{shown}");
    }
    assert_eq!(trouble, "", "what differs is no trouble");
    assert!(run(&["diff", "-f", "bad.yaml"], 2).1.contains("Servce"));
    run(&["diff", "-f", "nothing.yaml"], 3);
    server.run(folder, "trp_nothing", &["diff", "-f", "good"], 5);
    let nowhere = ["diff", "-f", "good", "--server", "http://127.0.0.1:9"];
    ends(folder, &nowhere, 4);

    let workload = ["workload", "cart", "-p", "shop", "-c", "cart"];
    let edit = |editor: &str, code: i32| {
        let mut arguments = vec!["edit"];
        arguments.extend(workload);
        arguments.extend(["--server", &server.address, "--token", token]);
        let output = troupe(folder)
            .args(&arguments)
            .env_remove("VISUAL")
            .env("EDITOR", editor)
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), Some(code), "{}", err(&output));
        (out(&output), err(&output))
    };
    assert!(edit("true", 0).0.contains("nothing was changed"));
    assert!(edit("false", 1).1.contains("nothing was changed"));
    let (out, _) = edit("sed -i s/cart:1/cart:9/", 0);
    assert!(out.contains("Workload shop/cart changed"), "{out}");
    let (_, err) = edit("sed -i s/8080/80800/", 1);
    assert!(err.contains("80800") && err.contains("kept in"), "{err}");
    let kept = err
        .split("kept in ")
        .nth(1)
        .and_then(|rest| rest.split(':').next());
    std::fs::remove_file(kept.expect("a file")).expect("it is kept");

    let mut arguments = vec!["history"];
    arguments.extend(workload);
    let (out, _) = run(&arguments, 0);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].ends_with("changed by admin"), "{out}");
    assert_eq!(
        lines[1..4],
        ["  spec.containers.main.image", "  - cart:1", "  + cart:9"]
    );
    assert!(
        out.lines()
            .last()
            .is_some_and(|line| line.ends_with("created by admin"))
    );
    run(
        &["history", "workload", "never", "-p", "shop", "-c", "cart"],
        3,
    );
    let (names, _) = run(
        &["get", "workload", "-p", "shop", "-c", "cart", "-o", "name"],
        0,
    );
    assert_eq!(names, "cart\n");
    assert_eq!(
        run(&["get", "project", "-l", "team=none", "-o", "name"], 0).0,
        ""
    );
}

#[test]
fn the_first_start_prints_a_link_and_the_second_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = |server: &Server| {
        let line = server
            .printed
            .iter()
            .find(|line| line.contains("/setup?token="));
        line.expect("a link").trim().to_owned()
    };
    let server = Server::start(folder.path(), None, &["--bare"]);
    let first = link(&server);
    assert!(first.starts_with(&server.address), "{first}");
    server.stop();
    let server = Server::start(folder.path(), None, &["--bare"]);
    assert_ne!(link(&server), first, "each start makes its own");
    server.stop();
}
