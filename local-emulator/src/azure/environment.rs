//! What the Functions host tells a custom handler before it runs.

use std::{collections::BTreeMap, net::SocketAddr, path::Path};

use super::Config;

/// The whole environment of one handler. App settings win over the platform's, except for the port.
pub(super) fn of(config: &Config, front: SocketAddr, port: u16) -> BTreeMap<String, String> {
    let root = config.program.parent().unwrap_or(Path::new("/")).display().to_string();
    let own = [
        ("AzureWebJobsScriptRoot", root.clone()),
        ("FUNCTIONS_EXTENSION_VERSION", "~4".into()),
        ("FUNCTIONS_WORKER_RUNTIME", "custom".into()),
        ("HOME", root),
        ("LANG", "C.UTF-8".into()),
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".into()),
        ("REGION_NAME", config.region.clone()),
        ("WEBSITE_HOSTNAME", front.to_string()),
        ("WEBSITE_INSTANCE_ID", format!("{:064x}", front.port())),
        ("WEBSITE_SITE_NAME", config.name.clone()),
        ("WEBSITE_SKU", "FlexConsumption".into()),
    ];
    let mut env: BTreeMap<_, _> = own.map(|(name, value): (&str, _)| (name.into(), value)).into();
    env.extend(config.env.clone());
    for name in PORT {
        env.insert((*name).into(), port.to_string());
    }
    env
}

/// The second is its name of old, which hosts still set.
const PORT: &[&str] = &["FUNCTIONS_CUSTOMHANDLER_PORT", "FUNCTIONS_HTTPWORKER_PORT"];
