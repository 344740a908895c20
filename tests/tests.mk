# Tests: every tests/{unit,golden,app,e2e}/test_*.c is one cmocka program over the library; every
# tests/fuzz/fuzz_*.c is a fuzzer. tests/README.md tells how to add one.
# What a test needs and is not here fails it, unless it is waived by name: WITHOUT='vterm groff'. The
# one waiver of ourselves: few may mount.
ifeq ($(origin WITHOUT),undefined)
WITHOUT := $(shell unshare -m true 2>/dev/null || echo mount)
endif
export WITHOUT
NO_VTERM  = $(if $(filter vterm,$(WITHOUT)),tests/e2e/% tests/unit/test_out.c)
TEST_DIRS = unit golden app e2e
TEST_SRC  = $(filter-out $(NO_VTERM),$(sort $(wildcard $(TEST_DIRS:%=tests/%/test_*.c))))
TEST_BIN  = $(TEST_SRC:tests/%.c=$(B)/tests/%)
PROBE     = $(B)/tests/e2e/tty_probe
FUZZ_SRC  = $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN  = $(FUZZ_SRC:tests/%.c=$(B)/tests/%)
VERDICTS  = $(B)/tests/golden/verdicts
VERDICT_RUNS = 1000#   make check: random runs whose words are classified a second time
BENCH     = $(B)/tests/bench/bench
EDGE      = $(B)/tests/bench/edge
CMOCKA    = $(shell $(PKG_CONFIG) --cflags --libs cmocka 2>/dev/null || echo -lcmocka)
VTERM     = $(shell $(PKG_CONFIG) --libs vterm 2>/dev/null || echo -lvterm)
HAVE_VTERM = $(shell $(PKG_CONFIG) --exists vterm 2>/dev/null && echo -DHAVE_VTERM $(VTERM))
JOBS      = $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
FUZZ_SECONDS = 300#  make fuzz: each fuzzer so long
FUZZ_SHORT   = 300#   make test: random inputs for each fuzzer
WRAP      = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free

TEST_FLAGS = $(ALL_CFLAGS) -Itests -UNDEBUG -MMD -MP -MF $@.d -MT $@

$(TEST_BIN): $(B)/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	$(say) TEST $<
	$(Q)$(CC) $(TEST_FLAGS) -o $@ $(filter %.c %.o,$^) $(LIB) $(CMOCKA) $(TEST_LIBS) -lm
$(filter $(B)/tests/e2e/%,$(TEST_BIN)): tests/e2e/vt.c $(PROBE) $(PROGRAM)
$(filter $(B)/tests/e2e/%,$(TEST_BIN)): BASE += -D_DEFAULT_SOURCE -DTTY_PROBE='"$(PROBE)"' \
  -DETASCOPE='"$(PROGRAM)"'
$(filter $(B)/tests/e2e/%,$(TEST_BIN)): TEST_LIBS = $(VTERM) -lutil
$(B)/tests/unit/test_out: TEST_LIBS = $(VTERM)
$(B)/tests/app/test_alloc: TEST_LIBS = $(WRAP)

$(PROBE): tests/e2e/tty_probe.c $(TTY_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(say) TEST $<
	$(Q)$(CC) $(TEST_FLAGS) -o $@ $< $(TTY_OBJ) $(LIB) $(CURSES_LIBS) -lm

# MODE=fuzz: libFuzzer brings its own main.
$(FUZZ_BIN): $(B)/tests/%: tests/%.c $(LIB) $(if $(filter fuzz,$(MODE)),,tests/fuzz/replay.c)
	@mkdir -p $(@D)
	$(say) FUZZ $<
	$(Q)$(CC) $(TEST_FLAGS) $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer) -o $@ $(filter %.c,$^) $(LIB) \
	  $(HAVE_VTERM) -lm

$(VERDICTS): tests/golden/verdicts.c $(LIB)
	@mkdir -p $(@D)
	$(say) TEST $<
	$(Q)$(CC) $(TEST_FLAGS) -o $@ $< $(LIB) -lm

# The bench looks at a stage on a terminal too, where libvterm is there.
$(BENCH): tests/bench/bench.c $(LIB) $(PROGRAM) $(if $(HAVE_VTERM),tests/e2e/vt.c)
	@mkdir -p $(@D)
	$(say) BENCH $<
	$(Q)$(CC) $(TEST_FLAGS) -D_DEFAULT_SOURCE -DETASCOPE='"$(PROGRAM)"' -o $@ $(filter %.c,$^) $(LIB) \
	  $(HAVE_VTERM) $(if $(HAVE_VTERM),-lutil) -lm

$(EDGE): tests/bench/edge.c $(TTY_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(say) BENCH $<
	$(Q)$(CC) $(TEST_FLAGS) -D_DEFAULT_SOURCE -o $@ $< $(TTY_OBJ) $(LIB) $(CURSES_LIBS) -lutil -lm

-include $(TEST_BIN:=.d) $(FUZZ_BIN:=.d) $(VERDICTS).d $(BENCH).d $(EDGE).d $(PROBE).d

.PHONY: test-needs
test-needs:
	@$(PKG_CONFIG) --exists cmocka 2>/dev/null || { \
	  echo "the tests need cmocka, which is not here: make deps"; exit 1; }
	@[ -n "$(NO_VTERM)" ] || $(PKG_CONFIG) --exists vterm 2>/dev/null || { \
	  echo "the tests need libvterm, which is not here: make deps, or WITHOUT=vterm"; exit 1; }
	@[ -z "$(WITHOUT)" ] || echo "waived: $(WITHOUT)"

.PHONY: test-programs
test-programs: $(TEST_BIN) $(FUZZ_BIN) $(PROGRAM)

.PHONY: test
test: test-needs ## the quick tests
	@$(MAKE) --no-print-directory -j$(JOBS) test-programs
	@sh tests/run.sh $(JOBS) $(TEST_BIN)
	@sh tests/fuzz/run.sh $(FUZZ_SHORT) $(FUZZ_BIN)

# Programs that `etascope code` writes, run by PyTorch; WITHOUT=torch does without.
.PHONY: test-code
test-code: $(PROGRAM)
	@sh tests/golden/code.sh $(PROGRAM) "$(WITHOUT)"

.PHONY: check
check: $(VERDICTS) ## everything: tests, layers, warnings, lessons, PyTorch, sanitizers; WITHOUT=python
	@$(MAKE) --no-print-directory test
	$(if $(filter python,$(WITHOUT)),,@python3 tests/golden/verdicts.py $(VERDICTS) $(VERDICT_RUNS))
	@$(MAKE) --no-print-directory test-code
	@$(MAKE) --no-print-directory layers
	@$(MAKE) --no-print-directory lint
	@$(PROGRAM) check
	@$(MAKE) --no-print-directory check-packaging
	@$(MAKE) --no-print-directory MODE=asan test

# What the tests do not reach: lines of src/, by file. A process that crashes writes no counters:
# tests/e2e sees crash.c work.
.PHONY: coverage
coverage: ## lines that the tests reach: 96 % of all, 85 % of each file (gcovr)
	@find build/coverage -name '*.gcda' -exec rm -f {} + 2>/dev/null || true
	@$(MAKE) --no-print-directory MODE=coverage test
	@gcovr -r . --filter src/ --exclude src/tty/crash.c --object-directory build/coverage --csv | sh tests/coverage.sh 96 85

.PHONY: accept
accept: test-needs $(B)/tests/app/test_frames ## take today's screens as the expected ones
	@ACCEPT=1 $(B)/tests/app/test_frames 2>&1 | grep '^accepted\|FAILED' || echo "nothing has changed"

.PHONY: bench
bench: $(BENCH) $(EDGE) ## measure: times, bytes, memory, against their goals
	@$(BENCH)
	@$(EDGE)

# clang's libFuzzer learns which inputs reach new code; without clang: random inputs, sanitized.
.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_BIN)
fuzz: ## long fuzzing; FUZZ_SECONDS=300 for each fuzzer
	@if command -v clang >/dev/null 2>&1; then \
	  $(MAKE) --no-print-directory -j$(JOBS) MODE=fuzz fuzz-programs && \
	  sh tests/fuzz/long.sh $(FUZZ_SECONDS) build/fuzz; \
	else \
	  echo "no clang: random inputs under gcc's sanitizers instead"; \
	  $(MAKE) --no-print-directory -j$(JOBS) MODE=asan fuzz-programs && \
	  sh tests/fuzz/run.sh 1000 $(FUZZ_SRC:tests/%.c=build/asan/tests/%); \
	fi
