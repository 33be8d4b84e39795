# The list of the threat-harm-risk meeting.
meeting-title = Threat, harm and risk
meeting-as-at = { $force }, { $at }: { $n } logs by risk. Print this page for the meeting.
meeting-none = No log is open.
meeting-more = and { $n } more with less risk: the board has them all
meeting-no-place = place not known
meeting-owner = Open { $time }, owner { $owner }.
meeting-why = Why it stands here
meeting-thrive = THRIVE
meeting-no-thrive = not assessed
meeting-owed = Owed, { $n }
meeting-decided = Decided last
meeting-decided-by = { $by }, { $at }, { $age } ago
meeting-undecided = Nothing is decided.
meeting-decide = Record a decision
