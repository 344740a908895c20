#!/bin/sh
# What `etascope code` writes, run: PyTorch programs against `run`, lines for the other frameworks against
# formulas.
#     sh tests/golden/code.sh PROGRAM [WITHOUT]
# PyTorch must be there (Debian's python3-torch; PYTHON names another interpreter), unless WITHOUT says torch.
set -u
program=$1
without=${2:-}
here=$(dirname "$0")
python=${PYTHON:-}
if [ -z "$python" ]; then
  python=python3
  [ -x /usr/bin/python3 ] && python=/usr/bin/python3
fi
if ! "$python" -c 'import torch' 2>/dev/null; then
  case " $without " in
    *" torch "*) echo "code: not run, WITHOUT=torch"; exit 0 ;;
  esac
  echo "code: $python has no PyTorch: apt-get install --no-install-recommends python3-torch,"
  echo "or make check WITHOUT=torch"
  exit 1
fi
"$python" -B "$here/code_torch.py" "$program" 300 && "$python" -B "$here/code_dialects.py" "$program"
