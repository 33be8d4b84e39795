//! What is looked at, in which order. In an address it is never about a person: a log by its
//! number, a unit by its call sign.

use grid::{Read, Unread};
use maud::{Markup, html};
use rules::command::Point;
use rules::name::{CallSign, IncidentNumber, Label};
use rules::state::State;
use rules::views::map::{Spot, point_of};

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum By {
    /// The worst first.
    #[default]
    Risk,
    /// The nearest first.
    Near,
    /// By log and call sign.
    Name,
}

impl By {
    pub const ALL: [By; 3] = [By::Risk, By::Name, By::Near];

    pub fn name(self) -> &'static str {
        match self {
            By::Risk => "risk",
            By::Near => "near",
            By::Name => "name",
        }
    }
}

/// What is asked for; what is not understood is as if it were not there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub district: Option<Label>,
    pub spot: Option<Spot>,
    pub by: By,
    /// A place as somebody wrote it.
    pub text: Option<String>,
}

impl Asked {
    pub fn of(fields: Vec<(String, String)>) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in fields {
            match name.as_str() {
                "district" => asked.district = Label::parse(&value).ok(),
                "log" => asked.spot = IncidentNumber::parse(&value).ok().map(Spot::Log),
                "unit" => asked.spot = CallSign::parse(&value).ok().map(Spot::Unit),
                "by" => {
                    asked.by = By::ALL.into_iter().find(|b| b.name() == value).unwrap_or_default();
                }
                "text" => asked.text = Some(value).filter(|text| !text.trim().is_empty()),
                _ => {}
            }
        }
        asked
    }

    /// The place that was looked up, or why it is none.
    pub fn place(&self) -> Option<Result<Read, Unread>> {
        self.text.as_deref().map(grid::read)
    }

    /// The point that distances are from: the place looked up, or else what is looked at.
    pub fn from(&self, s: &State) -> Option<Point> {
        match self.place() {
            Some(Ok(read)) => Some(crate::place::point(read.at)),
            _ => self.spot.as_ref().and_then(|spot| point_of(s, spot)),
        }
    }

    /// What is looked at, as a field of a form.
    pub fn spot_field(&self) -> Option<(&'static str, String)> {
        self.spot.as_ref().map(|spot| match spot {
            Spot::Log(n) => ("log", n.to_string()),
            Spot::Unit(name) => ("unit", name.to_string()),
        })
    }

    /// What is looked at, as the id of its row.
    pub fn spot_id(&self) -> Option<String> {
        self.spot_field().map(|(kind, name)| format!("{kind}-{name}"))
    }

    /// The same as hidden fields, with the place or without.
    pub fn hidden(&self, with_place: bool) -> Markup {
        html! {
            @if let Some(district) = &self.district {
                input type="hidden" name="district" value=(district);
            }
            @if let Some((name, value)) = self.spot_field() {
                input type="hidden" name=(name) value=(value);
            }
            @if let Some(text) = self.text.as_deref().filter(|_| with_place) {
                input type="hidden" name="text" value=(text);
            }
        }
    }

    /// An address of the page with something else looked at, in another order. A place that was
    /// looked up is not in it.
    pub fn address(&self, spot: Option<&Spot>, by: By) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(district) = &self.district {
            query.append_pair("district", district.as_str());
        }
        let spot = Asked { spot: spot.cloned(), ..Asked::default() }.spot_field();
        if let Some((name, value)) = spot {
            query.append_pair(name, &value);
        }
        if by != By::Risk {
            query.append_pair("by", by.name());
        }
        let query = query.finish();
        if query.is_empty() { "/map".to_owned() } else { format!("/map?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::of(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    #[test]
    fn an_address_says_what_is_looked_at_and_never_where() {
        let one = asked("district=North+West&log=20261121-0412&by=near&text=SN+412+206");
        assert_eq!(one.spot_id().as_deref(), Some("log-20261121-0412"));
        assert!(matches!(one.place(), Some(Ok(_))));
        let unit = Spot::Unit(CallSign::parse("DC14").unwrap());
        let there = one.address(Some(&unit), By::Near);
        assert_eq!(there, "/map?district=North+West&unit=DC14&by=near");
        assert_eq!(asked("log=nobody&by=king&district=").address(None, By::Risk), "/map");
        assert_eq!(asked("text=++"), Asked::default());
    }
}
