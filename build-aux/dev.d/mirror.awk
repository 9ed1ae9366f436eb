# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the first address of the apt sources on standard input that serves main of the suite SUITE,
# whether written one a line or as a stanza of fields.

function found(address)
{
  print address
  exit
}

function holds(list, word)
{
  return (" " list " ") ~ (" " word " ")
}

/^[ \t]*#/ { next }

/^deb[ \t]/ {
  line = $0
  sub(/^deb[ \t]+(\[[^]]*\][ \t]*)?/, "", line)
  n = split(line, word, /[ \t]+/)
  for (i = 3; i <= n; i++)
    if (word[2] == suite && word[i] == "main")
      found(word[1])
  next
}

/^[ \t]*$/ { types = uris = suites = "" }
tolower($1) == "types:" { types = $0 }
tolower($1) == "uris:" { uris = $2 }
tolower($1) == "suites:" { suites = $0 }
tolower($1) == "components:" && holds(types, "deb") && holds(suites, suite) && holds($0, "main") { found(uris) }
