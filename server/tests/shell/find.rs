//! Searching, favourites and the theme, through the real router.

use http::StatusCode;

use crate::support::{CART, PASSWORD, Site};

#[tokio::test]
async fn what_is_declared_is_found_at_once_and_marked() {
    let site = Site::new().await;
    site.declare(CART).await;
    let member = site.member().await;
    let page = site.get("/search?q=car", &member).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text
            .contains("<a href=\"/projects/shop/components/cart\"><mark>car</mark>t"),
        "{}",
        page.text
    );
    let by_image = site.get("/search?q=cart:1", &member).await;
    assert!(by_image.text.contains("/projects/shop/components/cart"));
    let both = site.get("/search?q=shop%20car", &member).await;
    assert!(both.text.contains("/projects/shop/components/cart"));
    let nothing = site.get("/search?q=zzz", &member).await;
    assert!(nothing.text.contains("Nothing fits “zzz”"));
    assert!(!nothing.text.contains("/projects/shop/components/cart"));
    let hostile = site
        .get(
            "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%27%25_",
            &member,
        )
        .await;
    assert_eq!(hostile.status, StatusCode::OK);
    assert!(!hostile.text.contains("<script>alert(1)"));
}

#[tokio::test]
async fn the_palette_offers_deeds_before_places_and_says_what_one_may_not() {
    let site = Site::new().await;
    site.declare(CART).await;
    let administrator = site.administrator().await;
    let answer = site.get("/palette?q=log%20car&at=/", &administrator).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text.contains("<html"), "a part, and no page");
    assert!(
        answer
            .text
            .contains("href=\"/projects/shop/components/cart/logs\""),
        "{}",
        answer.text
    );
    let new = site
        .get("/palette?q=new&at=/projects/shop", &administrator)
        .await;
    assert!(
        new.text.contains("href=\"/projects/shop/components/new\""),
        "{}",
        new.text
    );
    let doing = new.text.find(">Do<").expect("deeds");
    assert!(new.text.find(">Go to<").is_none_or(|going| doing < going));
    let member = site.member().await;
    let new = site.get("/palette?q=new&at=/projects/shop", &member).await;
    assert!(new.text.contains("aria-disabled=\"true\""), "{}", new.text);
    assert!(new.text.contains("you can look, and not change"));
    assert!(!new.text.contains("href=\"/projects/new\""));
}

#[tokio::test]
async fn a_star_keeps_a_project_for_one_user_and_lets_it_go() {
    let site = Site::new().await;
    site.declare(CART).await;
    let (ana, ben) = (site.administrator().await, site.member().await);
    let form = |csrf: &str, intent: &str, name: &str| {
        [
            ("csrf", csrf.to_owned()),
            ("intent", intent.to_owned()),
            ("kind", "Project".to_owned()),
            ("name", name.to_owned()),
            ("return_to", "/projects".to_owned()),
        ]
    };
    let send = async |who: &crate::support::As, intent: &str, name: &str| {
        let fields = form(who.csrf(), intent, name);
        let fields = fields.each_ref().map(|(key, value)| (*key, value.as_str()));
        site.post("/favourites", who, &fields).await
    };
    let answer = send(&ben, "keep", "shop").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), "/projects");
    let kept = "aria-label=\"Take from your favourites: shop\"";
    assert!(site.get("/projects/shop", &ben).await.text.contains(kept));
    assert!(!site.get("/projects/shop", &ana).await.text.contains(kept));
    let home = site.get("/", &ben).await.text;
    assert!(home.contains("My projects"));
    let (shop, other) = (
        home.find("/projects/shop\""),
        home.find("/projects/default\""),
    );
    assert!(
        shop.expect("shown") < other.expect("shown"),
        "favourites come first"
    );
    assert!(
        site.get("/palette?q=", &ben)
            .await
            .text
            .contains("favourite")
    );
    assert_eq!(
        send(&ben, "keep", "nothing").await.status,
        StatusCode::NOT_FOUND
    );
    let forged = form("", "drop", "shop");
    let forged = forged.each_ref().map(|(key, value)| (*key, value.as_str()));
    let refused = site.post("/favourites", &ben, &forged).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        send(&ben, "drop", "shop").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!site.get("/projects/shop", &ben).await.text.contains(kept));
}

#[tokio::test]
async fn a_theme_comes_along_to_the_next_sign_in() {
    let site = Site::new().await;
    let ana = site.administrator().await;
    // The cookie says dark, as every request of these tests does.
    assert!(
        site.get("/", &ana)
            .await
            .text
            .contains("<html lang=\"en\"><head>")
    );
    let fields = [
        ("csrf", ana.csrf()),
        ("theme", "light"),
        ("return_to", "/planes"),
    ];
    let answer = site.post("/theme", &ana, &fields).await;
    assert_eq!(answer.header("location"), "/planes", "{}", answer.text);
    assert!(
        site.get("/", &ana)
            .await
            .text
            .contains("data-theme=\"light\"")
    );
    let forged = [("csrf", ""), ("theme", "dark")];
    assert!(
        !site
            .post("/theme", &ana, &forged)
            .await
            .status
            .is_redirection()
    );
    // Another browser, without any cookie.
    let fields = [("name", "admin"), ("password", PASSWORD)];
    let signed_in = site
        .post("/sign-in", &crate::support::As::Nobody, &fields)
        .await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER);
    let cookies = signed_in.headers.get_all("set-cookie");
    let mut cookies = cookies.iter().map(|cookie| cookie.to_str().expect("text"));
    assert!(cookies.any(|cookie| cookie.starts_with("theme=light")));
}
