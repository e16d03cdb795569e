//! Children in other languages, made of nothing but what those languages have for OAuth.

use local_emulator::{emulator::Cloud, story};

use crate::{stage::Stage, tools::Example};

/// Runs it on both clouds as whoever has the story's login, and reads what it says of itself.
fn tells(example: impl Fn() -> Example) {
    let stage = Stage::shared();
    for cloud in Cloud::ALL {
        let emulator = stage.emulator();
        let said = example()
            .env("TOKEN_URL", &emulator.token_url(cloud))
            .env("REQUEST_URL", &emulator.url(cloud))
            .env("ROOT_TOKEN", &story::support(emulator).unwrap())
            .run();
        let lines: Vec<&str> = said.lines().collect();
        let begin: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(begin, ["root", "child", "child", "grandchild", "grandchild"], "{said}");
        assert!(lines[3].contains("refused"), "{said}");
    }
}

#[test]
fn a_child_in_python_is_bound_to_its_key_and_no_wider_than_its_parent() {
    tells(|| Example::python("python/child.py"));
}

#[test]
fn a_child_in_node_is_bound_to_its_key_and_no_wider_than_its_parent() {
    tells(|| Example::node("node/child.mjs"));
}

#[test]
fn a_child_of_curl_and_openssl_is_bound_to_its_key_and_no_wider_than_its_parent() {
    tells(|| Example::shell("shell/child.sh"));
}
