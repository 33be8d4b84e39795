# Briefings.
briefing-nav = Briefings
briefing-title = Briefings
briefing-to-read-label = Briefings to read
briefing-to-read = { $n ->
    [one] 1 briefing to read:
   *[other] { $n } briefings to read:
}
briefing-more = and { $n } more
briefing-none = There is no briefing for your role.
briefing-by = { $by }, { $role }, { $at }. Shown until { $until }.
briefing-read-at = You have read it, { $at }.
briefing-read-by = To be read by { $at }.
briefing-have-read = I have read this
briefing-publish = Publish a briefing
briefing-about = What it is about. No names of people.
briefing-text = What they must know
briefing-for = For
briefing-until = Shown for
briefing-within = To be read within
briefing-no-limit = no limit
briefing-readers = Who has read what: { $n }
briefing-count = { $read } have read it, { $unread } have not, { $here } of them on duty.
briefing-ended = It is not shown any more.
briefing-roles = For { $roles }.
briefing-withdrawn = Withdrawn: { $why }
briefing-have = Have read it: { $n }
briefing-have-not = Have not: { $n }
briefing-here = on duty as { $role }
briefing-away = not on duty
briefing-why = Why it ends now
briefing-withdraw = Withdraw it
