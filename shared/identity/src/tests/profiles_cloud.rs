//! Tokens of AWS: Cognito user pools, and roles that look beyond AWS.

use serde_json::{Value, json};

use super::{
    draft::{Draft, quoted},
    profiles::{OURS, all_are_judged, entry, good, groups, token},
    signer::{KEYS, Signer},
    stand::{Stand, kind},
};

const COGNITO: &str = r#"profile = "cognito"
issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"
clients = ["4hq0", "7kd2"]
groups = { "analysts-eu" = "analysts" }"#;
const AWS: &str = r#"profile = "aws-sts"
issuer = "https://0f35.tokens.sts.global.api.aws"
accounts = ["123456789012"]
groups = { "team=data" = "analysts", "team=data=x" = "admins" }"#;
const ROLE: &str = "arn:aws:iam::123456789012:role/batch/loader";

fn cognito() -> Draft {
    let claims = json!({
        "sub": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "token_use": "access", "client_id": "4hq0",
        "username": "alice", "cognito:groups": ["analysts-eu", "others"], "auth_time": 1_799_999_990,
        "jti": "j-1", "scope": "openid",
    });
    let issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc";
    token(issuer, &claims).no_claim("aud").no_member("typ")
}

/// Attack 40.
#[test]
fn a_token_of_cognito_is_an_access_token_of_a_listed_client() {
    let changed = |claim: &str, value: &str| cognito().claim(claim, value);
    let whom = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    all_are_judged(
        COGNITO,
        vec![
            ("without an audience", cognito(), whom),
            ("for us", changed("aud", &quoted(OURS)), whom),
            ("of the other client", changed("client_id", "\"7kd2\""), whom),
            ("for another", changed("aud", "\"4hq0\""), "audience"),
            ("no audience but null", changed("aud", "null"), "claim aud"),
            ("an ID token", changed("token_use", "\"id\""), "kind token_use"),
            ("of no use", cognito().no_claim("token_use"), "claim token_use"),
            ("a foreign client of the pool", changed("client_id", "\"9xx9\""), "claim client_id"),
            ("no client", cognito().no_claim("client_id"), "claim client_id"),
            ("clients in a list", changed("client_id", r#"["4hq0"]"#), "claim client_id"),
            ("nobody", cognito().no_claim("sub"), "claim sub"),
        ],
    );
    let claims = good(COGNITO, &cognito());
    assert_eq!((claims.client.as_deref(), claims.auth_time), (Some("4hq0"), Some(1_799_999_990)));
    assert_eq!(groups(COGNITO, &cognito()), "analysts");
}

fn aws() -> Draft {
    aws_with(json!({
        "aws_account": "123456789012", "org_id": "o-abc", "principal_tags": {"team": "data"},
        "request_tags": {"team": "data"}, "source_region": "eu-central-1",
    }))
}

fn aws_with(members: Value) -> Draft {
    let claims = json!({"sub": ROLE, "jti": "j-1", "https://sts.amazonaws.com/": members});
    token("https://0f35.tokens.sts.global.api.aws", &claims)
}

#[test]
fn a_role_is_believed_of_a_listed_account_alone() {
    let role = |arn: &str| aws().claim("sub", quoted(arn));
    let with = |function: &str| {
        aws_with(json!({"aws_account": "123456789012", "lambda_source_function_arn": function}))
    };
    all_are_judged(
        AWS,
        vec![
            ("a role", aws(), ROLE),
            (
                "a function with the role",
                with("arn:aws:lambda:eu-central-1:123456789012:function:load"),
                "arn:aws:iam::123456789012:role/batch/loader|arn:aws:lambda:eu-central-1:123456789012:function:load",
            ),
            ("a function that is none", with(""), "claim lambda_source_function_arn"),
            (
                "another account",
                aws_with(json!({"aws_account": "210987654321"})),
                "claim aws_account",
            ),
            (
                "an account as number",
                aws_with(json!({"aws_account": 123_456_789_012_u64})),
                "claim aws_account",
            ),
            ("no account", aws_with(json!({})), "claim aws_account"),
            ("no claims of AWS", aws_with(json!("x")), "claim https://sts.amazonaws.com/"),
            (
                "a role of another account",
                role("arn:aws:iam::210987654321:role/batch"),
                "claim sub",
            ),
            ("a user", role("arn:aws:iam::123456789012:user/alice"), "claim sub"),
            ("a role without a name", role("arn:aws:iam::123456789012:role/"), "claim sub"),
            ("a session", role("arn:aws:sts::123456789012:assumed-role/a/b"), "claim sub"),
            ("no ARN", role("loader"), "claim sub"),
        ],
    );
    let pinned = format!("{AWS}\norg_id = [\"o-abc\"]");
    all_are_judged(
        &pinned,
        vec![
            ("of the organisation", aws(), ROLE),
            ("of none", aws_with(json!({"aws_account": "123456789012"})), "claim org_id"),
        ],
    );
}

#[test]
fn tags_of_a_role_make_groups_and_tags_of_a_request_make_none() {
    let tagged = |principal: Value, request: Value| {
        aws_with(json!({
            "aws_account": "123456789012", "principal_tags": principal, "request_tags": request,
        }))
    };
    assert_eq!(groups(AWS, &aws()), "analysts");
    assert_eq!(groups(AWS, &tagged(json!({}), json!({"team": "data"}))), "");
    assert_eq!(groups(AWS, &tagged(json!({"team=data": "x"}), json!({}))), "");
    assert_eq!(groups(AWS, &tagged(json!({"team": "data=x"}), json!({}))), "admins");
    let odd = |principal: Value| tagged(principal, json!({}));
    all_are_judged(
        AWS,
        vec![
            ("a list of tags", odd(json!(["team=data"])), "claim principal_tags"),
            ("a list in a tag", odd(json!({"team": ["data"]})), "claim principal_tags"),
        ],
    );
}

#[test]
fn a_role_may_ask_for_a_token_by_a_curve_too() {
    let shipped = [("it".to_owned(), KEYS.corp().to_string().into_bytes())].into();
    let stand = Stand::with(&entry(AWS), shipped);
    let by = |key: &Signer| {
        let draft = aws().member("alg", quoted(key.algorithm)).member("kid", quoted(key.kid));
        stand.believe(&draft.signed_by(key))
    };
    assert!(by(&KEYS.es384).is_ok());
    assert_eq!(kind(&by(&KEYS.es256).unwrap_err()), "algorithm");
}
