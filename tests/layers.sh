#!/bin/sh
# SPDX-License-Identifier: MIT
# Who knows whom: sh tests/layers.sh OBJECTS, the folder of the built objects.
# 1. Includes and calls go one way: each folder may use itself and those named here.
# 2. No files of a folder form a circle, neither by what they include nor by what they call.
# 3. curses stays in tty/. No two files have one name, but for cli/ and app/view/, whose files are
#    called as the commands and the views are.
set -u
cd "$(dirname "$0")/.." || exit 2
objects=${1-build/release}
failed=0
complain() { failed=1; echo "layers: $1"; }

allowed='
base:
expr: base
core: expr base
lab: core expr base
teach: core expr base
view: core expr base
store: core expr base
code: core expr base
app: view teach lab code store core expr base
app/view: app view teach lab code store core expr base
out: view base
cli: app out view teach lab code store core expr base
tty: app out view base
'

# Lines "FILE FILE WHY", files without their ending: by includes, and by calls.
includes() {
  grep -Hn '^#include "[a-z_/]*/[^"]*\.h"' $(find src -name '*.[ch]' | LC_ALL=C sort) |
    sed -n 's/^src\/\([^:]*\)\.[ch]:\([0-9]*\):#include "\(.*\)\.h".*/\1 \3 line_\2/p'
}
# The rows that the Makefile collects into a table: who holds the table does not know them.
rows() {
  for table in "$objects"/gen/*s.inc; do
    prefix=${table##*/}
    sed -n "s/^ROW(\(.*\))/${prefix%s.inc}_\1/p" "$table"
  done | tr '\n' ' '
}
calls() {
  find src -name '*.c' | sed "s|^src/\(.*\)\.c$|$objects/\1.o|" | LC_ALL=C sort |
    while read -r o; do [ -f "$o" ] && echo "$o"; done | xargs nm -A -P |
    awk -v folder="$objects/" -v rows="$(rows)" '
      BEGIN { n = split(rows, word, " "); for (i = 1; i <= n; i++) row[word[i]] }
      { file = substr($1, length(folder) + 1); sub(/\.o:?$/, "", file) }
      $3 == "U" && !($2 in row) { uses[file " " $2] }
      $3 ~ /^[TDBRCVW]$/ { home[$2] = file }
      END {
        for (use in uses) {
          split(use, u, " ")
          if (u[2] in home && home[u[2]] != u[1]) print u[1], home[u[2]], u[2]
        }
      }' | LC_ALL=C sort
}

# Both questions of one list; `how` is a word for the report.
judge() {
  awk -v how="$1" -v allowed="$allowed" '
  function folder_of(file) { return match(file, /.*\//) ? substr(file, 1, RLENGTH - 1) : "" }
  # The shortest way from a file back to itself: breadth first.
  function circle(from,  queue, head, tail, at, to, before, text) {
    queue[tail++] = from
    while (head < tail) {
      at = queue[head++]
      for (to in file)
        if ((at, to) in edge) {
          if (to == from) {
            text = at " -> " to " (" edge[at, to] ")"
            for (; at != from; at = before[at])
              text = before[at] " -> (" edge[before[at], at] ") " text
            return text
          }
          if (!(to in before)) { before[to] = at; queue[tail++] = to }
        }
    }
    return ""
  }
  BEGIN {
    n = split(allowed, line, "\n")
    for (i = 1; i <= n; i++) {
      m = split(line[i], word, /:? /)
      sub(/:$/, "", word[1])
      known[word[1]]
      for (k = 2; k <= m; k++) may[word[1], word[k]]
    }
  }
  {
    a = folder_of($1); b = folder_of($2)
    if (a == "" || $1 == $2) next
    if (a != b) { if (!((a, b) in may)) { print how ": " $1 " -> " $2 " (" $3 ")"; bad = 1 } next }
    if (!(($1, $2) in edge)) edge[$1, $2] = $3
    file[$1]; file[$2]
  }
  END {
    for (f in file) {
      text = circle(f)
      if (text == "") continue
      folder = folder_of(f)
      size = gsub(/->/, "->", text)
      members[folder] = members[folder] " " substr(f, length(folder) + 2)
      if (folder in least && size >= least[folder]) continue
      least[folder] = size
      shortest[folder] = text
    }
    for (folder in members) {
      print "a circle by " how " in " folder "/:" members[folder]
      print "  the shortest: " shortest[folder]
      bad = 1
    }
    exit bad
  }'
}

[ -d "$objects/base" ] || { echo "layers: no objects in $objects: make"; exit 2; }
includes | judge includes || failed=1
calls | judge calls || failed=1
for folder in $(find src -name '*.c' | sed -n 's/^src\/\(.*\)\/[^/]*$/\1/p' | sort -u); do
  case $allowed in *"
$folder:"*) ;; *) complain "folder $folder has no line in tests/layers.sh" ;; esac
done
bad=$(grep -ln 'curses.h>\|term.h>' $(find src -name '*.[ch]') | grep -v '^src/tty/')
[ -z "$bad" ] || complain "curses outside tty/: $bad"
bad=$(find src -name '*.c' ! -path 'src/cli/*' ! -path 'src/app/view/*' | sed 's/.*\///' | sort | uniq -d | tr '\n' ' ')
[ -z "$bad" ] || complain "files of one name: $bad"
[ "$failed" = 0 ] && echo "layers: ok"
exit $failed
