//! A release has the bundle's files inside; another bundle makes another binary.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../app/bundle/dist");
    }
}
