# The policy: the one that holds, a draft, proposals.
admin-nav-policy = Policy
admin-policy-title = Policy
admin-version = Policy { $version } of { $force } holds.
admin-started = Since { $at }, as Callbox was started with it.
admin-since = Since { $at }, published by { $by }.
admin-proposed-by = Proposed by { $by }.
admin-edit = Write a new version
admin-proposals = Proposed: { $n }
admin-no-proposals = Nothing is proposed.
admin-proposal = Policy { $version }, proposed
admin-proposed = Proposed by { $by }, { $at }
admin-waits-for-you = waits for a second person: you can publish it
admin-back = To the policy that holds

# A draft.
admin-draft-title = Write a policy
admin-draft-words = Begun from policy { $from }. It is kept while you type. Nothing holds until another administrator publishes it.
admin-draft-old = Policy { $holds } was published since this was begun from policy { $from }. Copy what is yours, and begin again from the policy that holds.
admin-reset = Throw this draft away and begin again
admin-toml = The whole policy
admin-why = Why it changes
admin-look = Look it over
admin-propose-words = It is proposed when it holds together and passes its test cases. Another administrator reads it and publishes it.
admin-propose = Propose it
admin-unkept = What you type is not kept on the server now. It is tried again; copy the text before you leave this page.

# Looked over.
admin-holds = It holds together
admin-wrong = { $n ->
    [one] 1 thing is wrong
   *[other] { $n } things are wrong
}
admin-line = Line { $n }:
admin-same-version = It is still called version { $version }, which holds already: give it another in about.version.
admin-changes = { $n ->
    [one] 1 value changes
   *[other] { $n } values change
}
admin-changes-none = Nothing changes.
admin-changes-unknown = What changes is said when the text can be read.
admin-was = was
admin-becomes = becomes
admin-more = and { $n } more
admin-tests = { $n ->
    [0] No test case
    [one] 1 test case
   *[other] { $n } test cases
}
admin-tests-failed = { $failed } of { $n } test cases fail
admin-passed = passed
admin-failed = failed
admin-wants = is to suggest
admin-gets = and gets
admin-nothing = nothing
admin-diff = The text, line by line
admin-diff-none = The text is the same.
admin-diff-before = Before
admin-diff-after = After
admin-diff-line = Line
admin-diff-more = { $n } more lines are not shown here. The values that change are listed above.

# The preview.
admin-preview = As the call handler sees it
admin-preview-code = Opening code to preview
admin-preview-words = Words of an informant
admin-preview-do = Preview
admin-no-code = This policy has no opening code { $code }: choose another, or write it.
admin-suggested = Would be suggested
admin-suggested-now = Suggested now
admin-doubt = Would be doubted
admin-fits = Codes that fit the words
admin-questions = { $n ->
    [one] 1 question
   *[other] { $n } questions
}
admin-no-questions = The call asks nothing of its own for this code.
admin-sop = SOP, { $n ->
    [one] 1 step
   *[other] { $n } steps
}
admin-source = Source: { $source }
admin-yes-no = yes or no
admin-in-words = in words
admin-after-yes = only after yes to "{ $words }"
admin-after-no = only after no to "{ $words }"
admin-raises = yes suggests

# A test case.
admin-add-case = Add a test case
admin-case-name = What it shows
admin-case-words = Given these words
admin-case-code = And this opening code
admin-case-best = the one that fits the words best
admin-case-question = And this question
admin-case-no-question = no question
admin-case-answer = Answered
admin-case-suggests = Suggest
admin-unknown = unknown

# A proposal.
admin-mine = You proposed this. Another administrator reads it and publishes it; you can take it back.
admin-overtaken = This was made from policy { $from }, and policy { $holds } holds now: publishing it would undo what came between. It can only be withdrawn.
admin-publish-words = Read what changes below. When you publish it, policy { $version } holds at once for everybody, and the record says that you published it.
admin-publish = Publish it
admin-brief = Brief these: they are told why and what changes, and say that they have read it
admin-withdraw-why = Why you take it back
admin-withdraw = Take it back
admin-turn-down-why = Why you turn it down
admin-turn-down = Turn it down

# A policy as tables.
admin-grades = Grades and targets: { $n }
admin-grade = Grade
admin-send-within = Send within
admin-arrive-urban = Arrive, urban
admin-arrive-rural = Arrive, rural
admin-clock-from = Clock from
admin-means = Meaning and source
admin-no-target = no target
admin-from-contact = first contact
admin-from-opening = opening the log
admin-from-grading = first grading
admin-codes = Opening codes with questions and SOPs: { $n }
admin-steps = { $n ->
    [one] 1 step
   *[other] { $n } steps
}
admin-obligations = What is owed, and by when: { $n }
admin-owed = Owed
admin-allowed = Time allowed
admin-own-clock = its own clock
admin-ladder = Ladder
admin-owner = First owner
admin-blocks = Blocks closing
admin-yes = yes
admin-no = no
admin-ladders = Ladders: { $n }
admin-then = then every { $every }
admin-desks = Desks: { $n }
admin-desk = Desk
admin-least = At least
admin-cover = Covered by
admin-skills = Skills needed
admin-seats = Seats
admin-closing = Closing codes: { $n }
admin-code = Code
admin-unattended = Without attendance
