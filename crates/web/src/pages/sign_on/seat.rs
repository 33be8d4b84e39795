//! The second step: role, seat, skills, sounds and look. Taking the seat is the command of the room
//! that programs give as well.

use super::{Form, go_on, home, refusal, role_words, somebody, spoken, with_cookie, words};
use crate::App;
use crate::lang::{Lang, Say, t};
use crate::pages::look::{Look, SCALES, Theme};
use crate::pages::{Shared, problem_page, see_other};
use crate::problem::{Kind, Problem};
use crate::sessions::{Session, Step};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use room::Act;
use rules::command::SignOn;
use rules::name::SeatId;
use rules::role::{By, Role};
use rules::state::State as Room;
use rules::views::staff::free_seats;

pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let session = match somebody(&app, &parts) {
        Ok(session) => session,
        Err(instead) => return *instead,
    };
    let query = parts.uri.query().unwrap_or("");
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "role");
    let asked = asked.and_then(|(_, role)| role_named(&role));
    show(&app, &session, asked, None)
}

fn role_named(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.name() == name)
}

/// The page for the role that was asked for, the only one there is, or a choice.
fn show(app: &App, session: &Session, asked: Option<Role>, refused: Option<&Problem>) -> Response {
    let say = words();
    let view = app.room.view();
    let roles = session.roles_now(app);
    let on_duty = view.staff.get(&session.staff).map(|on| on.role);
    let role = match (&roles[..], on_duty.or(asked).or(session.role())) {
        ([], _) => {
            let detail = "no role is left to you: an administrator gives you one, in your account, \
                          your groups or the staff directory";
            return problem_page(app, Problem::new(Kind::Forbidden, detail));
        }
        (roles, Some(role)) if roles.contains(&role) => Some(role),
        ([only], _) => Some(*only),
        _ => None,
    };
    let main = html! {
        h1 { (t!(say, "sign-on-who-and-where")) }
        p { (session.name) " " span.dim { (session.staff) } }
        (refusal(refused))
        @match role {
            Some(role) => (seat_form(&view, session, role, say)),
            None => (choice(&roles, say)),
        }
    };
    let mut response = spoken(app, &t!(say, "sign-on-who-and-where"), &main);
    if let Some(problem) = refused {
        *response.status_mut() = problem.kind.status();
    }
    response
}

fn choice(roles: &[Role], say: Say) -> Markup {
    html! {
        h2 { (t!(say, "sign-on-choose-role")) }
        ul.roles {
            @for role in roles {
                li {
                    a.button href={ "/sign-on/seat?role=" (role.name()) } { (role_words(*role)) }
                }
            }
        }
    }
}

fn seat_form(view: &Room, session: &Session, role: Role, say: Say) -> Markup {
    let needed = room::roles::may(role, "sign_on");
    html! {
        form.seat method="post" action="/sign-on/seat" {
            input type="hidden" name="role" value=(role.name());
            h2 { (t!(say, "sign-on-role")) ": " (role_words(role)) }
            @if needed {
                (seats(view, session, role, say))
                (skills(view, session, say))
            } @else { p { (t!(say, "sign-on-seat-needless")) } }
            (sounds(session, say))
            (looks(say))
            button.primary type="submit" {
                @if needed { (t!(say, "sign-on-take-seat")) } @else { (t!(say, "sign-on-go-on")) }
            }
        }
    }
}

fn seats(view: &Room, session: &Session, role: Role, say: Say) -> Markup {
    if let Some(on) = view.staff.get(&session.staff) {
        return html! { p { (t!(say, "sign-on-on-duty-at")) " " strong { (on.seat) } "." } };
    }
    let listed = view.policy.desk.get(&role).is_some_and(|desk| !desk.seats.is_empty());
    let free = free_seats(view, role);
    html! {
        @if !listed {
            label for="seat" { (t!(say, "sign-on-any-seat")) }
            input #seat name="seat" maxlength="16" required autocomplete="off";
        } @else if free.is_empty() {
            p.error { (t!(say, "sign-on-no-seat-free")) }
        } @else {
            label for="seat" { (t!(say, "sign-on-seat")) }
            select #seat name="seat" {
                @for seat in &free { option value=(seat) { (seat) } }
            }
        }
    }
}

fn skills(view: &Room, session: &Session, say: Say) -> Markup {
    let enrolled = view.directory.get(&session.staff);
    let skills = enrolled.map_or(&session.skills, |held| &held.skills);
    let names: Vec<&str> = skills.iter().map(rules::name::Label::as_str).collect();
    html! {
        p {
            (t!(say, "sign-on-skills")) ": "
            @if names.is_empty() { (t!(say, "sign-on-no-skills")) } @else {
                span lang="en-GB" { (names.join(", ")) }
            }
        }
    }
}

fn sounds(session: &Session, say: Say) -> Markup {
    html! {
        fieldset {
            legend { (t!(say, "sign-on-sounds")) }
            p { (t!(say, "sign-on-sounds-hint")) }
            div.row {
                button type="button" data-sound="A1" { (t!(say, "sign-on-play-a1")) }
                button type="button" data-sound="A2" { (t!(say, "sign-on-play-a2")) }
            }
            label.tick {
                input type="checkbox" name="heard" value="yes" checked[session.heard];
                " " (t!(say, "sign-on-heard"))
            }
        }
    }
}

fn theme_name(theme: Theme, say: Say) -> String {
    match theme {
        Theme::System => t!(say, "sign-on-theme-system"),
        Theme::Dark => t!(say, "sign-on-theme-dark"),
        Theme::Light => t!(say, "sign-on-theme-light"),
        Theme::Day => t!(say, "sign-on-theme-day"),
        Theme::Contrast => t!(say, "sign-on-theme-contrast"),
    }
}

fn looks(say: Say) -> Markup {
    let look = Look::now();
    html! {
        fieldset {
            legend { (t!(say, "sign-on-looks")) }
            label for="theme" { (t!(say, "sign-on-theme")) }
            select #theme name="theme" {
                @for theme in Theme::ALL {
                    option value=(theme.name()) selected[theme == look.theme] {
                        (theme_name(theme, say))
                    }
                }
            }
            label for="scale" { (t!(say, "sign-on-scale")) }
            select #scale name="scale" {
                @for scale in SCALES {
                    option value=(scale) selected[scale == look.scale] { (scale) " %" }
                }
            }
            label for="language" { (t!(say, "sign-on-language")) }
            select #language name="language" {
                @for (lang, own_name) in [(Lang::En, "English"), (Lang::Cy, "Cymraeg")] {
                    option value=(lang.tag()) lang=(lang.tag()) selected[lang == look.lang] {
                        (own_name)
                    }
                }
            }
            button type="submit" formaction="/look" formnovalidate { (t!(say, "sign-on-try-look")) }
        }
    }
}

/// Keeps the look, and nothing else.
pub(in crate::pages) async fn look(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    match Form::read(request).await {
        Ok(form) => {
            let cookie = form.look().cookie(app.config.https);
            let back = app.sessions.of(&form.parts.headers, app.config.https);
            let to = if back.is_some() { "/sign-on/seat" } else { "/sign-on" };
            with_cookie(see_other(to), &cookie)
        }
        Err(problem) => problem_page(&app, problem),
    }
}

pub(in crate::pages) async fn take(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(&app, problem),
    };
    let mut session = match somebody(&app, &form.parts) {
        Ok(session) => session,
        Err(instead) => return *instead,
    };
    let role = role_named(form.text("role"));
    match begin_work(&app, &session, role, form.text("seat")).await {
        Ok(role) => {
            session.step = Step::Work(role);
            session.heard = form.field("heard").is_some();
            let response = go_on(&app, &form.parts, session, home(role));
            with_cookie(response, &form.look().cookie(app.config.https))
        }
        Err(problem) => show(&app, &session, role, Some(&problem)),
    }
}

/// Takes the seat, unless they sit already or the role needs none.
async fn begin_work(
    app: &App,
    session: &Session,
    role: Option<Role>,
    seat: &str,
) -> Result<Role, Problem> {
    let roles = session.roles_now(app);
    let role = role.filter(|role| roles.contains(role)).ok_or_else(|| {
        Problem::new(Kind::Forbidden, "this role is not one of yours: choose one of the list")
    })?;
    if !room::roles::may(role, "sign_on") {
        return Ok(role);
    }
    match app.room.view().staff.get(&session.staff) {
        Some(on) if on.role == role => return Ok(role),
        Some(on) => {
            let (held, seat) = (on.role.words(), &on.seat);
            let detail = format!(
                "you are on duty as {held} at {seat}: go on in that role, or sign off there first"
            );
            return Err(Problem::new(Kind::Conflict, detail));
        }
        None => {}
    }
    let seat = SeatId::parse(seat).map_err(Problem::invalid)?;
    let by = By { staff: session.staff.clone(), role };
    app.room.act(Act::new(by, SignOn { seat, skills: session.skills.clone() })).await?;
    Ok(role)
}
