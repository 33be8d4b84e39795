//! How pages look to one person: theme, size of text and language, kept in a cookie that says
//! nothing about them.

use super::Shared;
use super::words::zone;
use crate::lang::Lang;
use crate::sessions::cookie_of;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;

/// The cookie: theme, size and language, with dots between.
const COOKIE: &str = "callbox_look";
/// A year, in seconds.
const KEPT_S: u32 = 365 * 86_400;

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the browser or the system is set.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// Light from seven in the morning to seven in the evening on the force's clock, else dark.
    Day,
    /// Black, white and yellow.
    Contrast,
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Theme; 5] =
        [Theme::System, Theme::Dark, Theme::Light, Theme::Day, Theme::Contrast];

    /// Its name in the cookie and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Dark => "dark",
            Theme::Light => "light",
            Theme::Day => "day",
            Theme::Contrast => "contrast",
        }
    }
}

/// The sizes of text, in hundredths of the browser's own.
pub(crate) const SCALES: [u16; 4] = [100, 112, 125, 150];

/// How pages look to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The theme.
    pub theme: Theme,
    /// The size of text, one of [`SCALES`].
    pub scale: u16,
    /// The language.
    pub lang: Lang,
}

impl Default for Look {
    fn default() -> Look {
        Look { theme: Theme::default(), scale: 100, lang: Lang::default() }
    }
}

tokio::task_local! {
    static NOW: (Look, i8);
}

impl Look {
    /// The look that a request asks for; what cannot be read is as if it were not there.
    pub fn of(headers: &HeaderMap) -> Look {
        let mut words = cookie_of(headers, COOKIE).unwrap_or("").split('.');
        let mut next = || words.next().unwrap_or("");
        Look::from_words(next(), next(), next())
    }

    /// A look from the words of a form or a cookie.
    pub fn from_words(theme: &str, scale: &str, language: &str) -> Look {
        let theme = Theme::ALL.into_iter().find(|t| t.name() == theme).unwrap_or_default();
        let scale = scale.parse().ok().filter(|s| SCALES.contains(s)).unwrap_or(100);
        let lang = if language == Lang::Cy.tag() { Lang::Cy } else { Lang::En };
        Look { theme, scale, lang }
    }

    /// The cookie's whole header.
    pub fn cookie(self, https: bool) -> String {
        let secure = if https { "; Secure" } else { "" };
        let (theme, scale, tag) = (self.theme.name(), self.scale, self.lang.tag());
        let words = format!("{theme}.{scale}.{tag}");
        format!("{COOKIE}={words}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT_S}{secure}")
    }

    /// For `data-theme` on the page, at an hour of the force's day; none leaves it to the browser.
    fn data_theme(self, hour: i8) -> Option<&'static str> {
        match self.theme {
            Theme::System => None,
            Theme::Day if (7..19).contains(&hour) => Some("light"),
            Theme::Day => Some("dark"),
            other => Some(other.name()),
        }
    }

    /// For `data-theme`, now.
    pub fn theme(self) -> Option<&'static str> {
        self.data_theme(NOW.try_with(|(_, hour)| *hour).unwrap_or(12))
    }

    /// For `data-scale`.
    pub fn scale(self) -> Option<u16> {
        (self.scale != 100).then_some(self.scale)
    }

    /// The look of the request in hand; the usual one outside a request.
    pub fn now() -> Look {
        NOW.try_with(|(look, _)| *look).unwrap_or_default()
    }
}

/// Remembers the look of each request while it is answered, for the layout.
pub(super) async fn remember(
    State(Shared(app)): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let look = Look::of(request.headers());
    let view = app.room.view();
    let zone = zone(&view.policy);
    let hour = jiff::Timestamp::from_millisecond(app.room.now().0)
        .map_or(12, |moment| moment.to_zoned(zone).hour());
    NOW.scope((look, hour), next.run(request)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cookie: &str) -> Look {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.parse().unwrap());
        Look::of(&headers)
    }

    #[test]
    fn a_look_reads_back_from_its_cookie_and_rubbish_is_the_usual_look() {
        for theme in Theme::ALL {
            for scale in SCALES {
                for lang in [Lang::En, Lang::Cy] {
                    let look = Look { theme, scale, lang };
                    assert_eq!(of(look.cookie(true).split(';').next().unwrap()), look);
                }
            }
        }
        for rubbish in
            ["", "callbox_look=", "callbox_look=\"><script>.9999.xx", "other=dark.150.cy"]
        {
            assert_eq!(of(rubbish), Look::default(), "{rubbish}");
        }
    }

    #[test]
    fn the_time_of_day_is_the_force_s() {
        let day = Look { theme: Theme::Day, ..Look::default() };
        let at = |hour| day.data_theme(hour);
        assert_eq!(
            (at(6), at(7), at(18), at(19)),
            (Some("dark"), Some("light"), Some("light"), Some("dark"))
        );
        assert_eq!(Look::default().data_theme(3), None, "the browser's own");
    }
}
