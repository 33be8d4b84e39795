# Who looked at what, and a log as it stood.
audit-nav = Audit
audit-title = Who looked at what
audit-purpose = Why you look
audit-purpose-hint = Recorded with your name before anything is shown.
audit-which = Which looks (all, if nothing is said)
audit-staff = By this person
audit-incident = At this log
audit-words = With these words
audit-from = From
audit-to = To
audit-look = Look
audit-found = { $n ->
    [0] No looks
    [one] 1 look, newest first
   *[other] { $n } looks, newest first
}
audit-none = No look fits among the { $n } gone through. Ask for less, or for a longer time.
audit-back-to = { $n } looks were gone through, back to { $at }.
audit-end = That is all: there are no older looks that fit.
audit-older = Older looks
audit-by-person = By person, of those shown:
audit-more-people = and { $n } more
audit-when = When
audit-who = Who
audit-what = At what
audit-why = Why

# A log as it stood.
audit-replay-open = Replay a log
audit-replay-words = The log as it stood at any second: what each role could have seen, what sounded where, who had looked. Nothing can be changed from there.
audit-incident-number = Number of the log
audit-replay-go = Open the replay
audit-replay-why = Say why you open the replay of log { $number }
audit-replay-title = Replay of log { $number }
audit-read-only = Read only.
audit-rules-today = Folded from the journal by the rules and the table of roles that hold today; the policy is the one that held then.
audit-go-on = Go on
audit-as-at = As at { $at }
audit-closed-then = closed by then
audit-previous = ← Before
audit-next = After →
audit-moment-of = Moment { $n } of { $all }.
audit-left-out = { $n } more are not listed.
audit-at = Day and time
audit-show = Show
audit-slide = Slide through it
audit-go-there = Go there
audit-lit = Alarms lit about it: { $n }
audit-lit-none = No alarm about this log was lit.
audit-lit-at = At: { $position }.
audit-answered-by = Answered for by: { $who }.
audit-rolled-up = One alarm with { $n } more.
audit-badge-only = A badge: it had made no sound.
audit-silenced = Silenced.
audit-silenced-by = Sounded { $heard }, silenced by { $who } { $at }.
audit-sounding = Sounding since { $heard }.
audit-roles = What each role could have seen
audit-role = Role
audit-on-duty = On duty
audit-may-log = The log
audit-may-board = The board
audit-alarms-lit = Its alarms
audit-had-looked = Had looked
audit-yes = yes
audit-no = no
audit-nobody = nobody there
audit-looked = { $n ->
    [one] 1 person, last { $at }
   *[other] { $n } people, last { $at }
}
audit-not-looked = nobody
audit-moments = Around this moment
audit-m-sounded = sounded at { $position }: { $words }
audit-m-silenced = { $who } silenced it at { $position }: { $words }
audit-m-looked = { $who } ({ $role }) looked: { $words }
audit-later = later
audit-chain = Are the records as they were written?
audit-chain-holds = Yes. Records { $from } to { $to } follow one from the other; the signed head of { $signed } records, of { $at }, covers them.
audit-chain-broken = No. { $fault }. Keep the journal as it is and tell the administrator.
audit-chain-cut = Records { $from } to { $to } follow one from the other. The rest is too long to check here.
audit-chain-unsigned = Records { $from } to { $to } follow one from the other. The newest are not signed yet: look again in a few seconds.
audit-chain-words = Checked against the journal's own keys. With a key kept elsewhere:

# Through the eyes of a role.
audit-seen = As { $role } could have seen it
audit-as-role = As
audit-seen-nothing = A { $role } could see neither the log nor the board.
audit-seen-place = On the board: place { $place } of { $of }.
audit-nobody-in-role = Nobody was on duty in this role.
audit-on-break = on a break
audit-handled = handled it
audit-person-looked = had looked at it, last { $at }
audit-person-not-looked = had not looked at it
audit-no-unit = No unit.
audit-questions = { $n ->
    [one] 1 question open
   *[other] { $n } questions open
}
audit-row-lit = { $n } lit
audit-risk = Risk { $n }.
audit-facts = The facts as they stood
audit-grade = Grade
audit-suggested = suggested: { $grade }
audit-clock = Clock
audit-code = Opening code
audit-place = Place
audit-informant = Informant
audit-not-known = not known
audit-owner = Owner
audit-policy = Judged under policy
audit-thrive = THRIVE { $n }
audit-units = Units
audit-owed = Owed
audit-owed-none = Nothing.
audit-is-lit = lit
audit-why-rank = Why it ranked there
audit-lines = On the log by then: { $n ->
    [one] 1 line
   *[other] { $n } lines
}
audit-happened = (happened { $at })
audit-asked = Asked of { $to }:
audit-critical = Critical
audit-struck = struck by { $by }: { $reason }
