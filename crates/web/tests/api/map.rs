//! The map and its list: who may look, what is on them, what is looked up, and that nothing typed
//! becomes part of a page.

use crate::pages::sign_on;
use crate::rig::{Answer, Rig};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;
use serde_json::{Value, json};

async fn get(rig: &Rig, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header("cookie", cookie);
    rig.send(request.body(Body::empty()).unwrap()).await
}

async fn post(rig: &Rig, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    rig.send(request.body(Body::from(body)).unwrap()).await
}

/// Two logs, one at a point and one whose place nobody has said exactly, and a unit near the first.
async fn scene() -> (Rig, String, String, String) {
    let rig = Rig::new();
    let (near, vague) = (rig.open().await, rig.open().await);
    let place = |words: &str, known: &str, point: Value, within: Value| {
        json!({ "location": { "known": known, "words": words, "point": point, "rural": false,
            "district": "central", "within": within } })
    };
    let at = json!({ "lat": 51.858_908_96, "lon": -4.308_524_77 });
    let set = |n: &str| format!("/incidents/{n}/location");
    let here = place("1 <script>Mill</script> Lane", "known", at, Value::Null);
    rig.put(Role::CallHandler, &set(&near), here).await;
    let about = json!({ "lat": 51.9, "lon": -4.3 });
    let done = rig
        .put(Role::CallHandler, &set(&vague), place("by the canal", "vague", about, json!(180)))
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    for unit in ["DC14", "DC15"] {
        let body = json!({ "kind": "response", "crew": ["officer"], "district": "central" });
        rig.put(Role::Dispatcher, &format!("/units/{unit}"), body).await;
    }
    let point = json!({ "point": { "lat": 51.868_9, "lon": -4.308_5 } });
    let done = rig.put(Role::Dispatcher, "/units/DC14/position", point).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    (rig, near, vague, cookie)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_enough_without_a_map_and_leaves_nothing_out() {
    let (rig, near, vague, cookie) = scene().await;
    let page = get(&rig, &format!("/map?log={near}"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for there in [
        format!("id=\"log-{near}\" aria-current=\"true\""),
        format!("id=\"log-{vague}\""),
        "id=\"unit-DC14\"".to_owned(),
        "id=\"unit-DC15\"".to_owned(),
        "SN 4112 2033".to_owned(),
        "to within 180 m".to_owned(),
        "1.1 km".to_owned(),
        "not on the map".to_owned(),
        "The map is drawn by a script. The list has everything that is on it.".to_owned(),
        "&lt;script&gt;Mill&lt;/script&gt; Lane".to_owned(),
    ] {
        assert!(page.text.contains(&there), "{there} is not in {}", page.text);
    }
    assert!(!page.text.contains("<script>Mill"));
    let by_near = get(&rig, &format!("/map?log={near}&by=near"), &cookie).await.text;
    let at = |id: &str| by_near.find(&format!("id=\"{id}\"")).unwrap();
    assert!(at(&format!("log-{near}")) < at("unit-DC14"));
    assert!(at("unit-DC14") < at(&format!("log-{vague}")));
    assert!(at(&format!("log-{vague}")) < at("unit-DC15"), "no point is the farthest");
    let elsewhere = get(&rig, "/map?district=north", &cookie).await.text;
    assert!(elsewhere.contains("There is nothing here. Choose another district."));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_is_what_is_listed_with_rings_and_lines() {
    let (rig, near, _, cookie) = scene().await;
    rig.post(
        Role::Dispatcher,
        &format!("/incidents/{near}/deployments"),
        json!({
            "call_sign": "DC14", "reason": null, "silent": false,
        }),
    )
    .await;
    let data = get(&rig, "/map/data.json", &cookie).await.json;
    let features = |of: &str| data[of]["features"].as_array().unwrap().clone();
    // Nobody has graded them: they stand alone, so that no cluster hides what is not known.
    assert_eq!((features("alone").len(), features("many").len()), (2, 0));
    assert_eq!((features("units").len(), features("rings").len()), (1, 1));
    let unit = &features("units")[0]["properties"];
    assert!(unit["symbol"].as_str().unwrap().starts_with("unit|DC14|"), "{unit}");
    let says = |id: &str| {
        let all = features("alone");
        let one = all.iter().find(|f| f["properties"]["id"] == id).unwrap();
        one["properties"]["says"].as_str().unwrap().to_owned()
    };
    assert!(says(&format!("log-{near}")).starts_with("Not graded, log "));
    let orders: Vec<i64> = ["alone", "many", "units"]
        .iter()
        .flat_map(|of| features(of))
        .map(|f| f["properties"]["order"].as_i64().unwrap())
        .collect();
    assert!(orders.windows(2).all(|pair| pair[0] < pair[1]), "{orders:?}");
    let basemap = get(&rig, "/map/basemap.json", &cookie).await;
    assert_eq!(basemap.json["type"], "FeatureCollection");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_room_and_those_who_lead_it_see_the_map() {
    let (rig, ..) = scene().await;
    for role in [Role::Auditor, Role::Officer, Role::Analyst, Role::Administrator] {
        let cookie = sign_on(&rig, role).await;
        for path in ["/map", "/map/data.json", "/map/basemap.json"] {
            let answer = get(&rig, path, &cookie).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
        let answer = post(&rig, "/map/part", &cookie, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let cookie = sign_on(&rig, Role::CallHandler).await;
    assert_eq!(get(&rig, "/map", &cookie).await.status, StatusCode::OK);
    let elsewhere = Request::post("/map")
        .header("host", "callbox")
        .header("origin", "http://elsewhere")
        .header("cookie", &cookie)
        .body(Body::from("text=SN+412+206"));
    assert_eq!(rig.send(elsewhere.unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_looked_up_in_any_way_and_becomes_where_a_log_is() {
    let (rig, near, vague, cookie) = scene().await;
    for text in ["SN 4112 2033", "241125 220335", "51.85893, -4.30852"] {
        let part = post(&rig, "/map/part", &cookie, &[("text", text), ("log", &vague)]).await;
        assert_eq!(part.status, StatusCode::OK);
        assert!(part.text.contains("SN 4112 2033"), "{text}: {}", part.text);
        assert!(part.text.contains("id=\"set-place\"") && !part.text.contains("<html"));
        assert!(part.text.contains("Distances are from this place"));
    }
    let page = post(&rig, "/map", &cookie, &[("text", "<script>x</script>")]).await;
    assert!(
        page.text.contains("this is no place on the map: write a grid reference as SN 412 206")
    );
    assert!(!page.text.contains("<script>x"));
    // The button of the page, as a browser without a script sends it.
    let done = post(
        &rig,
        "/do/set_location",
        &cookie,
        &[
            ("incident", &vague),
            ("location.known", "known"),
            ("location.words", "by the canal"),
            ("location.district", "central"),
            ("location.point.lat", "51.85893"),
            ("location.point.lon", "-4.30852"),
            ("location.within", "5"),
            ("deed-back", &format!("/map?log={vague}")),
        ],
    )
    .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(done.headers["location"], format!("/map?log={vague}"));
    let row = rig.get(Role::Dispatcher, &format!("/map?log={near}")).await;
    let logs = row.json["logs"].as_array().unwrap();
    let moved = logs.iter().find(|l| l["row"]["n"] == vague.as_str()).unwrap();
    assert_eq!(moved["within"], 5);
    assert!(moved["metres"].as_u64().unwrap() < 10, "{moved}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_reference_that_a_caller_reads_out_is_taken_by_every_form_with_a_place() {
    let (rig, near, _, cookie) = scene().await;
    let set = |said: &'static str| {
        let fields = [
            ("incident", near.clone()),
            ("location.known", "known".to_owned()),
            ("location.words", "the stile".to_owned()),
            ("location.point.said", said.to_owned()),
        ];
        let (rig, cookie) = (&rig, &cookie);
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            post(rig, "/do/set_location", cookie, &fields).await
        }
    };
    let refused = set("SN 41 2060").await;
    assert!(
        refused.text.contains("a grid reference has 4, 6, 8 or 10 figures"),
        "{}",
        refused.text
    );
    assert_eq!(set("SN 412 206").await.status, StatusCode::SEE_OTHER);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{near}")).await;
    let location = &log.json["facts"]["location"];
    assert_eq!(location["within"], 50);
    let lat = location["point"]["lat"].as_f64().unwrap();
    assert!((lat - 51.861).abs() < 0.002, "{location}");
    rig.on_duty(Role::Dispatcher, "DD07").await;
    let pane = get(&rig, &format!("/incidents/{near}/pane"), &cookie).await;
    for there in ["SN 412 206", "to within 50 m", &format!("href=\"/map?log={near}\"")] {
        assert!(pane.text.contains(there), "{there} is not in {}", pane.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_reads_a_place_both_ways_and_refuses_with_a_sentence() {
    let rig = Rig::new();
    let place = rig.get(Role::CallHandler, "/place?text=SN%204112%202033").await;
    assert_eq!(place.status, StatusCode::OK, "{}", place.text);
    assert_eq!(place.json["grid"], "SN 4112 2033");
    assert_eq!(
        (&place.json["easting"], &place.json["northing"]),
        (&json!(241_125.0), &json!(220_335.0))
    );
    assert_eq!(place.json["within"], 5);
    let back =
        json!({ "text": format!("{} {}", place.json["point"]["lat"], place.json["point"]["lon"]) });
    let back = rig.post(Role::CallHandler, "/place", back).await;
    assert_eq!(back.json["grid"], "SN 4112 2033", "{}", back.text);
    assert!((back.json["easting"].as_f64().unwrap() - 241_125.0).abs() < 0.02);
    let refused = rig.get(Role::CallHandler, "/place?text=the%20pub").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("write a grid reference as SN 412 206"));
    let outside = rig.get(Role::CallHandler, "/place?text=48.85%202.35").await;
    assert_eq!(outside.json["grid"], Value::Null);
}
