# Parts of a log that several pages show.
panel-choose = Choose
panel-nobody = Nobody
panel-reason = Reason
panel-why = why
panel-yes = Yes
panel-no = No
panel-done = Done
panel-na = Not applicable
panel-na-why = Why it does not apply
panel-na-send = Does not apply
panel-more = and { $n } more: the command line lists them all
panel-happened = Happened at (if earlier)

panel-thrive = THRIVE
panel-thrive-version = THRIVE, version { $version }
panel-thrive-none = Not assessed yet.
panel-thrive-by = Version { $version }, { $at }, { $staff }
panel-thrive-before = Earlier versions: { $n }
panel-thrive-changed = Changed since version { $before }
panel-thrive-unheard = The informant could not be heard or understood.
panel-thrive-heard = The informant could be heard and understood
panel-thrive-was = was { $rating }
panel-thrive-rating = Rating of { $element }
panel-thrive-why = Why { $element } is rated so
panel-rate = Rate
panel-thrive-first = Assess
panel-thrive-again = Assess again
panel-thrive-record = Record the assessment

panel-questions = Questions, { $n } open
panel-question-from = { $from } to { $to }, { $at }
panel-question-mine = Asked of you
panel-answer = Answer
panel-answer-send = Answer
panel-answered = Answered
panel-answered-by = answered by { $by }, { $at }
panel-ask = Ask a question
panel-ask-to = Who is asked
panel-ask-text = The question
panel-ask-send = Ask

panel-sop = SOP, { $left } of { $all } open
panel-sop-none = This opening code has no steps.
panel-sop-open = The SOP is open before me
panel-step-what = What was done: { $step }

panel-checks = Checks, { $n } open
panel-check-ask = Ask for a check
panel-check-what = What is checked, and where
panel-check-send = Ask for it
panel-check-found = What it found
panel-check-record = Record

panel-grade = Grade
panel-clock-deploy = To send a unit
panel-clock-arrive = To arrive
panel-grade-suggested = Suggested
panel-grade-below = Graded below the suggestion
panel-grade-place = Not knowing the place never lowers a grade.
panel-grade-contested = { $grade } is asked for by { $by }: { $reason }
panel-grade-change = Set the grade
panel-grade-choose = Grade
panel-grade-reason = Reason (needed below the suggestion and for a downgrade)
panel-grade-agreed = Supervisor who agrees to a downgrade
panel-grade-agreed-by = agreed by { $by }
panel-grade-set = Set the grade
panel-grade-contest = Ask for a higher grade
panel-grade-contest-send = Ask for it

panel-units = Units, { $n } on this log
panel-units-none = No unit is on this log.
panel-unit-emergency = OFFICER EMERGENCY
panel-unit-silent = silent
panel-unit-sent = sent { $at }
panel-unit-card = risk card { $at }
panel-unit-no-card = risk card not opened
panel-unit-goes = Confirmed by the unit
panel-unit-released = Release confirmed by the unit
panel-unit-read-out = risk card read out
panel-unit-well = Officer is well
panel-unit-stand-down = Stand down
panel-divert = Divert to another log
panel-divert-to = Number of the other log
panel-divert-here = Divert { $unit } from { $log }
panel-left = What becomes of { $log }
panel-left-requeue = Back to the queue, without a unit
panel-left-covered = Other units are on it already
panel-left-cover = { $unit } takes it over
panel-candidates = Who can get there: { $n }
panel-candidates-at = As of { $at }
panel-candidates-again = Look again who can get there
panel-send = Send { $unit }
panel-send-why = Why one more
panel-send-silent = without a word on the radio

panel-told = Informant
panel-told-what = The informant was told
panel-told-next = what happens next
panel-told-delay = that there is a delay
panel-told-none = that nobody attends, and why
panel-told-result = how it ended
panel-told-not = nothing: they could not be told
panel-told-nothing = The informant has not been told anything.
panel-told-unsafe = It is not safe to contact the informant there.
panel-tell = Record what the informant was told
panel-tell-words = In which words
panel-tell-send = Record
panel-ring-backs = Ring-backs
panel-ring-none = None is promised.
panel-ring-promised = Promised by { $by }
panel-ring-made = Record an attempt to ring back
panel-ring-how = What came of it
panel-ring-spoke = Spoken to
panel-ring-no-reply = Nobody reached
panel-ring-words = What was said, or what happened
panel-ring-record = Record the attempt
panel-promise = Promise to ring back
panel-promise-by = By when, such as 23:30
panel-promise-why = What for
panel-promise-send = Promise

panel-tags = Tags
panel-tags-none = No tag.
panel-tag = Tag
panel-tag-add = Add a tag
panel-untag = Take it off

panel-links = Linked logs, { $n }
panel-links-none = No other log.
panel-link = Link a log
panel-link-other = Number of the other log
panel-link-how = How they belong together
panel-link-related = related
panel-link-duplicate = duplicate of this one
panel-link-child = belongs under this one
panel-contacts = Contacts about it: { $n }
panel-chased = Chased { $n ->
    [one] once
   *[other] { $n } times
}:

panel-owed = Owed, { $n } open, { $late } late
panel-owed-none = Nothing is owed.
panel-owed-by = by { $owner }
panel-owed-lit = ! told, nothing chosen yet
panel-owed-blocks = in the way of closing
panel-owed-delayed = delayed until { $until }
panel-decide = Decide
panel-own-what = What will be done
panel-own = Own it
panel-give-to = To whom
panel-give = Give it
panel-delay-until = Until, within { $longest }
panel-delay = Accept the delay
panel-raise = Raise it

panel-closing = Closing
panel-close-free = Nothing stands in the way.
panel-close-way = { $n ->
    [one] 1 thing stands in the way:
   *[other] { $n } things stand in the way:
}
panel-close = Close the log
panel-close-code = Closing code
panel-close-result = What was done, and what came of it
panel-close-risk = The risk as it stands now, and who holds it
panel-closed-at = Closed
panel-reopen = Open the log again

panel-handling = Handling
panel-owner = Owner: { $owner }
panel-owner-me = You own this log.
panel-passed = passed to dispatch { $at }
panel-not-passed = not passed to dispatch
panel-accepted = accepted by { $by }, { $at }
panel-not-accepted = not accepted
panel-pass = Pass to dispatch
panel-accept = Accept this log
panel-accept-code = Is the opening code right?
panel-accept-grade = Is the grade right?
panel-accept-content = Is there enough to act on?
panel-accept-remark = What is wrong or missing (it becomes a question)
panel-give-log = Give to another owner
panel-sergeant = Name the supervising sergeant
panel-sergeant-who = Sergeant's staff name
panel-sergeant-is = supervised by { $sergeant }
