#!/bin/sh
# Includes go one way only: each folder may include itself and those named here. curses stays in tty/.
set -u
cd "$(dirname "$0")/.." || exit 2
failed=0
check() { # check FOLDER ALLOWED...
  folder=$1; shift
  allowed=$(printf '%s|' "$folder" "$@" | sed 's/|$//')
  bad=$(grep -n '^#include "' src/"$folder"/*.[ch] 2>/dev/null | grep -Ev "#include \"(($allowed)/|views.inc)")
  [ -z "$bad" ] || { echo "layers: $folder may include only: $allowed"; echo "$bad"; failed=1; }
}
check base
check expr base
check core expr base
check lab core expr base
check teach core expr base
check view core expr base
check store core expr base
check app view teach lab store core expr base
check out view base
check cli app out view teach lab store core expr base
check tty app out view base
bad=$(grep -ln 'curses.h>\|term.h>' src/*/*.[ch] src/*.c | grep -v '^src/tty/')
[ -z "$bad" ] || { echo "layers: curses outside tty/:"; echo "$bad"; failed=1; }
[ "$failed" = 0 ] && echo "layers: ok"
exit $failed
