# The diary of appointments.
diary-title = Appointments
diary-nav = Diary
diary-waiting = Begun, and nobody has said what came of it: { $n }
diary-none = No appointment is booked on an open log. They are booked on the log, under Appointments.
diary-attends = { $who } comes; the log is with { $owner }.
diary-more = and { $n } more
