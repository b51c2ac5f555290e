#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The library and the programs as somebody installs them, in a temporary prefix.

Called with the folder of a build and the part to test: prefix, packages or
alone.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = os.path.abspath(sys.argv[1])
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PROGRAMS = ["nxdtls", "nxdtls-bench", "nxdtls-check", "nxdtls-fuzz", "nxdtls-lab", "nxdtls-learn", "nxdtls-probe", "nxdtls-relay"]


def run(*command, **more):
    """The finished process; what it printed is one text."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          **more)


def files(folder):
    """The files below a folder, relative to it."""
    return sorted(os.path.relpath(os.path.join(where, name), folder)
                  for where, _, names in os.walk(folder) for name in names)


class InATemporaryFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def must(self, *command, **more):
        done = run(*command, **more)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def check_programs(self, folder, programs):
        """Each one starts, without the build's folder around it."""
        self.assertEqual(sorted(os.listdir(folder)), programs)
        for name in programs:
            self.assertIn("usage: nxdtls", self.must(os.path.join(folder, name), "--help"))

    def check_links(self, folder):
        """Each link of a page leads to a file that is installed, too."""
        pages = glob.glob(os.path.join(folder, "**/*.md"), recursive=True)
        self.assertIn(os.path.join(folder, "porting.md"), pages)
        for page in pages:
            with open(page, encoding="utf-8") as text:
                links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text.read())
            for link in links:
                target = os.path.normpath(os.path.join(os.path.dirname(page), link))
                if not link.startswith("http"):
                    self.assertTrue(os.path.exists(target) and target.startswith(folder), f"{page}: {link}")


class Prefix(InATemporaryFolder):
    def install(self, prefix, *options, **more):
        return run("cmake", "--install", BUILD, "--prefix", prefix, *options, **more)

    def test_what_is_installed(self):
        done = self.install(self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(files(os.path.join(self.folder, "include")),
                         ["nxdtls/" + name for name in files(os.path.join(ROOT, "include"))])
        self.assertEqual(sorted(glob.glob("libnxdtls*", root_dir=os.path.join(self.folder, "lib"))),
                         ["libnxdtls.a", "libnxdtls.so", "libnxdtls.so.0.1", "libnxdtls.so.0.1.0"])
        self.check_programs(os.path.join(self.folder, "bin"), PROGRAMS)
        self.check_links(os.path.join(self.folder, "share/doc/nxdtls"))

    def test_the_lab_takes_the_installed_certificates(self):
        self.assertEqual(self.install(self.folder).returncode, 0)
        installed = os.path.join(self.folder, "share/nxdtls/pki")
        made = os.path.join(self.folder, "made")
        os.remove(os.path.join(installed, "ec.pem"))
        self.must(os.path.join(self.folder, "bin/nxdtls"), "check", "--init", made)
        self.assertEqual(files(os.path.join(made, "pki")), files(installed))

    def test_a_prefix_inside_the_source_tree_is_refused(self):
        """Whatever is installed: even of a component without a file."""
        link = os.path.join(self.folder, "link")
        os.symlink(ROOT, link)
        for prefix, root in (("include/somewhere", None), ("", None), ("/usr", os.path.join(ROOT, "docs")),
                             (link, None), (os.path.join(link, "not/yet"), None)):
            with self.subTest(prefix=prefix, DESTDIR=root):
                done = self.install(os.path.join(ROOT, prefix), "--component", "none",
                                    env=dict(os.environ, DESTDIR=root or ""))
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("inside the source tree", done.stdout)


class Packages(InATemporaryFolder):
    EACH = {
        "libnxdtls0.1": ["usr/lib/libnxdtls.so.0.1", "usr/lib/libnxdtls.so.0.1.0"],
        "libnxdtls-dev": ["usr/include/nxdtls/nx_secure_dtls_api.h", "usr/lib/libnxdtls.a", "usr/lib/libnxdtls.so",
                          "usr/lib/pkgconfig/nxdtls.pc", "usr/lib/cmake/nxdtls/nxdtlsConfig.cmake",
                          "usr/share/doc/nxdtls/api.md"],
        "nxdtls": ["usr/bin/" + name for name in PROGRAMS],
    }

    def test_three_packages_share_no_file_and_work(self):
        self.must("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", self.folder)
        root = os.path.join(self.folder, "root")
        owners = {}
        for name, wanted in self.EACH.items():
            package, = glob.glob(os.path.join(self.folder, f"{name}_0.1.0_*.deb"))
            self.must("dpkg-deb", "--extract", package, root)
            listed = re.findall(r"\./(\S*[^/\s])(?: -> .*)?$", self.must("dpkg-deb", "--contents", package), re.M)
            for path in listed:
                self.assertNotIn(path, owners)
                owners[path] = name
            for path in wanted:
                self.assertEqual(owners.get(path), name, path)
            self.assertIn("libssl3" if name != "libnxdtls-dev" else "libnxdtls0.1 (= 0.1.0), libssl-dev",
                          self.must("dpkg-deb", "--field", package, "Depends"))
        self.check_programs(os.path.join(root, "usr/bin"), PROGRAMS)
        paths = dict(os.environ, PKG_CONFIG_PATH=os.path.join(root, "usr/lib/pkgconfig"),
                     LD_LIBRARY_PATH=os.path.join(root, "usr/lib"))
        flags = self.must("pkg-config", "--cflags", "--libs", "nxdtls", env=paths).split()
        program = os.path.join(self.folder, "outside")
        self.must("cc", os.path.join(ROOT, "harness/api/outside.c"), *flags, "-o", program)
        self.assertEqual(self.must(program, env=paths), "hello\n")


class Alone(InATemporaryFolder):
    def test_the_library_needs_nothing_of_the_lab(self):
        """pkg-config finds no package, neither cmocka nor a peer's library."""
        build = os.path.join(self.folder, "build")
        self.must("cmake", "--preset", "release", "-S", ROOT, "-B", build, "-DNXDTLS_LAB=OFF", cwd=ROOT,
                  env=dict(os.environ, PKG_CONFIG_LIBDIR=self.folder))
        self.must("cmake", "--build", build, "--target", "nxdtls_installed")
        self.must("cmake", "--install", build, "--prefix", self.folder)
        self.check_programs(os.path.join(self.folder, "bin"), ["nxdtls"])
        self.must(os.path.join(ROOT, "scripts/check-api"), build)
        library = os.path.join(self.folder, "lib/libnxdtls.so")
        calls = re.findall(r"JUMP_SLO\S* +\S+ (_?(?:nx|tx)\S+)", self.must("readelf", "--relocs", "--wide", library))
        self.assertEqual(calls, ["tx_application_define"], "a call of its own that another library could take")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], defaultTest=sys.argv[2].capitalize())
