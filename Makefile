# etascope: user settings first. CPPFLAGS, CFLAGS and LDFLAGS are added to what the build itself needs;
# CC, BUILD_CC (for the tool that runs while building), PKG_CONFIG, CURSES_CFLAGS and CURSES_LIBS may
# come from the environment too.
PREFIX  = /usr/local
BINDIR  = $(PREFIX)/bin
DATADIR = $(PREFIX)/share
MANDIR  = $(DATADIR)/man
BASHCOMPDIR = $(DATADIR)/bash-completion/completions
ZSHCOMPDIR  = $(DATADIR)/zsh/site-functions
FISHCOMPDIR = $(DATADIR)/fish/vendor_completions.d
METAINFODIR = $(DATADIR)/metainfo
DOCDIR  = $(DATADIR)/doc/etascope
DESTDIR =
ifeq ($(origin CC),default)
CC      = cc
endif
BUILD_CC   ?= cc
PKG_CONFIG ?= pkg-config
MODE    = release
#   MODE=release | debug | asan (address and undefined behaviour) | tsan | coverage | fuzz (clang)
# Nothing below needs editing for an ordinary build.

VERSION := $(shell sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md 2>/dev/null | head -n 1)
B       := build/$(MODE)$(if $(filter cc gcc,$(CC))$(filter fuzz,$(MODE)),,-$(notdir $(firstword $(CC))))
ifeq ($(MODE),fuzz)
CC = clang
endif

# Flags are lazy (=): `make deps run` must see what deps installed.
WARN     = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
BASE     = -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -ffp-contract=off -Isrc -I$(B)/gen \
           -ffile-prefix-map='$(CURDIR)=.' -DETASCOPE_VERSION='"$(VERSION)"' $(WARN) $(if $(WERROR),-Werror)
OPT_release = -O2 -g -DNDEBUG
OPT_debug   = -O0 -g3
OPT_asan    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_tsan    = -O1 -g -fsanitize=thread
OPT_coverage = -O1 -g -DNDEBUG --coverage
OPT_fuzz    = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-coverage=trace-cmp
OPT      = $(OPT_$(MODE))
# The kernel files: sqrt in lanes must become an instruction, sums over rows vectors.
KERNEL   = -O3 -fno-math-errno -fno-trapping-math
KERNEL_OBJ = $(addprefix $(B)/,expr/lanes.o expr/elementary.o core/loss.o core/optimizer.o core/step.o lab/many.o)
CURSES_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags ncursesw 2>/dev/null)
CURSES_LIBS   ?= $(shell $(PKG_CONFIG) --libs ncursesw 2>/dev/null || echo -lncursesw)
ALL_CFLAGS = $(BASE) -pthread $(OPT) $(CPPFLAGS) $(CFLAGS)

LAYERS  = base expr core code lab teach view app app/view out store cli
LIB_SRC = $(sort $(wildcard $(LAYERS:%=src/%/*.c)))
LIB_SRC := $(filter-out src/base/embed_gen.c,$(LIB_SRC))
TTY_SRC = $(sort $(wildcard src/tty/*.c))
LIB_OBJ = $(LIB_SRC:src/%.c=$(B)/%.o) $(B)/gen/embedded.o
TTY_OBJ = $(TTY_SRC:src/%.c=$(B)/%.o)
LIB     = $(B)/libetascope.a
PROGRAM = $(B)/etascope
ASSETS  = $(sort $(wildcard assets/*.txt assets/*.csv assets/etascope.* lessons/*.lesson lessons/demos/*.lesson \
  lessons/*.txt))

# Commands are told in a word; V=1 shows them whole.
Q = $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-6s %s\n')

.PHONY: all
all: ## the program
	@$(MAKE) -s --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) $(PROGRAM)

$(PROGRAM): $(B)/main.o $(TTY_OBJ) $(LIB)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(B)/main.o $(TTY_OBJ) $(LIB) $(CURSES_LIBS) -lm

$(LIB): $(LIB_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(KERNEL_OBJ): OPT += $(if $(filter release,$(MODE)),$(KERNEL))
$(TTY_OBJ): BASE += $(filter-out -D_XOPEN_SOURCE% -D_POSIX_C_SOURCE%,$(CURSES_CFLAGS))

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The version is compiled into few files; they follow CHANGELOG.md.
$(B)/main.o $(B)/cli/run.o $(B)/cli/help.o $(B)/code/parts.o: CHANGELOG.md

# assets and lessons as one C table; the tool is built for the machine that builds
$(B)/gen/embed_gen: src/base/embed_gen.c
	@mkdir -p $(@D)
	$(Q)$(BUILD_CC) -std=c11 -O1 -o $@ $<
$(B)/gen/embedded.c: $(B)/gen/embed_gen $(ASSETS)
	$(say) EMBED $@
	$(Q)$< $(ASSETS) > $@.tmp && mv $@.tmp $@
$(B)/gen/embedded.o: $(B)/gen/embedded.c
	$(Q)$(CC) $(ALL_CFLAGS) -w -c -o $@ $<

# Tables of rows that lie one in a file: $(call rows,PREFIX,FOLDER) has a line ROW(NAME) for each
# `const TYPE PREFIX_NAME = {...` in FOLDER, by their `.order` where they have one. Looked at
# always, written when something changed.
rows = @mkdir -p $(@D) && LC_ALL=C awk ' \
    function put() { if (name) print order + 0, "ROW(" name ")"; name = order = "" } \
    FNR == 1 { put() } \
    /^const [A-Z][A-Za-z]* $(1)_[a-z0-9_]* = / { name = $$3; sub("$(1)_", "", name) } \
    $$1 == ".order" { order = $$3 + 0 } \
    END { put() }' $(sort $(wildcard $(2)/*.c)) | LC_ALL=C sort -k1,1n -k2 | cut -d" " -f2 > $@.tmp; \
  if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
ROWS = $(B)/gen/formats.inc $(B)/gen/views.inc
$(B)/gen/formats.inc: FORCE ; $(call rows,format,src/out)
$(B)/gen/views.inc: FORCE ; $(call rows,view,src/app/view)
$(LIB_OBJ): | $(ROWS)
.PHONY: FORCE
FORCE:

-include $(LIB_OBJ:.o=.d) $(TTY_OBJ:.o=.d) $(B)/main.d

.PHONY: run
run: all ## build and open the stage
	@$(PROGRAM)

# What is missing is installed, and nothing else; no rights are asked for when nothing is missing.
DEPS = gcc make pkg-config libncurses-dev libcmocka-dev libvterm-dev groff-base
.PHONY: deps
deps: ## install what building and testing need (Debian and Ubuntu)
	@if command -v dpkg-query >/dev/null 2>&1; then \
	  missing=; \
	  for p in $(DEPS); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	    if [ -n "$$root" ] && ! command -v sudo >/dev/null 2>&1; then \
	      echo "please run as root: apt-get install$$missing"; exit 1; fi; \
	    echo "installing:$$missing"; \
	    $$root apt-get update -q >/dev/null && \
	    DEBIAN_FRONTEND=noninteractive $$root apt-get install -qy --no-install-recommends $$missing >/dev/null; \
	  fi; \
	else \
	  echo "please install: a C compiler, make, pkg-config, ncurses (wide), and for tests cmocka and libvterm"; \
	fi

include tests/tests.mk

.PHONY: layers
layers: all ## check that includes and calls go one way only, without circles
	@sh tests/layers.sh $(B)

.PHONY: lint
lint: ## compile everything with warnings as errors
	@$(MAKE) --no-print-directory MODE=debug WERROR=1 all

# The program makes its own man page; a tarball has it already, for who builds for another machine.
MANPAGE = $(firstword $(wildcard packaging/etascope.1) $(B)/etascope.1)
METAINFO = org.etascope.etascope.metainfo.xml
INSTALLED = $(BINDIR)/etascope $(MANDIR)/man1/etascope.1 $(BASHCOMPDIR)/etascope \
  $(ZSHCOMPDIR)/_etascope $(FISHCOMPDIR)/etascope.fish $(METAINFODIR)/$(METAINFO) \
  $(DOCDIR)/README.md $(DOCDIR)/LICENSE
.PHONY: install uninstall
install: all $(MANPAGE) ## install program, man page, completions (PREFIX, DESTDIR)
	install -d $(sort $(dir $(INSTALLED:%=$(DESTDIR)%)))
	install -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/etascope
	install -m 644 $(MANPAGE) $(DESTDIR)$(MANDIR)/man1/etascope.1
	install -m 644 assets/etascope.bash $(DESTDIR)$(BASHCOMPDIR)/etascope
	install -m 644 assets/etascope.zsh $(DESTDIR)$(ZSHCOMPDIR)/_etascope
	install -m 644 assets/etascope.fish $(DESTDIR)$(FISHCOMPDIR)/etascope.fish
	install -m 644 packaging/$(METAINFO) $(DESTDIR)$(METAINFODIR)/$(METAINFO)
	install -m 644 README.md LICENSE $(DESTDIR)$(DOCDIR)
uninstall:
	rm -f $(INSTALLED:%=$(DESTDIR)%)
$(B)/etascope.1: $(PROGRAM)
	$(Q)$(PROGRAM) help man > $@

# A tarball to build from (GNU tar). The same sources give the same bytes, wherever and whenever.
NAME = etascope-$(VERSION)
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
.PHONY: dist check-packaging
dist: $(B)/etascope.1 ## the tarball of a release
	@rm -rf build/dist && mkdir -p build/dist/$(NAME)
	@{ git ls-files -z 2>/dev/null | grep -z . || find . -path ./build -prune -o -type f -print0; } | \
	  tar --null -T - -cf - | tar -C build/dist/$(NAME) -xf -
	@cp $(B)/etascope.1 build/dist/$(NAME)/packaging/etascope.1
	@LC_ALL=C tar -C build/dist --sort=name --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 \
	  --numeric-owner --mode=u=rwX,go=rX --format=ustar -cf - $(NAME) | gzip -9n > build/$(NAME).tar.gz
	@echo build/$(NAME).tar.gz
check-packaging: dist ## tarball and program are reproducible, what is installed, the packages
	@sh tests/packaging.sh $(VERSION)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile tests/tests.mk | expand -t 22

.PHONY: clean
clean: ## remove all that was built
	rm -rf build

# The pictures of the README, made by the program itself: the same lines give the same files.
PICTURES = assets/pictures
.PHONY: pictures
pictures: all ## draw the pictures of the README again
	@mkdir -p $(PICTURES)
	$(PROGRAM) show --format svg --scene B4 --at-step 60 --size 120x36 > $(PICTURES)/stage.svg
	$(PROGRAM) show --format svg --scene B4 --at-step 30 --size 80x24 > $(PICTURES)/stage-80x24.svg
	$(PROGRAM) show --format svg --scene H4 --at-step 30 --exec apart --size 120x36 > $(PICTURES)/apart.svg
	$(PROGRAM) show --format svg --scene A3 --at-step 12 --exec hop --theme light --map viridis \
	  --size 120x36 > $(PICTURES)/light.svg
