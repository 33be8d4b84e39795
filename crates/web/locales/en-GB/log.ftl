log-title = Log { $number }
log-why = Say why you look
log-why-words = You do not handle this log. Your reason is recorded before it is shown.
log-why-reason = Reason
log-why-show = Show the log
log-open-for = open { $age }
log-closed = closed
log-owner = owner { $owner }
log-no-unit = no unit
log-outstanding = { $n ->
    [one] 1 thing before it can close
   *[other] { $n } things before it can close
}
log-timeline = Timeline
log-show = Show
log-show-all = all
log-show-narrative = narrative
log-show-risk = risk
log-show-units = units
log-show-questions = questions
log-show-system = system
log-find = Find
log-found = { $n } lines
log-since = { $n ->
    [one] 1 entry since you last looked
   *[other] { $n } entries since you last looked
}
log-since-go = Go to the first
log-happened = happened { $at } (entered late)
log-critical = CRITICAL
log-new = new
log-struck = Struck through by { $by }: { $reason }
log-corrected = corrected by entry { $entry }
log-file = File { $name }, { $bytes } bytes
log-entry-number = entry { $entry }
log-asked = to { $to }:
log-unanswered = NOT ANSWERED
log-answered = ANSWERED { $at }
log-not-applicable = NOT APPLICABLE
log-entry = Write on the log
log-entry-add = Add
log-own-words = the informant's own words
log-new-information = new information about the risk
log-is-critical = critical: the owner must read it at once
log-strike = Correct an entry
log-strike-number = Number of the entry
log-strike-why = Why it is wrong
log-strike-right = What it should say
log-strike-do = Strike it through
log-attach = Refer to a file
log-attach-text = What the file shows
log-attach-name = Name of the file
log-attach-hash = SHA-256 of the file, 64 hexadecimal digits
log-attach-bytes = Size in bytes
log-opinion = Fact or opinion?
log-opinion-words = Say what was seen or heard.
log-decision = Record a decision with its grounds
log-decision-words = The national decision model: five stages, with the Code of Ethics at the centre. The owner of the log must read it.
log-decision-what = What is decided
log-decision-information = Information and intelligence: what is known, and what is not
log-decision-threat = Threat and risk, and the working strategy
log-decision-powers = Powers and policy
log-decision-options = Options and contingencies
log-decision-action = Action, and when it is looked at again
log-decision-ethics = Code of Ethics: how it bears on this
log-decision-send = Record the decision
log-earlier-title = Earlier logs, seen from { $number }
log-earlier-back = Back to the log
log-earlier-nothing = This log has no number, place or name to look for: ask for one first.
log-earlier-by = { $n ->
    [0] No earlier log with the same { $by }.
    [one] 1 earlier log with the same { $by }.
   *[other] { $n } earlier logs with the same { $by }.
}
log-earlier-recorded = That you looked is recorded, with whose logs came up.
log-earlier-number = number
log-earlier-place = place
log-earlier-person = name
log-earlier-same-code = same opening code
log-earlier-because = Same { $by }.
log-earlier-open = Still open.
log-earlier-ended = How it ended
log-earlier-units = { $n ->
    [0] no unit sent
    [one] 1 unit sent
   *[other] { $n } units sent
}
log-earlier-result = What was done
log-earlier-risk = The risk then
log-earlier-told = The informant was told
log-earlier-linked = Linked with this log.
log-earlier-link = Link { $number } with this log
log-earlier-more = and { $n } more: search the history
log-earlier-meaning = What they mean for this log
log-earlier-meaning-words = What was done with what happened before
log-earlier-meaning-send = Write it on the log
log-export = Export with hashes
log-export-why = What the export is for
log-replay = Replay: the log as it stood at any second
