//! Guidance articles: where they apply, when they are to be read again, what a policy changed.

use crate::world::{World, policy};
use rules::command::AdoptPolicy;
use rules::event::Event;
use rules::guidance::Did;
use rules::name::{Grade, Label, OpeningCode, Tag};
use rules::obligation::{Rule, Subject};
use rules::policy::{Level, Policy, check};
use rules::role::{By, Owner, Role};
use rules::time::Span;
use rules::views::guidance::{Where, applying, article, articles};

fn adopt(w: &mut World, policy: &Policy) {
    let toml = toml::to_string(policy).expect("a policy is TOML");
    w.act(&By::callbox(), AdoptPolicy { toml }).expect("it is sound");
}

fn dated(version: &str, next_review: &str) -> Policy {
    let mut p = policy();
    p.about.version = version.to_owned();
    let missing = p.article.iter_mut().find(|a| a.id.as_str() == "missing-persons");
    missing.expect("the default has it").next_review = next_review.to_owned();
    p
}

#[test]
fn an_article_past_its_review_date_is_lit_until_the_policy_holds_a_newer_one() {
    // The clock of the room stands on 18 November 2026.
    for (first, lit_at_first, then, lit_then, why) in [
        ("2026-11-17", true, "2027-11-17", false, "a newer date puts it out"),
        ("2026-11-17", true, "2026-11-17", true, "another policy with the same date does not"),
        ("2026-11-18", false, "2027-11-18", false, "the day itself still counts"),
        ("2027-01-01", false, "2026-11-17", true, "a date moved back lights it"),
    ] {
        let mut w = World::new();
        let desk = Subject::Desk(Role::ForceIncidentManager);
        let lit = |w: &World| {
            let mut about = w.s.obligations_about(&desk);
            let found = about.find(|o| {
                o.rule == Rule::GuidanceReview && o.part.as_deref() == Some("missing-persons")
            });
            found.and_then(|o| o.level.map(|level| (level, o.owner.clone())))
        };
        adopt(&mut w, &dated("2", first));
        w.wait_until(w.at + Span::minutes(1));
        let fim = Owner::Desk(Role::ForceIncidentManager);
        assert_eq!(lit(&w), lit_at_first.then(|| (Level::A3, fim.clone())), "{why}: first");
        adopt(&mut w, &dated("3", then));
        w.wait_until(w.at + Span::minutes(1));
        assert_eq!(lit(&w), lit_then.then_some((Level::A3, fim)), "{why}");
        let heard =
            |event: &Event| matches!(event, Event::Annunciated { rule: Rule::GuidanceReview, .. });
        assert!(!w.done.iter().any(|(event, _)| heard(event)), "{why}: nobody hears it");
    }
}

#[test]
fn an_article_is_shown_where_it_applies() {
    let (p, now) = (policy(), World::new().at);
    let code = |text: &str| OpeningCode::parse(text).expect("a code");
    let label = |text: &str| Label::parse(text).expect("a label");
    let one = Grade::try_from(1).expect("a grade");
    let marac = [Tag::parse("marac").expect("a tag")];
    let (missing, theft) = (code("missing person"), code("lost or found property"));
    let (listen, weapons) = (label("listen"), label("weapons"));
    for (at, ids) in [
        (Where::Log(&missing, None, &[]), &["missing-persons", "suicide-risk"][..]),
        (Where::Log(&theft, Some(one), &[]), &["thrive"][..]),
        (Where::Log(&theft, None, &marac), &["domestic-abuse"][..]),
        (Where::Step(&listen), &["silent-calls"][..]),
        (Where::Prompt(&weapons), &["firearms"][..]),
        (Where::Panel("quality assurance"), &["panel-handbook"][..]),
    ] {
        let found = applying(&p, at, now);
        let found: Vec<&str> = found.iter().map(|a| a.id.as_str()).collect();
        assert_eq!(found, ids, "{at:?}");
    }
    assert_eq!(articles(&p, "strangled", now).len(), 1, "by a word of the text or of where it is");
    assert_eq!(articles(&p, "", now).len(), p.article.len());
    assert!(articles(&p, "no such words", now).is_empty());
    let late = dated("2", "2026-01-01");
    assert!(articles(&late, "", now)[0].past_review, "those to be read again come first");
}

#[test]
fn each_policy_says_what_it_changed_in_an_article() {
    let mut w = World::with(policy(), "");
    adopt(&mut w, &policy());
    let mut second = dated("2", "2028-01-01");
    second.article.retain(|a| a.id.as_str() != "scenes");
    adopt(&mut w, &second);
    let missing = article(&w.s, "missing-persons", w.at).expect("it is there");
    let told: Vec<_> = missing.history.iter().map(|r| (r.did, r.policy.as_str())).collect();
    assert_eq!(told, [(Did::Changed, "2"), (Did::Entered, "1")]);
    let change = &missing.history[0].changes[0];
    assert_eq!(change.place, "next review");
    assert_eq!(change.before.as_deref(), Some("2027-10-01"));
    assert_eq!(change.after.as_deref(), Some("2028-01-01"));
    let gone = article(&w.s, "scenes", w.at).expect("its history stays");
    assert!(gone.article.is_none());
    assert_eq!(gone.history[0].did, Did::Withdrawn);
    assert!(article(&w.s, "never", w.at).is_none());
    let thrive = article(&w.s, "thrive", w.at).expect("it is there");
    assert_eq!(thrive.history.len(), 1, "what stays as it is has no change");
}

#[test]
fn an_article_that_cannot_hold_is_refused() {
    type Change = fn(&mut Policy);
    let cases: [(Change, &str); 8] = [
        (|p| p.article[0].codes = vec![OpeningCode::parse("nowhere").unwrap()], "'nowhere'"),
        (|p| p.article[0].next_review.clear(), "no next_review date"),
        (|p| p.article[0].last_reviewed = "2026-02-30".to_owned(), "is not a day"),
        (|p| p.article[0].next_review = "2026-01-01".to_owned(), "before it was last reviewed"),
        (|p| p.article[0].steps = vec![Label::parse("dance").unwrap()], "step 'dance'"),
        (|p| p.article[0].prompts = vec![Label::parse("dance").unwrap()], "question 'dance'"),
        (|p| p.article[0].tags = vec![Tag::parse("dance").unwrap()], "tag 'dance'"),
        (|p| p.article[0].id = p.article[1].id.clone(), "twice"),
    ];
    assert_eq!(check(&policy()), vec![]);
    for (change, sentence) in cases {
        let mut p = policy();
        change(&mut p);
        let found = check(&p);
        assert!(found.iter().any(|c| c.sentence.contains(sentence)), "{sentence}: {found:?}");
    }
}
