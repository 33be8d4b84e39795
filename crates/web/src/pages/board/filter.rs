//! Which logs a screen wants. It stands in the page's address, which says nothing about a person:
//! "mine" is a word there, and not a name.

use super::super::frame::Viewer;
use super::owner_value;
use crate::App;
use crate::lang::t;
use maud::{Markup, html};
use rules::name::{Grade, IncidentNumber, Label, Tag};
use rules::role::{Owner, Role};
use rules::views::board::BoardFilter;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What the address asks for; what is not understood is as if it were not there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wanted {
    mine: bool,
    unresourced: bool,
    late: bool,
    desk: Option<Role>,
    grade: Option<Grade>,
    district: Option<Label>,
    tag: Option<Tag>,
    /// The log that is selected.
    pub log: Option<IncidentNumber>,
}

impl Wanted {
    pub fn of(query: &str) -> Wanted {
        let mut wanted = Wanted::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "mine" => wanted.mine = true,
                "unresourced" => wanted.unresourced = true,
                "late" => wanted.late = true,
                "desk" => wanted.desk = Role::ALL.into_iter().find(|r| r.name() == value),
                "grade" => wanted.grade = value.parse().ok().and_then(|n: u8| n.try_into().ok()),
                "district" => wanted.district = Label::parse(&value).ok(),
                "tag" => wanted.tag = Tag::parse(&value).ok(),
                "log" => wanted.log = IncidentNumber::parse(&value).ok(),
                _ => {}
            }
        }
        wanted
    }

    /// Whether every open log is wanted.
    pub fn is_all(&self) -> bool {
        Wanted { log: self.log, ..Wanted::default() } == *self
    }

    pub fn filter(&self, viewer: &Viewer) -> BoardFilter {
        BoardFilter {
            grade: self.grade,
            district: self.district.clone(),
            owner: self.mine.then(|| viewer.by.staff.clone()),
            desk: self.desk,
            tag: self.tag.clone(),
            code: None,
            unresourced: self.unresourced,
            late: self.late,
        }
    }

    /// The same as a selector of rows, for those that change while the page is open.
    pub fn selector(&self, viewer: &Viewer) -> String {
        let mut all = String::new();
        let mut has = |name: &str, how: &str, value: &str| {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            // Writing to a string cannot fail.
            let _ = write!(all, "[data-{name}{how}=\"{value}\"]");
        };
        if let Some(grade) = self.grade {
            has("grade", "", &grade.to_string());
        }
        if let Some(district) = &self.district {
            has("district", "", district.as_str());
        }
        match (self.mine, self.desk) {
            (true, _) => has("owner", "", &owner_value(&Owner::Staff(viewer.by.staff.clone()))),
            (false, Some(role)) => has("owner", "", &owner_value(&Owner::Desk(role))),
            (false, None) => {}
        }
        if let Some(tag) = &self.tag {
            has("tags", "*", &format!("|{tag}|"));
        }
        for (wanted, name) in [(self.unresourced, "[data-waits]"), (self.late, "[data-late]")] {
            all.push_str(if wanted { name } else { "" });
        }
        all
    }
}

/// The filters, as a form that needs no script.
pub(super) fn form(app: &App, viewer: &Viewer, wanted: &Wanted) -> Markup {
    let say = viewer.say("board");
    let s = app.room.view();
    let logs = s.incidents.values().filter_map(|log| log.location.district.as_ref());
    let districts: BTreeSet<&Label> =
        logs.chain(s.units.values().filter_map(|u| u.district.as_ref())).collect();
    let tick = |name: &str, words: String, on: bool| {
        html! {
            label.tick { input type="checkbox" name=(name) value="1" checked[on]; " " (words) }
        }
    };
    let any = t!(say, "board-any");
    let pick = |name: &str, words: String, of: Vec<(String, String, bool)>| {
        html! {
            label { (words) " "
                select name=(name) {
                    option value="" { (any) }
                    @for (value, words, on) in of {
                        option value=(value) selected[on] { (words) }
                    }
                }
            }
        }
    };
    let grades = s.policy.grade.iter().map(|g| {
        let on = wanted.grade.is_some_and(|w| w == g.rank);
        (g.rank.to_string(), format!("{} {}", g.rank, g.label), on)
    });
    let districts = districts
        .into_iter()
        .map(|d| (d.to_string(), d.to_string(), wanted.district.as_ref() == Some(d)));
    let desks = [Role::CallHandler, Role::Dispatcher, Role::DispatchSupervisor, Role::TeamLeader];
    let desks = desks.map(|r| (r.name().to_owned(), r.words(), wanted.desk == Some(r)));
    let tags = s.policy.tag.iter().map(|row| {
        (row.tag.to_string(), row.tag.to_string(), wanted.tag.as_ref() == Some(&row.tag))
    });
    html! {
        details.filters open[!wanted.is_all()] {
            summary data-key="Alt+4" {
                @if wanted.is_all() { (t!(say, "board-filter")) }
                @else { (t!(say, "board-filtered")) }
            }
            form #filters method="get" action="/" {
                (tick("mine", t!(say, "board-mine"), wanted.mine))
                (tick("unresourced", t!(say, "board-unresourced"), wanted.unresourced))
                (tick("late", t!(say, "board-over"), wanted.late))
                (pick("grade", t!(say, "board-grade-long"), grades.collect()))
                (pick("desk", t!(say, "board-desk"), desks.into()))
                (pick("district", t!(say, "board-district"), districts.collect()))
                (pick("tag", t!(say, "board-tag"), tags.collect()))
                button type="submit" { (t!(say, "board-apply")) }
                @if !wanted.is_all() { a href="/" { (t!(say, "board-all")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Caller;
    use crate::pages::look::Look;
    use rules::name::StaffId;
    use rules::role::By;

    fn viewer() -> Viewer {
        let by = By { staff: StaffId::parse("DD02").unwrap(), role: Role::Dispatcher };
        let caller =
            Caller { by, token: "t".into(), screen: "t".into(), expires: jiff::Timestamp::MAX };
        Viewer { caller, look: Look::default() }
    }

    #[test]
    fn what_an_address_asks_for_is_one_filter_for_the_server_and_the_screen() {
        let wanted = Wanted::of("mine=1&grade=2&district=North&tag=fim&late=1&log=20261121-0004");
        let filter = wanted.filter(&viewer());
        assert_eq!(filter.owner.as_ref().map(StaffId::as_str), Some("DD02"));
        assert_eq!(filter.grade.map(Grade::rank), Some(2));
        assert!(filter.late && !filter.unresourced && !wanted.is_all());
        assert_eq!(
            wanted.selector(&viewer()),
            "[data-grade=\"2\"][data-district=\"North\"][data-owner=\"staff:DD02\"]\
             [data-tags*=\"|fim|\"][data-late]"
        );
        assert_eq!(wanted.log.map(|n| n.n), Some(4));
    }

    #[test]
    fn nonsense_in_an_address_filters_nothing_and_breaks_out_of_nothing() {
        let wanted = Wanted::of("grade=77&desk=king&log=no&x=%22%5D&grade=");
        assert!(wanted.is_all() && wanted.log.is_none());
        assert_eq!(wanted.selector(&viewer()), "");
        let wanted = Wanted::of("district=%22%5D%2C*%5B%5C");
        if !wanted.is_all() {
            assert_eq!(wanted.selector(&viewer()), "[data-district=\"\\\"],*[\\\\\"]");
        }
    }
}
