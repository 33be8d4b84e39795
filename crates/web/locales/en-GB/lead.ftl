# For those who lead the room.
lead-level-critical = Critical
lead-level-high = High
lead-level-prompt = Prompt
lead-level-record = Record

# What waits for my decision.
decisions-title = Needs my decision
decisions-gone = Obligation { $n } no longer waits for you: it was met or decided. The worst of the rest is shown.
decisions-owner = Owner: { $owner }.
decisions-told = Told: { $told }.
decisions-next = Next: { $next }.
decisions-risk = Risk { $n }.
decisions-open-log = Open the log
decisions-skip = Look at the next one
decisions-own = Own it
decisions-own-words = What I will do
decisions-give = Give it
decisions-give-to = To
decisions-because = Because
decisions-delay = Delay it
decisions-delay-until = Until (hh:mm, at most { $most })
decisions-raise = Raise it
decisions-waiting = { $n ->
    [one] 1 waits, by risk and time
   *[other] { $n } wait, by risk and time
}
decisions-none = Nothing waits for your decision.
decisions-more = and { $n } more
decisions-delayed = Put off in the force: { $n }
decisions-none-delayed = Nothing is put off.
decisions-until = until { $at } ({ $left } left)
decisions-kept = Are escalations kept?
decisions-kept-words = Past their time: { $late }. Told upwards: { $told }. Decided since: { $decided }.
decisions-sample = Draw a dip sample of escalations
decisions-kept-percent = { $n } % of what was told upwards is decided.

# The handover.
handover-title = Handover
handover-build = Build the handover
handover-build-words = It lists everything late, tagged, waiting, without an owner or at a scene. Whoever takes over accepts each line; you cannot accept your own.
handover-desk = Desk
handover-none = No handover waits to be accepted.
handover-of = Handover { $n }: { $desk }
handover-built = Built by { $by }, { $at }, { $age } ago.
handover-left = { $n } of { $all } lines are not accepted.
handover-mine = You built this one: the person who takes over accepts it.
handover-accepted = accepted by { $by }, { $at }
handover-accept = Accept line { $n }
handover-open = not accepted
handover-to-accept = { $n ->
    [one] 1 line of a handover waits for you to accept it
   *[other] { $n } lines of handovers wait for you to accept them
}

# The force on one page.
fim-title = Force picture
fim-as-at = { $force }, { $at }. Print this page to keep the picture.
fim-risk = Risk in the queue
fim-grade = { $n } waiting, { $late } late
fim-risk-parts = With a marker: { $marked }. Informants who rang again: { $chased }. Without an owner: { $ownerless }.
fim-worst = The worst five in the force
fim-to-meeting = The whole list for the threat-harm-risk meeting
fim-no-logs = No log is open.
fim-no-place = place not known
fim-open-for = Open { $time }, owner { $owner }.
fim-owed = Late: { $what }.
fim-tagged = Tagged for the manager: { $n }
fim-none-tagged = No open log is tagged.
fim-no-unit = no unit
fim-more = and { $n } more
fim-ladders = Told upwards, not decided: { $n }
fim-decide = Decide
fim-told = Told { $told }. Next: { $next }.
fim-delayed = Put off: { $n }
fim-resources = Units by district
fim-district = District
fim-free = Free / all
fim-on-logs = On logs
fim-waiting = Wait for a unit
fim-late = Late
fim-kinds = Free by kind
fim-short = short
fim-kind = { $kind } { $free } of { $n }
fim-scenes = Scenes that tie up staff: { $n }
fim-scene = for { $time }, { $staff } people
fim-people = On duty
fim-here = { $n } here, at least { $least }
fim-covered = covered by { $by }
fim-demand = Open logs by the hour they came in
fim-demand-words = Counted, not forecast. What is closed is not in it.
fim-hour = Hour
fim-still-open = Still open
fim-handover = Handover
fim-to-handover = { $n ->
    [0] Build a handover
    [one] 1 handover is not accepted
   *[other] { $n } handovers are not accepted
}
fim-decision = Record a decision
fim-decision-words = It is kept on the log as a critical entry with its time and your name, and the log's owner must read it.
fim-decision-log = Log number
fim-decided = The decision, and why
fim-prompts = I have decided: because:
    Information:
    Threat and risk:
    Powers and policy:
    Options:
    Action and review:
    Code of Ethics:
fim-record = Record the decision

# The wall.
wall-title = Wall
wall-as-at = As at { $at }.
wall-legend = What each number counts
wall-met = met
wall-over = over
wall-no-target = no target
wall-target = target { $target }
wall-emergency = 999 without a record
wall-emergency-is = Emergency calls that were taken and have no log, no link to one and no recorded outcome yet. Calls that nobody has answered are counted by the telephone system, not here.
wall-other = 101 oldest
wall-other-is = How long the oldest non-emergency or switchboard call has had no log, link or outcome.
wall-ring-backs = Ring-backs late
wall-ring-backs-is = Promised ring-backs whose time has passed.
wall-unresourced = ■ Immediate, no unit
wall-unresourced-is = Open logs of the most urgent grade without a unit.
wall-late = Over target
wall-late-is = Open logs of any grade whose running clock has passed its target.
wall-digital = Digital oldest
wall-digital-is = How long the oldest e-mail, form, message or chat has had no log, link or outcome.

# How the alarms are doing.
alarm-page-title = How the alarms are doing
alarm-page-now = Open: { $open }. Past their time: { $late }. Sounding now: { $sounding }. Silenced and still lit: { $silenced }.
alarm-page-levels = Lit by level
alarm-page-share = { $n } %
alarm-page-positions = Heard at each position
alarm-page-flood-is = More than { $n } within { $window } is a flood.
alarm-page-quiet = Nothing.
alarm-page-flooded = in flood
alarm-page-busiest = Lit most
alarm-page-catalogue = The catalogue: { $n } rules
alarm-page-catalogue-words = Values of policy { $version }. A rule without an owner and an answer makes no alarm.
alarm-page-owner = Owner
alarm-page-no-row = none: policy has no row, so it arms nothing
alarm-page-answer = Answer
alarm-page-due = Time allowed
alarm-page-own-time = a time that comes with the event
alarm-page-ladder = Ladder
alarm-page-ladder-of = Ladder at grade { $grade }
alarm-page-then = then every { $every }
alarm-page-source = Source
alarm-page-blocks = The log cannot close over it.

# The pages in the bar.
lead-nav-decisions = Decisions
lead-nav-fim = Force
lead-nav-handover = Handover
lead-nav-wall = Wall
lead-nav-alarms = Alarms

# How the alarms did over the last day.
alarm-day-title = The last day
alarm-day-from = From { $from } to { $to }: { $n ->
    [one] 1 sound
   *[other] { $n } sounds
}, counted from what is recorded.
alarm-day-load = Heard in ten minutes, position by position
alarm-day-load-words = In stretches in which somebody was there. About 1 is good, 2 the most for long, more than { $n } a flood.
alarm-day-position = Position
alarm-day-all = All positions
alarm-day-p50 = Half: at most
alarm-day-p95 = 95 %: at most
alarm-day-most = Most
alarm-day-over = Over { $n }
alarm-day-flood = In flood
alarm-day-sounds = Sounds
alarm-day-bad-actors = Most of the noise
alarm-day-bad-share = { $n ->
    [one] This rule makes { $percent } % of all sounds.
   *[other] These { $n } rules make { $percent } % of all sounds.
}
alarm-day-mix = Told, by level
alarm-day-mix-words = About 5 % critical, 15 % high and 80 % below is good.
alarm-day-standing = Lit now: { $n }
alarm-day-stale = Due for more than a day: { $n }.
alarm-day-due-since = due for { $age }
alarm-day-is-stale = stale
alarm-day-chatter = Chattering
alarm-day-chatter-words = Three sounds or more of one rule at one position within a minute.
alarm-day-none = None.
alarm-day-times = How long it takes
alarm-day-times-words = Until somebody at the position silenced it; until somebody owned, gave, delayed or raised it, or did what was owed. Half, and 95 %.
alarm-day-rule = Rule
alarm-day-all-rules = All rules
alarm-day-silence = Silenced after
alarm-day-deed = First deed after
alarm-day-without = Went out without a deed
alarm-day-delayed = Put off
alarm-day-waits = { $p50 }; { $p95 }
alarm-day-of = of { $n }
alarm-day-delays = Put off
alarm-day-delays-words = { $n } in this time, { $now } now. { $loud } ended and sounded.
alarm-day-delays-length = Length:
fim-seat-since = here for { $time }
fim-seat-break = on a break
decisions-open-marker = Open the marker
decisions-open-message = Open the message
