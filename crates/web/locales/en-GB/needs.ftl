# What a log needs of those who go.
need-is = Needs { $need }
need-unmet = { $n ->
    [0] nobody here has it, and no free unit
    [one] nobody here has it; 1 free unit does
   *[other] nobody here has it; { $n } free units do
}
need-met = { $units }
need-by = said by { $by }
need-of-code = by the opening code
need-add = It needs ...
need-what = Skill, tool or specialist
need-because = Why (may stay empty)
need-drop = No longer needed
need-why = Why no longer
need-check = The check { $check } is not done yet: whoever is sent goes without it.
need-lacks = It has no { $needs }: why it goes all the same
