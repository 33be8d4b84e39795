//! What a trainee did in a session, and what they let run.

use crate::world::{World, by, check_in};
use rules::command::EnrolStaff;
use rules::name::{PersonName, StaffId};
use rules::obligation::Rule;
use rules::role::{By, Role};
use rules::time::Span;
use rules::views::session::Session;

#[test]
fn what_a_trainee_did_and_let_run_is_listed() {
    let mut w = World::new();
    for (staff, name, role) in
        [("CH1", "Sian Rowe", Role::CallHandler), ("DD1", "Gareth Pryce", Role::Dispatcher)]
    {
        let staff = StaffId::parse(staff).expect("a name");
        let admin = By { staff: StaffId::parse("ADM1").expect("one"), role: Role::Administrator };
        let entry = EnrolStaff {
            staff,
            name: PersonName::parse(name).expect("a name"),
            roles: vec![role],
            skills: Vec::new(),
            desk: None,
            expires: Vec::new(),
        };
        w.act(&admin, entry).expect("new");
    }
    let mut w = check_in(w, "+0 CH1 opens concern for safety");
    w.wait_until(w.at + Span::minutes(20));
    let mut session = Session::default();
    for (event, meta) in &w.done {
        session.take(event, &meta.by, meta.recorded_at);
    }
    let all = session.trainees(&w.s);
    let of = |name: &str| all.iter().find(|t| t.name == name).expect("they did something");
    let sian = of("Sian Rowe");
    assert!(sian.deeds.iter().any(|d| d.what == "incident opened" && d.n == 1), "{:?}", sian.deeds);
    assert_eq!(sian.logs, [crate::world::number(1)]);
    let run: Vec<Rule> = sian.let_run.iter().map(|r| r.rule).collect();
    assert!(run.contains(&Rule::ThriveOwed) && run.contains(&Rule::GradeOwed), "{run:?}");
    let thrive = sian.let_run.iter().find(|r| r.rule == Rule::ThriveOwed).expect("it ran");
    assert_eq!(
        (thrive.n, thrive.log),
        (1, Some(crate::world::number(1))),
        "once, however often it \
        fires"
    );
    assert!(!of("Gareth Pryce").let_run.iter().any(|r| r.rule == Rule::ThriveOwed));
    assert!(all.iter().all(|t| t.staff != by("CH2").staff), "only those who are enrolled");
}
