//! How a person wants the pages: theme, size of the text, language. It lives in a cookie that says
//! nothing about the person.

use crate::lang::Lang;
use http::{HeaderMap, header};

/// The cookie: `theme.scale.language`.
const COOKIE: &str = "callbox_look";

/// How a person wants the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    theme: Option<&'static str>,
    scale: Option<&'static str>,
    /// The language.
    pub lang: Lang,
}

/// The themes; none is as the system has it.
const THEMES: [&str; 3] = ["dark", "light", "contrast"];
/// The sizes in per cent; none is 100.
const SCALES: [&str; 3] = ["112", "125", "150"];

impl Look {
    /// What the cookie says; anything else is as if it were not there.
    pub fn of(headers: &HeaderMap) -> Look {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let value = cookies
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == COOKIE).then_some(value))
            .unwrap_or("");
        let mut parts = value.split('.');
        let mut one_of = |known: &[&'static str]| {
            let part = parts.next()?;
            known.iter().copied().find(|k| *k == part)
        };
        let (theme, scale) = (one_of(&THEMES), one_of(&SCALES));
        let lang = if parts.next() == Some("cy") { Lang::Cy } else { Lang::En };
        Look { theme, scale, lang }
    }

    /// For `data-theme`.
    pub fn theme(&self) -> Option<&'static str> {
        self.theme
    }

    /// For `data-scale`.
    pub fn scale(&self) -> Option<&'static str> {
        self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_what_the_cookie_says_and_nothing_else() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, value.parse().unwrap());
            Look::of(&headers)
        };
        let look = of("a=b; callbox_look=light.125.cy");
        assert_eq!((look.theme(), look.scale(), look.lang), (Some("light"), Some("125"), Lang::Cy));
        assert_eq!(of("callbox_look=\"><script>.9.zz"), Look::default());
        assert_eq!(of("callbox_look="), Look::default());
        assert_eq!(of("x=1"), Look::default());
    }
}
