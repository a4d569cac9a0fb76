//! Suggestions for fields: options of a list, for whoever may look.

use http::StatusCode;

use crate::support::{As, CART, Site};

#[tokio::test]
async fn endpoints_come_as_options_that_hold_no_markup_of_others() {
    let site = Site::new().await;
    site.declare(CART).await;
    let member = site.member().await;
    let answer = site
        .get(
            "/suggest/endpoints?project=shop&component=web&q=car",
            &member,
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .text
            .starts_with("<option value=\"cart/http\">HTTP on port 8080</option>"),
        "{}",
        answer.text
    );
    let elsewhere = site
        .get(
            "/suggest/endpoints?project=default&component=web&q=",
            &member,
        )
        .await;
    assert!(
        !elsewhere.text.contains("<option"),
        "what a project keeps to itself is told to nobody else: {}",
        elsewhere.text
    );
    let odd = site
        .get(
            "/suggest/endpoints?project=%22%3E%3Cscript%3E&q=%27%25_",
            &member,
        )
        .await;
    assert_eq!(odd.status, StatusCode::OK);
    assert!(!odd.text.contains("<script>"), "{}", odd.text);
    let nobody = site.get("/suggest/keys?q=a", &As::Nobody).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}
