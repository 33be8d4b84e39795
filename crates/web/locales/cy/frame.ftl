# Yr hyn sy'n gyffredin i bob tudalen. Awaiting a translator's signature.
skip = Neidio i'r prif gynnwys
training-notice = Hyfforddiant: nid oes dim byd yma yn go iawn
training-label = Hyfforddiant
demo-notice = Arddangosiad: pobl a lleoedd dychmygol
sign-on = Mewngofnodi
my-seat = Fy sedd
sign-off = Allgofnodi
pages = Tudalennau
nav-board = Bwrdd
nav-calls = Galwadau
nav-more = Mwy
nav-officer = Fy ngwaith
link-starting = ddim yn fyw eto
link-live = yn fyw
link-old = data { $seconds } eiliad oed
link-slow = Araf: cymerodd yr ateb diwethaf { $seconds } eiliad. Ewch ymlaen; ni chollir dim
link-part = Mae rhan o’r dudalen hon yn { $seconds } eiliad oed: nid atebodd yr ystafell
link-refused = Nid yw’r rhan hon yn cael ei dangos bellach: agorwch y dudalen eto
link-lost = Collwyd y cyswllt. Cedwir yr hyn a deipiwch yma a'i anfon pan ddaw'r cyswllt yn ôl.
waiting = { $n ->
    [zero] does dim yn aros i'w anfon
    [one] mae un cofnod yn aros i'w anfon
    [two] mae dau gofnod yn aros i'w hanfon
    [few] mae tri chofnod yn aros i'w hanfon
    [many] mae chwe chofnod yn aros i'w hanfon
   *[other] mae { $n } o gofnodion yn aros i'w hanfon
}
sending = yn anfon ...
saved = Cadwyd, rhif { $receipt }
without-script = Mae'r dudalen hon yn aros yn gyfredol gyda JavaScript; hebddo, llwythwch hi eto.
alarms = Larymau
alarms-none = Dim larwm.
alarms-flood = Mae'r safle hwn dan lifogydd: dim ond y larymau mwyaf brys sy'n seinio.
alarm-quiet = Tawelu
alarm-open = Agor yn nhrefn risg
go-back = Yn ôl i'r bwrdd
nowhere = Nid oes tudalen yn y cyfeiriad hwn. Gwiriwch y cyfeiriad, neu ewch ymlaen o'r bwrdd.
form-kept = Mae'r hyn yr oeddech yn ysgrifennu ynddo wedi newid: roedd rhywun yn gyflymach, neu mae wedi'i wneud. Mae eich geiriau yma; anfonwch nhw, neu rhowch nhw o'r neilltu.
form-away = Rhoi o'r neilltu
session-ends = Ni wnaed dim yma ers tro: daw'r sesiwn hon i ben ymhen { $minutes } munud.
session-here = Rwyf yma o hyd
session-off = Rydych wedi allgofnodi yma. Cedwir yr hyn a deipiwyd ac a wnaed ar y dudalen hon, a'i anfon pan fyddwch wedi mewngofnodi eto.
session-again = Mewngofnodi mewn ffenestr arall
session-other = Mae { $who } wedi mewngofnodi yn y porwr hwn. Anfonir yr hyn a gedwir ar y dudalen hon pan fydd { $me } wedi mewngofnodi.
