# What all pages share.
skip = Skip to the main content
demo-notice = Demonstration: invented people and places
sign-on = Sign on
sign-off = Sign off
pages = Pages
nav-board = Board
link-starting = not live yet
link-live = live
link-old = data { $seconds } s old
link-lost = Link lost. What you type is kept here and sent when the link is back.
waiting = { $n ->
    [0] nothing waits to be sent
    [one] 1 entry waits to be sent
   *[other] { $n } entries wait to be sent
}
sending = sending ...
saved = Saved, no. { $receipt }
without-script = This page stays fresh with JavaScript; without it, load it again.
alarms = Alarms
alarms-none = No alarm.
alarms-flood = This position is in flood: only the most urgent alarms sound.
alarm-quiet = Quiet
alarm-open = Open in risk order
go-back = Back to the board
