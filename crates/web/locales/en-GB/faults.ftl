# Faults of what the room works with.
fault-nav = Report a fault
fault-title = Faults
fault-report = Report a fault
fault-what = What happens
fault-kind = What has the fault
fault-seat = Where
fault-since = Since when (now if left empty)
fault-stops = I cannot work with it
fault-call = During which call
fault-no-call = no call
fault-a-call = call { $n }, { $at }
fault-on-line = (on the line)
fault-lost = The call, or a part of it, was lost
fault-send = Report it
fault-open = { $n ->
    [0] No fault is open
    [one] 1 fault is open
   *[other] { $n } faults are open
}
fault-mended = Put right ({ $n })
fault-number = Fault { $n }
fault-at = at { $seat }
fault-stopped = stops work
fault-by = { $by }, { $role }, { $at }; { $time }
fault-during = during call { $n }
fault-was-lost = the call or a part of it was lost
fault-unanswered = Nobody has answered yet.
fault-answer = What was done, or will be
fault-is-mended = It is put right
fault-answer-send = Answer
fault-met = Fault during this call
fault-all = All faults
