# Reports of a crime that wait to be recorded.
crimes-title = Crimes to record
crimes-nav = Crimes
crimes-waiting = Waiting to be recorded: { $n }. Past their time: { $late }.
crimes-none = Every crime that was reported is recorded, or somebody has said why it is none.
crimes-reported = first reported { $at }, to be recorded by { $due }
crimes-desk = with the crime desk
crimes-closed = the log has closed
crimes-owner = Owed by { $owner }.
crimes-more = and { $n } more
