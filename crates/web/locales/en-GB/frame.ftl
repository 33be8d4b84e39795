# What all pages share.
skip = Skip to the main content
training-notice = Training: nothing here is real
training-label = Training
demo-notice = Demonstration: invented people and places
sign-on = Sign on
my-seat = My seat
sign-off = Sign off
pages = Pages
nav-board = Board
nav-calls = Calls
nav-officer = My job
nav-more = More
link-starting = not live yet
link-live = live
link-old = data { $seconds } s old
link-slow = Slow: the last answer took { $seconds } s. Carry on, nothing is lost
link-part = A part of this page is { $seconds } s old: the room did not answer
link-refused = This part is not shown any more: open the page again
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
nowhere = There is no page at this address. Check the address, or go on from the board.
form-kept = What you were writing in has changed: somebody was quicker, or it is done. Your words are here; send them, or put them away.
form-away = Put away
session-ends = Nothing has been done here for a while: this session ends in { $minutes } min.
session-here = I am still here
session-off = You are signed off here. What you typed and did is kept on this page, and sent when you are signed on again.
session-again = Sign on in another window
session-other = { $who } is signed on in this browser. What is kept on this page is sent when { $me } is.
