# SPDX-License-Identifier: MIT
"""What stands on the pages of the recorded results."""

import html
import json
import os
import re
import sys
import unittest

from report_on import ROOT, STEPS, Copy

sys.path.insert(0, str(ROOT / "scripts"))
import verdicts  # pylint: disable=wrong-import-position


class Content(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reports = Copy(cls.addClassCleanup)
        (cls.reports.folder / "results" / "identity.json").write_text(json.dumps({
            "system": "a system", "packages": [{"package": "libx9", "version": "9.9-9", "licence": "MIT", "role": "peer"}]}), "utf-8")
        cls.reports.report("--steps", str(STEPS))
        paths = [cls.reports.folder / "index.html", *sorted((cls.reports.folder / "pages").glob("*.html"))]
        cls.pages = {path.name: path.read_text("utf-8") for path in paths}

    def test_every_link_leads_to_something(self):
        for name, text in self.pages.items():
            base = self.reports.folder / ("" if name == "index.html" else "pages")
            links = [link for link in re.findall(r'(?:href|src)="([^"]+)"', text) if not link.startswith("data:")]
            self.assertGreater(len(links), 14, name)
            for link in links:
                path, _, anchor = link.partition("#")
                target = base / path if path else base / name
                self.assertTrue(target.exists(), f"{link} on {name}")
                if anchor:
                    self.assertIn(f'id="{anchor}"', self.pages[os.path.basename(target)], f"{link} on {name}")

    def test_no_page_needs_a_network(self):
        for name, text in self.pages.items():
            self.assertNotRegex(text, r"(?i)(src|href)\s*=\s*[\"']?(https?:)?//|@import|url\(", name)

    def test_each_word_for_a_verdict_is_explained_where_it_stands(self):
        seen = set()
        for name, text in self.pages.items():
            for word, means in verdicts.WORDS.items():
                if re.search(rf'class="v {word}">(\d[\d,]* )?{word}<', text):
                    seen.add(word)
                    self.assertIn(html.escape(means, quote=False), html.unescape(text), f"{word} on {name}")
        self.assertLessEqual({"fail", "accepted", "warning", "pass", "not-applicable"}, seen)

    def test_no_word_of_the_tools_is_left(self):
        for name, text in self.pages.items():
            shown = re.sub(r"<pre.*?</pre>|<[^>]*>", " ", text, flags=re.S)
            self.assertNotRegex(shown, r"\b(Crowd|Cc|xfail|xpass|non-strict)\b", name)
            self.assertNotRegex(text, r'class="v (info|unsupported|missing|unproven)"', name)

    def test_packages_of_a_run_are_on_the_page_of_versions(self):
        self.assertRegex(self.pages["versions.html"], r"libx9</code></th><td>9\.9-9</td><td>MIT</td><td>peer")

    def test_a_pdf_that_cannot_be_made_is_said(self):
        reports = Copy(self.addCleanup)
        folder = reports.folder.parent
        done = reports.report("--pdf", status=2, path=str(folder))
        self.assertEqual(done.stderr, "scripts/report: --pdf: there is no Chromium; run scripts/packages pages\n")
        (folder / "chromium").write_text("#!/bin/sh\nexit 3\n", "utf-8")
        (folder / "chromium").chmod(0o755)
        done = reports.report("--pdf", status=2, path=f"{folder}:{os.environ['PATH']}")
        self.assertEqual(done.stderr, "scripts/report: --pdf: Chromium ended with status 3 and has not written the file\n")
        self.assertFalse((reports.folder / "audit.pdf").exists())


if __name__ == "__main__":
    unittest.main()
