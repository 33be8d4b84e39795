//! What the crew says: states, questions, notes, who was seen. Each is a form whose address names a
//! command; with a script it waits on the phone while there is no connection.

use super::super::drafts;
use super::super::frame::Viewer;
use super::short;
use crate::App;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::policy::Policy;
use rules::role::Owner;
use rules::views::officer::{Job, OfficerView};

/// The states of the bar: on a job, and on none.
const ON_JOB: [u8; 5] = [5, 6, 7, 8, 2];
const FREE: [u8; 4] = [2, 3, 4, 8];
/// Statuses from here on are messages and say nothing about work.
const MESSAGES: u8 = 12;

/// One deed as a form.
pub(super) struct Deed<'d> {
    command: &'static str,
    label: &'d str,
    fields: Vec<(&'static str, String)>,
    id: Option<&'d str>,
}

impl<'d> Deed<'d> {
    /// A command, and what it is called while it waits for a connection.
    pub fn new(command: &'static str, label: &'d str) -> Deed<'d> {
        Deed { command, label, fields: Vec::new(), id: None }
    }

    /// With a field that nobody writes.
    pub fn with(mut self, name: &'static str, value: &str) -> Deed<'d> {
        self.fields.push((name, value.to_owned()));
        self
    }

    /// With a name on the page. A form in which somebody writes has one, and is left alone by what
    /// changes around it.
    pub fn named(mut self, id: &'d str) -> Deed<'d> {
        self.id = Some(id);
        self
    }

    /// The form.
    pub fn form(self, inside: Markup) -> Markup {
        html! {
            form id=[self.id] method="post" action={ "/do/" (self.command) }
                data-kept=(self.label) {
                @for (name, value) in &self.fields {
                    input type="hidden" name=(name) value=(value);
                }
                input type="hidden" name="deed-back" value="/officer";
                (inside)
            }
        }
    }
}

/// The bar of states.
pub(super) fn states(view: &OfficerView, policy: &Policy, say: Say) -> Markup {
    let bar: &[u8] = if view.job.is_some() { &ON_JOB } else { &FREE };
    let others = policy
        .status
        .iter()
        .filter(|row| row.code != 0 && row.code < MESSAGES && !bar.contains(&row.code));
    html! {
        nav.states aria-label=(t!(say, "officer-states")) {
            @for code in bar {
                @if let Some(row) = policy.status(*code) {
                    (state(view, row.code, &row.label, say))
                }
            }
        }
        details #other-states {
            summary { (t!(say, "officer-other-states")) }
            div.others { @for row in others { (state(view, row.code, &row.label, say)) } }
        }
    }
}

fn state(view: &OfficerView, code: u8, label: &str, say: Say) -> Markup {
    let words = html! { b { (code) } " " (label) };
    let current = (view.status == code).then_some("true");
    let job = view.job.as_ref();
    let unread = job.is_some_and(|job| job.card_opened_at.is_none());
    let unseen = job.is_some_and(|job| job.must_see && job.at_scene);
    // Free again: the states in which a unit is available.
    let leaves = matches!(code, 1..=3);
    let key = format!("Alt+{code}");
    if code == 6 && unread {
        return html! {
            a.state.held href="#risk" data-key=(key) {
                (words) " " small { (t!(say, "officer-scene-first")) }
            }
        };
    }
    if leaves && unseen {
        return html! {
            a.state.held href="#seen" data-key=(key) {
                (words) " " small { (t!(say, "officer-seen-first")) }
            }
        };
    }
    let named = t!(say, "officer-state-label", code = u32::from(code), words = label);
    Deed::new("set_status", &named)
        .with("call_sign", view.call_sign.as_str())
        .with("status", &code.to_string())
        .form(html! {
            button.state type="submit" data-key=(key) aria-current=[current] { (words) }
        })
}

/// Whoever may write more than a button.
struct Writing<'w> {
    app: &'w App,
    viewer: &'w Viewer,
    job: &'w Job,
}

impl Writing<'_> {
    fn area(&self, what: &str, name: &str, label: &str) -> Markup {
        let id = format!("{what}-{}", self.job.incident);
        let key = format!("officer:{id}");
        html! {
            label for=(id) { (label) }
            textarea id=(id) name=(name) required rows="3" maxlength="2000" data-draft=(key)
                hx-post="/fragments/opinion" hx-trigger="input changed delay:500ms"
                hx-target="next .opinion" hx-swap="innerHTML"
                { (drafts::of(self.app, self.viewer, &key)) }
        }
    }

    fn folded(&self, what: &str, title: &str, inside: &Markup) -> Markup {
        html! {
            // Left alone while somebody writes in it; another job has another.
            details.write id={ "fold-" (what) "-" (self.job.incident) } hx-morph-skip {
                summary { (title) }
                (inside)
                // What sounds like an opinion in any field of the form is said once.
                p.opinion role="status" {}
            }
        }
    }
}

/// Questions, notes, vulnerability, and who was seen.
pub(super) fn talk(app: &App, viewer: &Viewer, view: &OfficerView, job: &Job) -> Markup {
    let say = viewer.say("officer");
    let writing = Writing { app, viewer, job };
    html! {
        (questions(&writing, say))
        @if job.must_see { (seen(&writing, view, say)) }
        div.talk {
            (ask(&writing, say))
            (note(&writing, say))
            (vulnerable(&writing, say))
            (close(&writing, say))
        }
    }
}

fn questions(writing: &Writing<'_>, say: Say) -> Markup {
    let label = t!(say, "officer-answer-label");
    let open = writing.job.questions.iter();
    html! {
        @if !writing.job.questions.is_empty() {
            section.questions aria-label=(t!(say, "officer-questions")) {
                @for asked in open {
                    p {
                        b { "? " } (asked.text) " "
                        @match &asked.answer {
                            Some(answer) => b { (t!(say, "officer-answered")) " " (answer) },
                            None if asked.to_me => {},
                            None => span.meta { (t!(say, "officer-no-answer")) },
                        }
                    }
                    @if asked.to_me && asked.answer.is_none() {
                        @let what = format!("answer{}", asked.question);
                        (writing.folded(&what, &t!(say, "officer-answer"), &
                            Deed::new("answer_question", &label)
                                .with("incident", &writing.job.incident.to_string())
                                .with("question", &asked.question.to_string())
                                .form(html! {
                                    (writing.area(&what, "outcome.done",
                                        &t!(say, "officer-answer")))
                                    button.big type="submit" { (t!(say, "officer-answer-send")) }
                                })))
                    }
                }
            }
        }
    }
}

fn ask(writing: &Writing<'_>, say: Say) -> Markup {
    let label = t!(say, "officer-ask-label");
    let to = match &writing.job.owner {
        Owner::Staff(staff) => format!("staff:{staff}"),
        Owner::Desk(role) => format!("desk:{role}"),
    };
    let form = Deed::new("ask_question", &label)
        .with("incident", &writing.job.incident.to_string())
        .with("to", &to)
        .form(html! {
            (writing.area("ask", "text", &t!(say, "officer-ask-what",
                who = writing.job.owner.to_string())))
            button.big type="submit" { (t!(say, "officer-ask-send")) }
        });
    // Another owner is another form: a question never goes to whoever had the log before.
    let what: String = format!("ask-{to}")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    writing.folded(&what, &t!(say, "officer-ask"), &form)
}

fn note(writing: &Writing<'_>, say: Say) -> Markup {
    let label = t!(say, "officer-note-label", number = short(writing.job.incident));
    let form = Deed::new("add_entry", &label)
        .with("incident", &writing.job.incident.to_string())
        .with("new_information", "true")
        .form(html! {
            (writing.area("note", "text", &t!(say, "officer-note-what")))
            button.big type="submit" { (t!(say, "officer-note-send")) }
        });
    writing.folded("note", &t!(say, "officer-note"), &form)
}

fn vulnerable(writing: &Writing<'_>, say: Say) -> Markup {
    let label = t!(say, "officer-vulnerable-label");
    let form = Deed::new("add_entry", &label)
        .with("incident", &writing.job.incident.to_string())
        .with("new_information", "true")
        .with("critical", "true")
        .form(html! {
            (writing.area("vulnerable", "text", &t!(say, "officer-vulnerable-what")))
            button.big type="submit" { (t!(say, "officer-vulnerable-send")) }
        });
    writing.folded("vulnerable", &t!(say, "officer-vulnerable"), &form)
}

/// Asks the owner to close: what was found and the risk now, and who was seen where that matters.
/// It closes nothing.
fn close(writing: &Writing<'_>, say: Say) -> Markup {
    let (label, job) = (t!(say, "officer-close-label"), writing.job);
    let deed = || Deed::new("ask_to_close", &label).with("incident", &job.incident.to_string());
    let form = |what: &str, seen: Option<(&str, String)>| {
        deed().form(html! {
            (writing.area(&format!("{what}-found"), "found", &t!(say, "officer-close-found")))
            (writing.area(&format!("{what}-risk"), "risk_now", &t!(say, "officer-close-risk")))
            @if let Some((name, words)) = &seen {
                (writing.area(&format!("{what}-seen"), name, words))
            }
            p.meta { (t!(say, "officer-close-what", who = job.owner.to_string())) }
            button.big type="submit" { (t!(say, "officer-close-send")) }
        })
    };
    let (yes, no) = (t!(say, "officer-seen-who"), t!(say, "officer-seen-why"));
    html! {
        @if job.must_see {
            (writing.folded("close-seen", &t!(say, "officer-close-seen"),
                &form("close-seen", Some(("seen.done", yes)))))
            (writing.folded("close-unseen", &t!(say, "officer-close-unseen"),
                &form("close-unseen", Some(("seen.not_applicable", no)))))
        } @else {
            (writing.folded("close", &t!(say, "officer-close"), &form("close", None)))
        }
    }
}

/// "Did you see and speak to them?", before the job about somebody vulnerable is left.
fn seen(writing: &Writing<'_>, view: &OfficerView, say: Say) -> Markup {
    let (yes, no) = (t!(say, "officer-seen-yes-label"), t!(say, "officer-seen-no-label"));
    let leave = |label| {
        Deed::new("set_status", label)
            .with("call_sign", view.call_sign.as_str())
            .with("status", "2")
    };
    html! {
        section #seen.seen tabindex="-1" hidden[!writing.job.at_scene]
            aria-labelledby="seen-title" {
            h2 #seen-title { (t!(say, "officer-seen")) }
            (writing.folded("seen-yes", &t!(say, "officer-seen-yes"), &leave(&yes).form(html! {
                (writing.area("seen-yes", "seen.done", &t!(say, "officer-seen-who")))
                button.big type="submit" { (t!(say, "officer-seen-send")) }
            })))
            (writing.folded("seen-no", &t!(say, "officer-seen-no"), &leave(&no).form(html! {
                (writing.area("seen-no", "seen.not_applicable", &t!(say, "officer-seen-why")))
                button.big type="submit" { (t!(say, "officer-seen-send-no")) }
            })))
        }
    }
}
