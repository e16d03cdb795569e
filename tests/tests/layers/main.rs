//! The arrows between crates, and what every manifest and source file has to keep to.
//!
//! Each rule is a function that says what is wrong, in sentences. It is asked about this workspace
//! here, and about a small made-up one beside its own code, where it has to find something.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod arrows;
#[cfg(test)]
mod linked;
#[cfg(test)]
mod powers;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod workspace;

#[cfg(test)]
mod here {
    use crate::{arrows, linked, powers, sources, workspace::Workspace};

    /// Nothing is wrong, or the test says all that is.
    fn nothing(wrong: Vec<String>) {
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }

    #[test]
    fn a_crate_uses_only_what_stands_before_it() {
        nothing(arrows::wrong(&Workspace::here()));
    }

    #[test]
    fn every_crate_stands_in_the_list_of_members() {
        let here = Workspace::here();
        nothing(arrows::unlisted(&here, &Workspace::folders_of_crates()));
    }

    #[test]
    fn every_crate_takes_the_lints_of_the_workspace() {
        nothing(arrows::without_lints(&Workspace::here()));
    }

    #[test]
    fn every_version_stands_in_the_root_manifest() {
        nothing(arrows::own_versions(&Workspace::here()));
    }

    #[test]
    fn clouds_are_seen_at_the_edge_only() {
        nothing(powers::clouds(&Workspace::here()));
    }

    #[test]
    fn masking_rights_and_vetting_have_no_network_no_clock_and_no_async() {
        nothing(powers::loud(&Workspace::here()));
        nothing(powers::loud_sources(&sources::all()));
    }

    #[test]
    fn every_source_file_says_what_it_is_for() {
        nothing(sources::silent(&sources::all()));
    }

    #[test]
    fn no_source_file_is_longer_than_can_be_read() {
        nothing(sources::long(&sources::all()));
    }

    #[test]
    fn a_function_on_lambda_links_no_azure() {
        nothing(linked::wrong_in_any(&Workspace::here(), "aws,local", linked::AZURE));
    }

    #[test]
    fn a_function_on_azure_links_no_aws() {
        nothing(linked::wrong_in_any(&Workspace::here(), "azure,local", linked::AWS));
    }
}
