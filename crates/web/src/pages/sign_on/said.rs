//! The words of signing on, in English and Welsh.

use super::super::look::{Look, Theme};
use crate::lang::Lang;

/// The words.
pub(super) struct Said {
    pub sign_on: &'static str,
    pub people: &'static str,
    pub people_hint: &'static str,
    pub account: &'static str,
    pub name: &'static str,
    pub password: &'static str,
    pub code: &'static str,
    pub token_heading: &'static str,
    pub token: &'static str,
    pub with: &'static str,
    pub who_and_where: &'static str,
    pub choose_role: &'static str,
    pub role: &'static str,
    pub seat: &'static str,
    pub no_seat_free: &'static str,
    pub any_seat: &'static str,
    pub seat_needless: &'static str,
    pub on_duty_at: &'static str,
    pub skills: &'static str,
    pub no_skills: &'static str,
    pub sounds: &'static str,
    pub sounds_hint: &'static str,
    pub play_a1: &'static str,
    pub play_a2: &'static str,
    pub heard: &'static str,
    pub looks: &'static str,
    pub theme: &'static str,
    pub scale: &'static str,
    pub language: &'static str,
    pub try_look: &'static str,
    pub take_seat: &'static str,
    pub go_on: &'static str,
    themes: [&'static str; 5],
}

impl Said {
    /// The words in the language of the request in hand.
    pub fn now() -> &'static Said {
        match Look::now().lang {
            Lang::En => &ENGLISH,
            Lang::Cy => &CYMRAEG,
        }
    }

    /// A theme's name.
    pub fn theme_name(&self, theme: Theme) -> &'static str {
        let [system, dark, light, day, contrast] = self.themes;
        match theme {
            Theme::System => system,
            Theme::Dark => dark,
            Theme::Light => light,
            Theme::Day => day,
            Theme::Contrast => contrast,
        }
    }
}

static ENGLISH: Said = Said {
    sign_on: "Sign on",
    people: "Be somebody of the demonstration",
    people_hint: "Alt and the number, or press a name.",
    account: "With your account",
    name: "Account name",
    password: "Password",
    code: "Code of your authenticator, if you have one",
    token_heading: "With a token",
    token: "Your token",
    with: "Sign on with",
    who_and_where: "Your role and seat",
    choose_role: "Choose the role you work in now",
    role: "Role",
    seat: "Seat",
    no_seat_free: "Every seat of this desk is taken: ask a team leader.",
    any_seat: "Your seat or call sign",
    seat_needless: "This role needs no seat.",
    on_duty_at: "You are on duty already, at",
    skills: "Your skills",
    no_skills: "none recorded",
    sounds: "Sound check",
    sounds_hint: "Set the volume so that you hear both from your seat.",
    play_a1: "Play the critical alarm",
    play_a2: "Play the high alarm",
    heard: "I heard both",
    looks: "How it looks",
    theme: "Theme",
    scale: "Size of text",
    language: "Language",
    try_look: "Try this look",
    take_seat: "Take the seat",
    go_on: "Go on",
    themes: ["As the system is set", "Dark", "Light", "By the time of day", "High contrast"],
};

static CYMRAEG: Said = Said {
    sign_on: "Mewngofnodi",
    people: "Bod yn rhywun o'r arddangosiad",
    people_hint: "Alt a'r rhif, neu pwyswch enw.",
    account: "Gyda'ch cyfrif",
    name: "Enw'r cyfrif",
    password: "Cyfrinair",
    code: "Cod eich dilysydd, os oes gennych un",
    token_heading: "Gyda thocyn",
    token: "Eich tocyn",
    with: "Mewngofnodi gyda",
    who_and_where: "Eich rôl a'ch sedd",
    choose_role: "Dewiswch y rôl yr ydych yn gweithio ynddi nawr",
    role: "Rôl",
    seat: "Sedd",
    no_seat_free: "Mae pob sedd wrth y ddesg hon wedi'i chymryd: gofynnwch i arweinydd tîm.",
    any_seat: "Eich sedd neu'ch arwydd galw",
    seat_needless: "Nid oes angen sedd ar gyfer y rôl hon.",
    on_duty_at: "Rydych ar ddyletswydd yn barod, wrth",
    skills: "Eich sgiliau",
    no_skills: "dim wedi'u cofnodi",
    sounds: "Prawf sain",
    sounds_hint: "Gosodwch lefel y sain fel eich bod yn clywed y ddau o'ch sedd.",
    play_a1: "Chwarae'r larwm critigol",
    play_a2: "Chwarae'r larwm uchel",
    heard: "Clywais y ddau",
    looks: "Sut mae'n edrych",
    theme: "Thema",
    scale: "Maint y testun",
    language: "Iaith",
    try_look: "Rhoi cynnig ar yr olwg hon",
    take_seat: "Cymryd y sedd",
    go_on: "Ymlaen",
    themes: [
        "Fel y mae'r system wedi'i gosod",
        "Tywyll",
        "Golau",
        "Yn ôl yr amser o'r dydd",
        "Cyferbyniad uchel",
    ],
};
