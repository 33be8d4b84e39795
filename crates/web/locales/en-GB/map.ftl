# Where everything is.

map-nav = Map
map-title = Map
map-sheet = Map
map-label = Map of logs and units
map-place = Place
map-place-example = SN 412 206
map-look-up = Find it
map-district = District
map-all = All
map-apply = Show
map-use = Use the map by keys
map-nearer = Nearer
map-farther = Farther
map-everything = Everything
map-units = Units
map-lines = Who goes where
map-without-script = The map is drawn by a script. The list has everything that is on it.
map-cannot = This browser cannot draw the map. The list has everything that is on it.
map-keys = On the map: arrows move it, + and - change how near it is, Tab goes to the next by risk, Enter measures from it, Esc leaves.
map-list = { $n ->
    [one] 1 log or unit
   *[other] { $n } logs and units
}
map-pick = Choose a log or a unit to see how far everything else is from it.
map-from = Distances are from { $name }, as the crow flies.
map-from-none = Measure from nothing
map-from-nowhere = Nobody knows where { $name } is, so there are no distances.
map-worst = Worst first
map-name = Log or unit
map-state = State
map-where = Where
map-far = Distance
map-nothing = There is nothing here. Choose another district.
map-show = Show { $name } on the map, and measure from it
map-emergency = Officer emergency
map-unit = Unit
map-on = on { $n }
map-grade = Grade { $n } { $label }
map-ungraded = Not graded
map-log-n = log { $n }, { $code }
map-late = { $at } late
map-within = to within { $far }
map-vague = not exactly known
map-metres = { $n } m
map-kilometres = { $n } km
map-no-unit = no unit
map-no-place = no place said
map-no-point = not on the map
map-found = The place you asked for
map-found-from = Distances are from this place, as the crow flies.
map-way-letters = Grid reference
map-way-metres = Easting, northing
map-way-degrees = Latitude, longitude
map-off-grid = outside the National Grid
map-set = Log { $n } is here
map-on-map = on the map
