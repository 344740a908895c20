class Etascope < Formula
  desc "Gradient descent and learning rates, alive in a terminal"
  homepage "https://github.com/etascope/etascope"
  url "https://github.com/etascope/etascope/releases/download/v0.1.0/etascope-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "ncurses"

  def install
    system "make", "V=1"
    system "make", "PREFIX=#{prefix}", "install"
  end

  test do
    assert_match "etascope #{version}", shell_output("#{bin}/etascope --version")
    assert_match "t,epoch,x,y,loss", shell_output("#{bin}/etascope run --steps 5")
  end
end
