officer-title = My job
officer-which = Which unit are you on?
officer-which-why = No crew on the board names you. Choose a unit whose crew is not known, or ask the dispatcher to put you on one.
officer-which-none = There is no such unit now: ask the dispatcher.
officer-unit-gone = Your unit is no longer on the board: load the page again, or ask the dispatcher.
officer-no-job = No job. A new one appears here by itself.
officer-silent = SILENT deployment: nothing on the radio. Answer on this page only.
officer-arrive-by = arrive by { $time }
officer-arrived = at the scene
officer-risk = Risk to you and to them
officer-risk-first = Open the warnings before you are at the scene.
officer-risk-open = { $n ->
    [0] I have read this
   *[other] Open all warnings in full
}
officer-risk-read = Warnings opened { $time }.
officer-risk-more = { $n ->
    [one] 1 is not whole above: read on.
   *[other] { $n } are not whole above: read on.
}
officer-risk-label = warnings of { $number } opened
officer-warnings = { $n ->
    [one] The warning in full
   *[other] All { $n } warnings in full
}
officer-place-unknown = Place not known
officer-place-vague = not exact
officer-go = I am going to { $number }
officer-go-label = going to { $number }
officer-new = { $n ->
    [one] 1 new since you opened it
   *[other] { $n } new since you opened it
}
officer-read = I have read it
officer-read-label = read
officer-critical = critical
officer-states = My status
officer-other-states = Other status
officer-state-label = { $code } { $words }
officer-scene-first = read the warnings first
officer-seen-first = say whom you saw first
officer-check-in = I am well
officer-check-in-label = I am well
officer-questions = Questions
officer-answered = Answer:
officer-no-answer = no answer yet
officer-answer = Answer
officer-answer-send = Send the answer
officer-answer-label = an answer
officer-ask = Ask control
officer-ask-what = Your question to { $who }
officer-ask-send = Ask
officer-ask-label = a question to control
officer-note = Add a note
officer-note-what = What you learned: it goes on the log, and the risk is looked at again
officer-note-send = Write it on the log
officer-note-label = a note on { $number }
officer-vulnerable = Vulnerability
officer-vulnerable-what = Who is vulnerable, and how: the owner of the log must read it at once
officer-vulnerable-send = Tell the owner now
officer-vulnerable-label = a vulnerability
officer-close = Ask to close
officer-close-seen = Ask to close: I saw and spoke to them
officer-close-unseen = Ask to close: I did NOT see them
officer-close-found = What you found, and what was done
officer-close-risk = The risk as it stands now, to whom, in your words
officer-close-what = This asks { $who }, who looks at the risk again before anything closes. It closes nothing.
officer-close-send = Ask to close
officer-close-label = asks to close
officer-seen = Did you see and speak to them?
officer-seen-yes = Yes, and I leave
officer-seen-no = No, and I leave
officer-seen-who = Whom you saw and spoke to, and how they are
officer-seen-why = Why not, and what was tried
officer-seen-send = Write it, and I am available (2)
officer-seen-send-no = Tell the owner, and I am available (2)
officer-seen-yes-label = seen and spoken to, available
officer-seen-no-label = NOT seen, available
officer-log = The whole log ({ $n })
officer-words = The caller's words
officer-shift = Jobs of this shift ({ $n })
officer-released = You are RELEASED from { $number }
officer-released-now = Log { $number }:
officer-next-job = Your next job is { $number }. It is shown when you have confirmed this.
officer-understood = Understood
officer-understood-label = released from { $number }, understood
officer-emergency = 0 EMERGENCY: press and hold
officer-emergency-what = Control hears it at once. Or press this:
officer-emergency-now = I need help now
officer-emergency-label = EMERGENCY
officer-not-sent = NOT SENT: your emergency has not reached control. Use your radio.
officer-queue = Waits to be sent
officer-waiting = { $n ->
    [one] No connection: 1 update will send
   *[other] No connection: { $n } updates will send
}
officer-refused = NOT accepted:
officer-dismiss = Understood
officer-sign-on = Sign on again: what waits here is sent then.
officer-others = Updates of somebody else wait on this phone. They are sent when that person signs on.
officer-stale = No connection. This is what the phone kept { $minutes } min ago, and not live.
officer-check-open = Check not done yet: { $check }
