//! `troupe keys` and `troupe plane`: by the built binary, also killed in the middle.

use std::{process::Stdio, time::Duration};

use crate::{
    cli::{Server, ends, troupe},
    support::PASSWORD,
};

/// So many planes hold a sealed password each.
const PLANES: usize = 40;

fn planes() -> String {
    let planes: Vec<String> = (0..PLANES)
        .map(|at| {
            format!(
                "apiVersion: openchoreo.dev/v1alpha1\nkind: BuildPlane\nmetadata: {{name: b{at}}}\nspec:\n  \
                 kubernetesCluster: {{name: b}}\n  observer: {{url: 'https://o', authentication: \
                 {{basicAuth: {{username: u, password: geheim{at}}}}}}}\n"
            )
        })
        .collect();
    planes.join("---\n")
}

/// What `troupe keys list` counts; it fails when anything doesn't open.
fn values(folder: &std::path::Path) -> usize {
    let (out, _) = ends(folder, &["keys", "list"], 0);
    let counts = out.lines().filter_map(|line| {
        let seals = line
            .split('\t')
            .find_map(|part| part.strip_prefix("seals "))?;
        seals.parse::<usize>().ok()
    });
    counts.sum()
}

#[test]
fn keys_survive_being_rotated_and_killed_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let server = Server::start(folder, Some(PASSWORD), &[]);
    let (token, _) = ends(
        folder,
        &["token", "create", "--user", "admin", "--name", "t"],
        0,
    );
    std::fs::write(folder.join("planes.yaml"), planes()).expect("a file");
    server.run(folder, token.trim(), &["apply", "-f", "planes.yaml"], 0);

    // While the server runs: it takes up the new key.
    let (out, _) = ends(folder, &["keys", "rotate"], 0);
    assert!(
        out.contains(&format!("{} values sealed anew", PLANES * 2)),
        "{out}"
    );
    server.run(folder, token.trim(), &["apply", "-f", "planes.yaml"], 0);
    let again = server.run(folder, token.trim(), &["plane", "test", "b0", "--build"], 0);
    assert!(
        again.0.contains("ok") && again.0.contains("Reach"),
        "{}",
        again.0
    );
    let (_, err) = server.run(folder, token.trim(), &["plane", "test", "nothing"], 3);
    assert!(
        err.contains("There is no DataPlane called nothing"),
        "{err}"
    );
    server.stop();

    assert_eq!(values(folder), PLANES * 2);
    for round in 0..12u64 {
        let mut rotation = troupe(folder)
            .args(["keys", "rotate"])
            .env("TROUPE_KEY_NEW", format!("{round:02x}").repeat(32))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(20 + 25 * round));
        rotation.kill().expect("is killed, or has ended");
        rotation.wait().expect("ended");
        assert_eq!(values(folder), PLANES * 2, "after round {round}");
    }
    let mut last = troupe(folder);
    last.args(["keys", "rotate"])
        .env("TROUPE_KEY_NEW", "ef".repeat(32));
    assert!(last.output().expect("runs").status.success());
    let file = std::fs::read_to_string(folder.join("troupe.key")).expect("the key");
    assert_eq!(file.trim(), "ef".repeat(32), "the keys of before are gone");
    assert_eq!(values(folder), PLANES * 2);

    // A backup without the key is of no use.
    std::fs::write(folder.join("troupe.key"), "ab".repeat(32)).expect("written");
    let (_, err) = ends(folder, &["keys", "list"], 1);
    assert!(err.contains("is wrapped by the master key"), "{err}");
    std::fs::write(folder.join("troupe.key"), "no key").expect("written");
    let (_, err) = ends(folder, &["keys", "list"], 1);
    assert!(
        err.contains("64 hexadecimal digits") && !err.contains("no key"),
        "{err}"
    );
}
