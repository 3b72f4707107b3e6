# R: the records as a data frame, and cooperation and conflict by day.  Rscript events.R events.jsonl
library(jsonlite)

events <- function(path) {
  lines <- readLines(path, encoding = "UTF-8", warn = FALSE)
  lines <- lines[startsWith(lines, '{"schema":"event/1.')]
  table <- stream_in(textConnection(lines), verbose = FALSE)
  table <- table[order(table$rev, decreasing = TRUE), ]
  table <- table[!duplicated(table$id) & table$op != "retract", ]
  table$date <- as.Date(table$date)
  table
}

path <- commandArgs(trailingOnly = TRUE)
table <- events(if (length(path)) path[1] else "events.jsonl")
once <- table[is.na(table$duplicate_of), ]
print(table(once$date, ifelse(once$quad <= 2, "cooperation", "conflict")))
