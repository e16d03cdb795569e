//! What Lambda tells a process before it runs.

use std::{collections::BTreeMap, net::SocketAddr, path::Path};

use time::{OffsetDateTime, macros::format_description};

use super::Config;

/// The whole environment of one instance. What the function was configured with wins over Lambda's
/// defaults, except for the address of the Runtime API.
pub(super) fn of(config: &Config, number: u64, api: SocketAddr) -> BTreeMap<String, String> {
    let task_root = config.program.parent().unwrap_or(Path::new("/")).display().to_string();
    let own = [
        ("AWS_ACCESS_KEY_ID", "ASIAEMULATEDFUNCTION".into()),
        ("AWS_DEFAULT_REGION", config.region.clone()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", config.memory_mb.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", config.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
        ("AWS_LAMBDA_LOG_FORMAT", "Text".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", config.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", log_stream(number)),
        ("AWS_REGION", config.region.clone()),
        ("AWS_SECRET_ACCESS_KEY", "worth-nothing".into()),
        ("AWS_SESSION_TOKEN", "worth-nothing".into()),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".into()),
        ("LAMBDA_TASK_ROOT", task_root),
        ("LANG", "en_US.UTF-8".into()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin".into()),
        ("TZ", ":UTC".into()),
        ("_HANDLER", "bootstrap".into()),
    ];
    let mut env: BTreeMap<_, _> = own.map(|(name, value): (&str, _)| (name.into(), value)).into();
    env.extend(config.env.clone());
    env.insert("AWS_LAMBDA_RUNTIME_API".into(), api.to_string());
    env
}

/// The function's name in full, in an account that is nobody's.
pub(super) fn arn(config: &Config) -> String {
    format!("arn:aws:lambda:{}:{ACCOUNT}:function:{}", config.region, config.name)
}

fn log_stream(number: u64) -> String {
    let day = format_description!("[year]/[month]/[day]");
    let day = OffsetDateTime::now_utc().format(day).unwrap_or_default();
    format!("{day}/[$LATEST]{number:032x}")
}

pub(super) const ACCOUNT: &str = "123456789012";
