#!/bin/sh
# SPDX-License-Identifier: MIT
# Do two programs give the same bytes? Run every list, every named scene (run and show), every find
# and COUNT random scenes (run, every fifth one shown too) under both; say which commands differ in
# their standard output or exit status, with the first line that differs. From the source's root:
#     sh tests/golden/same_bytes.sh OLD NEW [COUNT [SEED]]      (500 scenes of seed 1)
# The names of scenes, finds and surfaces are those of OLD. Exit status: 0 no command differs.
set -u
[ $# -ge 2 ] || { sed -n '3,7s/^# //p' "$0"; exit 2; }
old=$1 new=$2 count=${3-500} seed=${4-1}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
export LC_ALL=C TZ=UTC
unset NO_COLOR COLUMNS LINES 2>/dev/null

names() { "$old" list "$1" | awk '/^[^ ]/ { print $1 }'; }

# Command lines of random scenes, quoted for a shell. The generator's product stays below 2^53.
random_scenes() {
  awk -v count="$count" -v seed="$seed" -v surfaces="$(names surfaces | tr '\n' '|')" '
  function random() { state = (state * 69069 + 12345) % 4294967296; return state / 4294967296 }
  function chance(p) { return random() < p }
  function between(lo, hi) { return sprintf("%.5g", lo + (hi - lo) * random()) }
  function whole(lo, hi) { return lo + int((hi - lo + 1) * random()) }
  function rate(lo, hi) { return sprintf("%.4g", exp(log(lo) + (log(hi) - log(lo)) * random())) }
  function pick(words,  w, n) { n = split(words, w, "|"); return w[whole(1, n)] }
  function some(old, word) { return chance(0.6) ? old (old == "" ? "" : ",") word : old }
  function row(name, params) { return params == "" ? name : name ":" params }

  function schedule(T,  n, p) {
    n = pick("constant|step|multistep|exponential|exp_k|inverse_time|polynomial|linear|" \
             "inverse_sqrt|cosine|cosine_restarts|triangular|triangular2|exp_range|cosine_wave|" \
             "one_cycle|wsd|plateau|typed")
    p = ""
    if (n == "typed")
      return pick("eta0/(1+0.1*t)|eta0*exp(-t/T)*(1.1+sin(t))|eta0*max(0.1,1-t/T)|" \
                  "eta0/(1+k*t):k=" between(0, 0.3) "|eta0*(1-(t/T)^2*c):c=" between(0, 1))
    if (n ~ /^(exponential|step|multistep|exp_range)$/) p = some(p, "gamma=" between(0.3, 1))
    if (n == "step") p = some(p, "step_size=" whole(1, 60))
    if (n == "multistep") p = some(p, "milestones=" whole(1, 50) "/" whole(60, 200))
    if (n == "exp_k") p = some(p, "k=" rate(1e-4, 0.1))
    if (n == "inverse_time") {
      p = some(p, "decay_steps=" whole(1, 30)); p = some(p, "decay_rate=" rate(0.001, 1))
      p = some(p, "staircase=" whole(0, 1))
    }
    if (n ~ /^(polynomial|linear)$/) {
      p = some(p, "total=" whole(5, 300)); p = some(p, "lr_end=" rate(1e-6, 1e-2))
    }
    if (n == "polynomial") p = some(p, "power=" between(0.2, 4))
    if (n == "inverse_sqrt") p = some(p, "shift=" whole(1, 60))
    if (n == "cosine_wave") p = some(p, "period=" whole(2, 90))
    if (n ~ /^cosine(_restarts)?$/) p = some(p, "eta_min=" rate(1e-6, 1e-2))
    if (n == "cosine") { p = some(p, "T_max=" whole(1, 300)); p = some(p, "hold=" whole(0, 1)) }
    if (n == "cosine_restarts") {
      p = some(p, "T_0=" whole(1, 60)); p = some(p, "T_mult=" whole(1, 3))
    }
    if (n ~ /^(triangular|exp_range|cosine_wave)/) p = some(p, "max_lr=" rate(1e-3, 1))
    if (n ~ /^(triangular|exp_range)/) {
      p = some(p, "step_up=" whole(1, 60)); p = some(p, "step_down=" whole(1, 60))
    }
    if (n == "one_cycle") {
      p = some(p, "total=" whole(10, 300)); p = some(p, "pct_start=" between(0.2, 0.8))
      p = some(p, "div_factor=" between(1, 40)); p = some(p, "final_div_factor=" rate(1, 1e5))
    }
    if (n == "wsd") {
      p = some(p, "warm=" whole(1, 40)); p = some(p, "decay=" whole(1, 80))
      p = some(p, "min_ratio=" between(0, 1))
    }
    if (n == "plateau") {
      p = some(p, "factor=" between(0.05, 0.9)); p = some(p, "patience=" whole(0, 20))
      p = some(p, "threshold=" rate(1e-6, 1e-2)); p = some(p, "threshold_mode=" pick("rel|abs"))
      p = some(p, "cooldown=" whole(0, 9)); p = some(p, "min_lr=" rate(1e-6, 1e-3))
    }
    if (chance(0.15)) p = some(p, "start=" whole(0, T))
    if (chance(0.1)) p = some(p, "unit=epoch")
    return row(n, p)
  }
  function optimizer(  n, p) {
    n = pick("sgd|sgd|momentum|nesterov|adagrad|rmsprop|adadelta|adam|amsgrad|adamw|nadam|radam")
    p = ""
    if (n ~ /^(momentum|nesterov)$/) {
      p = some(p, "momentum=" between(0, 0.99))
      p = some(p, "convention=" pick("torch|inside|average"))
    }
    if (n == "rmsprop") p = some(p, "alpha=" between(0.5, 0.999))
    if (n == "adadelta") p = some(p, "rho=" between(0.5, 0.99))
    if (n ~ /^(adam|amsgrad|adamw|nadam|radam)$/) {
      p = some(p, "beta1=" between(0, 0.95)); p = some(p, "beta2=" between(0.5, 0.9999))
    }
    if (n !~ /^(sgd|momentum|nesterov)$/) p = some(p, "eps=" rate(1e-10, 1e-3))
    if (n == "adamw") p = some(p, "weight_decay=" rate(1e-4, 0.1))
    return row(n, p)
  }
  # Sets `batches` where there are rows, `formula` where there is a parameter.
  function surface(  kind) {
    kind = random(); batches = 0; formula = ""
    if (kind < 0.55) return "--surface=" pick(surfaces)
    if (kind < 0.8) {
      formula = pick("x^2+a*y^2|a*(x^2-1)^2+0.3*x+y^2|(1-x)^2+10*a*(y-x^2)^2|" \
        "sin(a*x)*cos(y)+0.05*(x^2+y^2)|well(-a,1,1,0.7)+well(-2,-1,0,0.4)+0.1*(x^2+y^2)|" \
        "log(1+a*x^2+y^2)|abs(x)+a*max(y,0.2*y^2)|tanh(a*x)^2+sqrt(1+y^2)|" \
        "softplus(x-y)+a*sigmoid(y)+x^2/9")
      return "--surface=\"" formula ":a=" between(0.1, 5) "\""
    }
    batches = 1
    if (kind < 0.87) return "--surface=\"(x*u+y-v)^2/2\" --data=assets/line24.csv"
    if (kind < 0.94) return "--surface=\"(x*tanh(y*u)-v)^2/2\" --data=assets/neuron20.csv"
    return "--surface=\"(x*sin(y*u)-v)^2/2\" --data=assets/sine24.csv " \
           "--held_out=assets/sineval16.csv"
  }
  function edit(T,  line) {
    line = ""
    if (chance(0.4)) line = line " eta0=" rate(1e-3, 1)
    if (chance(0.3)) line = line " schedule=" schedule(T)
    if (chance(0.3)) line = line " optimizer=" optimizer()
    if (chance(0.15)) line = line " noise=" between(0, 1)
    if (batches && chance(0.4)) line = line " batch=" whole(0, 12)
    if (formula != "" && chance(0.3))
      line = line " surface=\047" formula ":a=" between(0.1, 5) "\047"
    return whole(0, T - 1) (line == "" ? " eta0=" rate(1e-3, 1) : line)
  }
  BEGIN {
    sub(/\|$/, "", surfaces)
    state = seed % 4294967296
    for (i = 0; i < count; i++) {
      T = whole(20, 400)
      line = surface() " --steps=" T " --optimizer=" optimizer() " --schedule=\"" schedule(T) "\""
      if (chance(0.6)) line = line " --start=" between(-2, 2) "," between(-2, 2)
      if (chance(0.7)) line = line " --eta0=" rate(1e-3, 1)
      if (chance(0.2)) line = line " --warmup=" whole(1, 50) " --warmup_factor=" between(0, 1)
      if (chance(0.25)) line = line " --noise=" between(0, 2)
      if (batches && chance(0.7)) line = line " --batch=" whole(0, 12)
      if (chance(0.3)) line = line " --seed=" whole(1, 1000000)
      for (e = whole(0, 5); e > 2; e--) line = line " --at=\"" edit(T) "\""
      print "run " line
      if (i % 5 == 0)
        print "show --format text --at-step " whole(0, T) " --size " \
          pick("80x24|120x36|60x18|100x30|40x12") (chance(0.2) ? " --ascii " : " ") line
    }
  }'
}

commands() {
  for kind in surfaces schedules optimizers scenes finds lessons keys commands; do
    echo "list $kind"
  done
  for scene in $(names scenes); do
    echo "run --scene $scene"
    echo "show --scene $scene --format text"
    echo "show --scene $scene --format text --size 80x24 --at-step 30"
  done
  for find in $(names finds); do
    echo "find $find --format csv"
  done
  random_scenes
}

result() { # result PROGRAM NAME LINE
  eval "\"$1\" $3" >"$folder/$2" 2>"$folder/$2.errors"
  echo "exit status $?" >>"$folder/$2"
}

commands >"$folder/commands"
same=0 differ=0 refused=0
while IFS= read -r line; do
  result "$old" old "$line" </dev/null
  result "$new" new "$line" </dev/null
  if cmp -s "$folder/old" "$folder/new"; then
    same=$((same + 1))
    ! tail -n 1 "$folder/old" | grep -q 'status 2' || refused=$((refused + 1))
  else
    differ=$((differ + 1))
    echo "differs: $line"
    diff "$folder/old" "$folder/new" | grep '^[<>]' | cut -c 1-160 | sed -n 's/^/  /;1p;$p'
    head -n 1 "$folder/new.errors" | sed 's/^/  /'
  fi
done <"$folder/commands"
echo "$same commands give the same bytes ($refused are refused by both), $differ differ"
[ "$differ" = 0 ]
