#!/bin/sh
# SPDX-License-Identifier: MIT
# sh tests/packaging.sh VERSION, after make dist: two builds of the tarball in folders of different
# names give one program and one tarball; what is installed is what is meant to be; the recipes
# carry the version; where there is debhelper, the Debian package is built and looked at.
set -eu
version=$1
name=etascope-$version
root=$(pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
unset MAKEFLAGS MFLAGS MAKELEVEL
fail() { echo "packaging: $*"; exit 1; }
export SOURCE_DATE_EPOCH=1700000000

for file in debian/changelog arch/PKGBUILD homebrew/etascope.rb nix/package.nix *.metainfo.xml; do
  grep -qF "$version" packaging/$file || fail "packaging/$file is not about $version"
done

build() { # build FOLDER: unpack, build, install, make the tarball again
  mkdir -p "$1"
  tar -C "$1" -xzf "build/$name.tar.gz"
  (cd "$1/$name" && make -s && make -s PREFIX=/usr DESTDIR=../root install && make -s dist) \
    >"$1/log" 2>&1 || { cat "$1/log"; exit 1; }
  strip -o "$1/stripped" "$1/root/usr/bin/etascope"
}
other="$folder/another, of a longer name"
build "$folder/a"
build "$other"
cmp "$folder/a/stripped" "$other/stripped" || fail "two builds, two programs"
cmp "$folder/a/$name/build/$name.tar.gz" "$other/$name/build/$name.tar.gz" || fail "two tarballs"

(cd "$folder/a/root" && find . -type f | LC_ALL=C sort) >"$folder/files"
cat >"$folder/expected" <<END
./usr/bin/etascope
./usr/share/bash-completion/completions/etascope
./usr/share/doc/etascope/LICENSE
./usr/share/doc/etascope/README.md
./usr/share/fish/vendor_completions.d/etascope.fish
./usr/share/man/man1/etascope.1
./usr/share/metainfo/org.etascope.etascope.metainfo.xml
./usr/share/zsh/site-functions/_etascope
END
diff "$folder/expected" "$folder/files" || fail "other files are installed"
(cd "$folder/a/$name" && make -s PREFIX=/usr DESTDIR=../root uninstall)
[ -z "$(find "$folder/a/root" -type f)" ] || fail "uninstall leaves files"

if command -v appstreamcli >/dev/null 2>&1; then
  appstreamcli validate --no-net packaging/*.metainfo.xml >"$folder/log" || { cat "$folder/log"; exit 1; }
fi
if command -v dh >/dev/null 2>&1 && command -v dpkg-buildpackage >/dev/null 2>&1; then
  cp -R "$root/packaging/debian" "$folder/a/$name/debian"
  (cd "$folder/a/$name" && make -s clean &&
    DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -d -us -uc -b) >"$folder/log" 2>&1 ||
    { tail -n 30 "$folder/log"; fail "no Debian package"; }
  dpkg-deb -x "$folder"/a/etascope_*.deb "$folder/deb"
  [ "$("$folder/deb/usr/bin/etascope" --version)" = "etascope $version" ] || fail "the package's program"
  [ -f "$folder/deb/usr/share/man/man1/etascope.1.gz" ] || fail "the package's man page"
  echo "packaging: the Debian package is built"
fi
echo "packaging: ok"
