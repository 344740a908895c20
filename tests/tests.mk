# Tests: each tests/unit/test_*.c and tests/app/test_*.c is one cmocka program over the library.
TEST_SRC  = $(sort $(wildcard tests/unit/test_*.c tests/app/test_*.c tests/golden/test_*.c))
TEST_BIN  = $(TEST_SRC:tests/%.c=$(B)/tests/%)
CMOCKA    = $(shell pkg-config --cflags --libs cmocka 2>/dev/null || echo -lcmocka)

$(TEST_BIN): $(B)/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests -UNDEBUG -MMD -MP -MF $@.d -o $@ $< $(LIB) $(CMOCKA) -lm
-include $(TEST_BIN:=.d)

.PHONY: test-unit
test-unit: $(TEST_BIN)
	@for t in $(TEST_BIN); do ./$$t || exit 1; done
