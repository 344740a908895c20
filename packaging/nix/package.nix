{ lib, stdenv, fetchurl, pkg-config, ncurses, versionCheckHook }:

stdenv.mkDerivation (finalAttrs: {
  pname = "etascope";
  version = "0.1.0";

  src = fetchurl {
    url = "https://github.com/etascope/etascope/releases/download/v${finalAttrs.version}/etascope-${finalAttrs.version}.tar.gz";
    hash = lib.fakeHash; # set at the release: packaging/README.md
  };

  nativeBuildInputs = [ pkg-config ];
  buildInputs = [ ncurses ];
  depsBuildBuild = [ stdenv.cc ];
  makeFlags = [ "PREFIX=$(out)" "BUILD_CC=cc" "V=1" ];
  nativeInstallCheckInputs = [ versionCheckHook ];
  doInstallCheck = true;

  meta = {
    description = "Gradient descent and learning rates, alive in a terminal";
    homepage = "https://github.com/etascope/etascope";
    license = lib.licenses.mit;
    mainProgram = "etascope";
    platforms = lib.platforms.unix;
  };
})
