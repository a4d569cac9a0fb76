//! What the API says of itself: OpenAPI 3.1, made of the handlers and the views that they send.
//!
//! What holds for every operation is added here, once: how it is refused, how it is asked again,
//! how its tag is used; and the examples, which a test holds against the schemas.

use serde_json::{Map, Value, json};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{Chosen, Details};

/// What stands above the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Troupe",
        description = "An internal developer platform: declare, deliver, look. Send a token as `Authorization: Bearer trp_…`.\n\nEvery refusal is RFC 9457 problem details. A GET has an `ETag`: send it as `If-None-Match` to be told when nothing changed, and the tag of a resource as `If-Match` to change what you saw and nothing else. A POST takes an `Idempotency-Key`: who asks again with the same key and the same body within 24 hours gets the first answer again, and nothing is done twice."
    ),
    servers((url = "/api/v1")),
    components(schemas(Details, Chosen)),
    modifiers(&Tokens),
    security(("token" = []))
)]
pub(super) struct Document;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token, made with `troupe token create`"))
            .build();
        if let Some(components) = &mut openapi.components {
            components.add_security_scheme("token", SecurityScheme::Http(scheme));
        }
    }
}

/// Why an operation may be refused: status, name, in words, code, when.
const REFUSALS: &[(u16, &str, &str, &str)] = &[
    (
        400,
        "Unreadable",
        "A parameter or the body can't be read",
        "invalid",
    ),
    (
        401,
        "SignedOut",
        "The token is missing or doesn't hold",
        "signed-out",
    ),
    (
        403,
        "Refused",
        "The token's owner isn't allowed to",
        "refused",
    ),
    (
        404,
        "NotFound",
        "There is no such thing; `near` has names that come near",
        "not-found",
    ),
    (
        409,
        "Stale",
        "Somebody else was faster, or the same key is being worked on; `current` is what is there now",
        "stale",
    ),
    (
        413,
        "TooLarge",
        "More was sent than is taken at once",
        "too-large",
    ),
    (
        422,
        "Invalid",
        "What was sent can't be taken; `faults` has every fault with its place. Nothing was changed",
        "invalid",
    ),
    (
        429,
        "Throttled",
        "Too many attempts; `Retry-After` says how long to wait",
        "throttled",
    ),
    (
        500,
        "Broken",
        "Something broke on our side; say `instance` when you ask about it",
        "broken",
    ),
    (
        503,
        "PlaneUnreachable",
        "A DataPlane doesn't answer",
        "plane-unreachable",
    ),
];

/// Requests and answers by operation, as a small shop has them.
const EXAMPLES: &str = include_str!("examples.json");

/// The document as it is sent.
pub(super) fn whole(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let responses: Map<String, Value> = REFUSALS.iter().map(response).collect();
    document["components"]["responses"] = responses.into();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete(path, method, operation, &examples);
            }
        }
    }
    document
}

fn response((status, name, words, code): &(u16, &str, &str, &str)) -> (String, Value) {
    let mut response = json!({
        "description": words,
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "example": {
                "type": format!("urn:troupe:problem:{code}"),
                "title": words.split([',', ';']).next(),
                "status": status,
                "detail": words,
                "code": code,
                "instance": "urn:uuid:01981d2e-6c4f-7a33-9c1e-5b7d0c6f2a11",
            },
        }},
    });
    if *status == 429 {
        response["headers"]["Retry-After"] =
            json!({"description": "Seconds to wait", "schema": {"type": "integer"}});
    }
    ((*name).to_owned(), response)
}

/// Adds to an operation what holds for all of its kind.
fn complete(path: &str, method: &str, operation: &mut Value, examples: &Value) {
    let sends = !operation["requestBody"].is_null();
    let asks = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["in"] == "query"));
    let chooses = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["name"] == "fields"));
    let writes = method != "get";
    for (status, name, ..) in REFUSALS {
        let applies = match status {
            400 | 422 => sends || asks || path.contains('{') || writes,
            404 => path.contains('{') || writes,
            409 => writes,
            413 => sends,
            _ => true,
        };
        if applies {
            let own = operation["responses"][status.to_string()]["description"].clone();
            let mut told = json!({"$ref": format!("#/components/responses/{name}")});
            // A reference may have a description of its own since 3.1.
            if own.is_string() {
                told["description"] = own;
            }
            operation["responses"][status.to_string()] = told;
        }
    }
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.starts_with('2') && response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = "What was asked for".into();
        }
    }
    if method == "get" {
        operation["responses"]["304"] =
            json!({"description": "Nothing changed since the tag in `If-None-Match`"});
        operation["responses"]["200"]["headers"]["ETag"] =
            json!({"description": "Stands for the answer", "schema": {"type": "string"}});
    }
    if method == "post" {
        let key = json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A word of your own, such as a UUID: the same key with the same body gets the first answer again for 24 hours, with another body 422, and while it is worked on 409",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        });
        match operation["parameters"].as_array_mut() {
            Some(all) => all.push(key),
            None => operation["parameters"] = json!([key]),
        }
        for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            if status.starts_with('2') {
                response["headers"]["Idempotent-Replayed"] = json!({
                    "description": "`true` when this is the first answer again",
                    "schema": {"type": "string"},
                });
            }
        }
    }
    if chooses {
        let schema = &mut operation["responses"]["200"]["content"]["application/json"]["schema"];
        *schema = json!({"anyOf": [schema.take(), {"$ref": "#/components/schemas/Chosen"}]});
    }
    illustrate(operation, examples);
}

/// Puts an operation's examples where they belong.
fn illustrate(operation: &mut Value, examples: &Value) {
    let own = operation["operationId"].as_str().unwrap_or_default();
    let own = examples[own].clone();
    let places = [
        ("request", "/requestBody/content"),
        ("response", "/responses/200/content"),
        ("response", "/responses/201/content"),
    ];
    for (name, place) in places {
        if let (false, Some(content)) = (own[name].is_null(), operation.pointer_mut(place)) {
            for (kind, body) in content.as_object_mut().into_iter().flatten() {
                body["example"] = match own[name].get(kind) {
                    Some(example) => example.clone(),
                    None => own[name].clone(),
                };
            }
        }
    }
}
