# SPDX-License-Identifier: MIT
"""scripts/packages beside another program that installs packages, and what it
leaves out in this release."""

import os
import pathlib
import platform
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCKS = ["/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/cache/apt/archives/lock"]
# apt-get as it is while others hold a lock: FOLDER/left says for how many calls.
APT_GET = """#!/bin/sh
echo "$@" >>FOLDER/asked
left=$(cat FOLDER/left)
[ "$left" = 0 ] && exit STATUS
echo $((left - 1)) >FOLDER/left
echo "E: Could not get lock LOCK. It is held by process 4711 (apt-get)" >&2
exit 100
"""


class BesideAnother(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, text):
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def install(self, left, lock=LOCKS[0], status=0):
        """Runs it as root where no package is installed and apt-get finds a lock `left` times."""
        self.program("apt-get", APT_GET.replace("FOLDER", str(self.folder)).replace("LOCK", lock)
                     .replace("STATUS", str(status)))
        self.program("dpkg-query", "#!/bin/sh\nexit 1\n")
        self.program("id", "#!/bin/sh\necho 0\n")
        self.program("sleep", "#!/bin/sh\n")
        (self.folder / "left").write_text(str(left), "utf-8")
        (self.folder / "asked").write_text("", "utf-8")
        path = f"{self.folder}:{os.environ['PATH']}"
        done = subprocess.run([ROOT / "scripts" / "packages", "style"], env=dict(os.environ, PATH=path), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        asked = (self.folder / "asked").read_text("utf-8").splitlines()
        self.installed = asked[-1].split()
        return done, ["update" if "update" in words else "install" for words in asked]

    def test_it_waits_for_every_lock(self):
        for lock in LOCKS:
            with self.subTest(lock):
                done, asked = self.install(2, lock)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertEqual(asked, ["update", "update", "update", "install"])
                self.assertEqual(done.stdout.count("waits until the other program has finished"), 2)

    def test_another_failure_ends_it_at_once(self):
        done, asked = self.install(0, status=100)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(asked, ["update"])
        self.assertIn("the installation failed.  The command was:\n  apt-get update && ", done.stdout)

    def test_what_the_release_does_not_have_is_named_and_not_asked_for(self):
        system = platform.freedesktop_os_release()
        has = system["ID"] != "debian" or system.get("VERSION_ID") == "12"
        done, _ = self.install(0)
        told = " ".join(line for line in done.stdout.splitlines() if "left out, not in debian" in line).split()
        self.assertIn("git", self.installed)
        for name in ("clang-format-14", "clang-tidy-14"):
            with self.subTest(name):
                self.assertEqual(name in self.installed, has)
                self.assertEqual(name in told, not has)


if __name__ == "__main__":
    unittest.main()
