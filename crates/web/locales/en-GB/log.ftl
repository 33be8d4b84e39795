log-title = Log { $number }
log-why = Say why you look
log-entry = Write on the log
log-entry-add = Add
