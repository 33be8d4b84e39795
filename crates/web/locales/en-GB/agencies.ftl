# Agencies and other control rooms.
agency-nav = Agencies
agency-title = Agencies and control rooms
agency-find = Find by name, kind, number or note
agency-find-do = Find
agency-count = { $n ->
    [one] 1 found
   *[other] { $n } found
}
agency-more = { $n } are too many to show: write another word.
agency-hours = Answers: { $hours }
agency-copy = Copy
agency-copied = Copied:
agency-not-copied = It could not be copied: mark the number and copy it by hand.
agency-ring = Ring { $name }
agency-add = Enter an agency
agency-change = Change or remove
agency-name = Its name, as the room says it
agency-kind = Kind: ambulance, rail, taxi, hospital, control room, victim support
agency-number = Number { $n }
agency-purpose = What for
agency-line = Number or address
agency-when = When they answer
agency-note = What else to know
agency-save = Save
agency-why = Why it is removed
agency-remove = Remove it
agency-supervisor = Who is in charge there
agency-supervisor-is = In charge: { $who }
agency-area = Area { $n } (everywhere if none)
agency-areas-are = Works in { $areas }
agency-help = Helps victims with { $n }
agency-helps = Helps victims with { $with }
agency-confirmed = Last confirmed { $at } by { $by }
agency-stale = Nobody has confirmed this for too long: ring them, put right what is wrong, and say so.
agency-confirm = Confirm: I have rung them
agency-spoke = Who was spoken to, on which number
