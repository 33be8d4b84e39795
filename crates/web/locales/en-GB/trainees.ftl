# After a training session.
trainees-nav = Trainees
trainees-title = What each trainee did
trainees-words = From the record of this training room: what each person of the staff directory did, and what passed its time while they or their desk owned it. It is to talk about, and no mark.
trainees-none = Nobody of the staff directory has done anything yet.
trainees-logs = { $n ->
    [0] On no log
    [one] On 1 log
   *[other] On { $n } logs
}
trainees-run = Let run
trainees-run-none = Nothing passed its time.
trainees-run-one = { $owed }: { $n } times, { $own } of them their own
trainees-did = Did
