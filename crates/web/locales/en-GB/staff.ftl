# The staff directory.
staff-nav = Staff
staff-title = Staff: roles and training
staff-needed = Desks that need training ({ $n })
staff-needed-none = The policy names no training for any desk.
staff-count = { $n ->
    [one] 1 person
   *[other] { $n } people
}
staff-add = Enter somebody
staff-on-duty = on duty as { $role } at { $seat }
staff-trained = Trained in { $skills }
staff-ends = ({ $skill } until { $at })
staff-ended = { $skill } ended on { $at }: it no longer counts
staff-change = Change roles and training, or remove
staff-id = Collar number or user name
staff-name = Name
staff-roles = Roles they may sign on in
staff-desk = Usual desk
staff-skills = Trained in, without an end
staff-ending = Training with an end { $n }
staff-skill = Trained in
staff-until = Last day on which it holds
staff-save = Save
staff-remove = Take out of the directory
staff-tasks = Tasks that need training ({ $n })
staff-task = To { $words }: { $training }. Who can: { $ask }
staff-allow = Allow somebody a task without its training
staff-allow-words = Where somebody would wait and nobody trained is free. It is recorded with your reason, and ends with their shift at the latest.
staff-allow-who = Who, of those on duty
staff-allow-task = Which task
staff-allow-minutes = For how many minutes
staff-allow-why = Why
staff-allow-send = Allow it
staff-allowed = Allowed without training until { $until }: { $task }, by { $by }: { $why }
