//! Kubeconfigs that are refused, and why; and those that aren't.

use super::kubeconfig::pem;
use super::*;

const PEM: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI=";

fn kubeconfig(cluster: &str, user: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: one\n\
         contexts:\n- {{name: one, context: {{cluster: c, user: u}}}}\n- {{name: two, context: {{cluster: c, user: u}}}}\n\
         clusters:\n- {{name: c, cluster: {{{cluster}}}}}\nusers:\n- {{name: u, user: {{{user}}}}}\n"
    )
}

fn refusal(yaml: String, context: Option<&str>) -> String {
    let kubeconfig = match parse(&yaml) {
        Ok(kubeconfig) => kubeconfig,
        Err(error) => return error.to_string(),
    };
    choose(&kubeconfig, context.map(str::to_owned))
        .and_then(|context| check(&kubeconfig, &context))
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn what_could_run_or_read_here_is_refused_with_a_remedy() {
    let server = "server: 'https://10.0.0.1:6443'";
    for (cluster, user, field, remedy) in [
        (
            server,
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}",
            "users[u].user.exec",
            "service account",
        ),
        (
            server,
            "auth-provider: {name: gcp}",
            "users[u].user.auth-provider",
            "service account",
        ),
        (
            server,
            "tokenFile: /var/run/token",
            "users[u].user.tokenFile",
            "--flatten",
        ),
        (
            server,
            "client-certificate: /a.pem",
            "users[u].user.client-certificate",
            "--flatten",
        ),
        (
            server,
            "client-key: /a.key",
            "users[u].user.client-key",
            "--flatten",
        ),
        (
            "server: 'https://a', certificate-authority: /ca.pem",
            "token: t",
            "clusters[c].cluster.certificate-authority",
            "certificate-authority-data",
        ),
        (
            "server: 'https://a', proxy-url: 'http://p'",
            "token: t",
            "clusters[c].cluster.proxy-url",
            "directly",
        ),
        (
            "server: 'https://a', insecure-skip-tls-verify: true",
            "token: t",
            "clusters[c].cluster.insecure-skip-tls-verify",
            "certificate-authority-data",
        ),
        (
            "server: 'http://plane.example'",
            "token: t",
            "clusters[c].cluster.server",
            "https://",
        ),
        (
            "server: 'https://a', certificate-authority-data: '%%'",
            "token: t",
            "certificate-authority-data",
            "isn't base64",
        ),
    ] {
        let error = refusal(kubeconfig(cluster, user), None);
        assert!(error.contains(field), "{error}");
        assert!(error.contains(remedy), "{error}");
    }
}

#[test]
fn plain_pem_is_recognised() {
    let error = pem("caCert", Some("-----BEGIN CERTIFICATE-----")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "caCert is plain PEM; it must be the base64 of it"
    );
    assert_eq!(pem("caCert", Some(PEM)), Ok(()));
    assert_eq!(pem("caCert", None), Ok(()));
}

#[test]
fn a_parsers_error_quotes_nothing() {
    let error = parse("clusters: canary-token\nusers: [{name: u, user: {token: canary-token, exec: canary-token}}]")
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("not a kubeconfig: "), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn a_missing_context_lists_those_there_are() {
    let yaml = kubeconfig("server: 'https://a'", "token: t");
    assert_eq!(
        refusal(yaml.clone(), Some("three")),
        "the kubeconfig has no context three; choose one of: one, two"
    );
    let none = yaml.replace("current-context: one\n", "");
    assert!(refusal(none, None).contains("no current-context; choose one of: one, two"));
    assert!(refusal("- not\n- a kubeconfig".into(), None).starts_with("not a kubeconfig"));
}

#[tokio::test]
async fn a_good_kubeconfig_and_good_certificates_connect() {
    let timings = Timings::default();
    let yaml = kubeconfig("server: 'https://10.0.0.1:6443'", "token: t");
    assert!(
        Access::Kubeconfig(yaml, Some("two".into()))
            .clients(&timings)
            .is_ok()
    );
    let local = kubeconfig("server: 'http://127.0.0.1:8001'", "");
    assert!(Access::Kubeconfig(local, None).clients(&timings).is_ok());
    let bad = Access::Certificates {
        server: "https://10.0.0.1:6443".into(),
        ca: "nonsense".into(),
        certificate: PEM.into(),
        key: PEM.into(),
    };
    let error = bad.clients(&timings).err().expect("refused");
    assert!(
        error.to_string().contains("certificate-authority-data"),
        "{error}"
    );
}

#[tokio::test]
async fn calls_end_and_streams_do_not() {
    let kubeconfig = parse(&kubeconfig("server: 'https://10.0.0.1:6443'", "token: t")).unwrap();
    let config = config(kubeconfig, "one".into(), &Timings::default()).unwrap();
    assert_eq!(config.read_timeout, None);
    assert!(!config.default_retry);
    assert_eq!(config.proxy_url, None);
    assert_eq!(config.connect_timeout, Some(Duration::from_secs(10)));
}
