//! What to do next about a sentence that says what is wrong.

/// The first step towards mending what a health sentence tells, by the words it is made of.
pub fn remedy(sentence: &str) -> &'static str {
    let said = sentence.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["image", "registry", "pull"]) {
        "Check the image's name and tag in the Workload, and that the plane may pull from its \
         registry. Then apply the Workload again."
    } else if says(&["out of memory"]) {
        "Raise the container's memory limit with an override on the binding, or find what it \
         holds on to. The last lines may tell."
    } else if says(&["command not found", "isn't executable"]) {
        "Check command and args in the Workload: the image has no such program."
    } else if says(&["exit code", "exits", "crash", "restart", "segmentation"]) {
        "Read its last lines: they were written just before it stopped. Mend it, or bind the \
         artifact before this one."
    } else if says(&["readiness", "ready"]) {
        "Check that it listens on the port that its endpoint declares, and read its log while it \
         starts."
    } else if says(&["schedul", "node", "can't be created", "quota"]) {
        "The plane has no room for it, or forbids it. Its events say which rule; a platform \
         engineer can change it."
    } else if says(&["secret", "config"]) {
        "Check that the key exists where the configuration refers to it, and that the plane may \
         read it."
    } else if says(&["doesn't answer", "unreachable", "refused", "timed out"]) {
        "What runs there keeps running. Look at the plane's page; it is tried again by itself."
    } else {
        "Look at its events and its log: one of them names the cause."
    }
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn each_cause_has_its_own_step() {
        assert!(remedy("image not found: shop/cart:9.9").contains("image's name"));
        assert!(remedy("out of memory: killed at its limit of 64Mi").contains("memory limit"));
        assert!(remedy("ends right after start (exit code 1)").contains("last lines"));
        assert!(remedy("its readiness check GET /ready on port 80 fails").contains("listens"));
        assert!(remedy("pods can't be created: forbidden").contains("platform engineer"));
        assert!(remedy("something new").contains("events"));
    }
}
