//! The sentences and classes of what real API servers answer.

use super::*;

fn cart(kind: &str) -> ObjectRef {
    ObjectRef {
        api_version: "apps/v1".into(),
        kind: kind.into(),
        namespace: Some("shop".into()),
        name: "cart".into(),
    }
}

fn refused(code: u16, reason: &str, message: &str, causes: &[(&str, &str, &str)]) -> PlaneError {
    PlaneError::Refused {
        code,
        reason: reason.into(),
        message: message.into(),
        causes: causes
            .iter()
            .map(|(reason, field, message)| Cause {
                reason: (*reason).into(),
                field: (*field).into(),
                message: (*message).into(),
            })
            .collect(),
    }
}

fn words(error: &PlaneError) -> Vec<String> {
    Failure::of(&cart("Deployment"), error)
        .iter()
        .map(Failure::to_string)
        .collect()
}

#[test]
fn sentences_name_object_and_field() {
    let immutable = refused(
        422,
        "Invalid",
        "…",
        &[(
            "FieldValueInvalid",
            "spec.selector",
            "Invalid value: {…}: field is immutable",
        )],
    );
    assert_eq!(
        words(&immutable),
        [
            "Deployment shop/cart: spec.selector can't be changed once the object exists: delete the object, and it is made anew"
        ]
    );
    let missing = refused(
        422,
        "Invalid",
        "…",
        &[
            (
                "FieldValueRequired",
                "spec.template.spec.containers[0].image",
                "Required value",
            ),
            (
                "FieldValueInvalid",
                "spec.replicas",
                "Invalid value: -1: must be greater than or equal to 0",
            ),
        ],
    );
    assert_eq!(
        words(&missing),
        [
            "Deployment shop/cart: spec.template.spec.containers[0].image is missing",
            "Deployment shop/cart: spec.replicas isn't valid: Invalid value: -1: must be greater than or equal to 0",
        ]
    );
    let unknown = refused(
        500,
        "",
        "failed to create typed patch object (shop/cart; apps/v1, Kind=Deployment): .spec.replikas: field not declared in schema",
        &[],
    );
    assert_eq!(
        words(&unknown),
        ["Deployment shop/cart: spec.replikas isn't a field of this kind"]
    );
    assert_eq!(unknown.class(), Class::Configuration);
    let several = refused(
        500,
        "",
        "failed to create typed patch object (shop/cart; apps/v1, Kind=Deployment): errors:\n  .spec.a: field not declared in schema\n  .spec.replicas: expected numeric (int or float), got string",
        &[],
    );
    assert_eq!(
        words(&several),
        [
            "Deployment shop/cart: spec.a isn't a field of this kind",
            "Deployment shop/cart: spec.replicas isn't valid: expected numeric (int or float), got string",
        ]
    );
    let strict = refused(
        400,
        "BadRequest",
        "strict decoding error: unknown field \"spec.replikas\"",
        &[],
    );
    assert_eq!(
        words(&strict),
        ["Deployment shop/cart: spec.replikas isn't a field of this kind"]
    );
    let nowhere = refused(404, "NotFound", "namespaces \"shop\" not found", &[]);
    assert_eq!(
        words(&nowhere),
        ["Deployment shop/cart: namespace shop doesn't exist on the plane"]
    );
    assert!(words(&refused(401, "Unauthorized", "Unauthorized", &[]))[0].contains("renew them"));
}

#[test]
fn a_secrets_values_are_not_quoted() {
    let error = refused(
        422,
        "Invalid",
        "Secret is invalid: data[password]: Invalid value: \"canary\"",
        &[(
            "FieldValueInvalid",
            "data[password]",
            "Invalid value: \"canary\"",
        )],
    );
    let failures = Failure::of(&cart("Secret"), &error);
    assert_eq!(
        failures[0].to_string(),
        "Secret shop/cart: data[password] isn't valid"
    );
    let plain = refused(500, "InternalError", "canary", &[]);
    assert!(!format!("{:?}", Failure::of(&cart("Secret"), &plain)).contains("canary"));
}

#[test]
fn classes() {
    for (code, reason, message, class) in [
        (429, "TooManyRequests", "", Class::Transient),
        (503, "ServiceUnavailable", "", Class::Transient),
        (
            500,
            "InternalError",
            "failed calling webhook",
            Class::Transient,
        ),
        (
            409,
            "Conflict",
            "the object has been modified",
            Class::Transient,
        ),
        (403, "Forbidden", "exceeded quota: small", Class::Transient),
        (
            403,
            "Forbidden",
            "cannot patch resource",
            Class::Configuration,
        ),
        (401, "Unauthorized", "", Class::Configuration),
        (404, "NotFound", "", Class::Configuration),
        (422, "Invalid", "", Class::Configuration),
    ] {
        assert_eq!(
            refused(code, reason, message, &[]).class(),
            class,
            "{code} {message}"
        );
    }
}

#[test]
fn conflicts_name_field_and_manager() {
    let error = refused(
        409,
        "Conflict",
        "Apply failed with 1 conflict",
        &[
            (
                "FieldManagerConflict",
                ".spec.replicas",
                "conflict with \"kubectl\" with subresource \"scale\" using apps/v1",
            ),
            (
                "FieldManagerConflict",
                ".metadata.labels.a",
                "conflict with \"helm\"",
            ),
        ],
    );
    assert_eq!(
        error.conflicts(),
        [
            ("spec.replicas".to_owned(), "kubectl (scale)".to_owned()),
            ("metadata.labels.a".to_owned(), "helm".to_owned()),
        ]
    );
    assert_eq!(
        words(&error)[0],
        "Deployment shop/cart: spec.replicas is held by kubectl (scale)"
    );
}
