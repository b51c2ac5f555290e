# SPDX-License-Identifier: MIT
"""The pages in headless Chromium: what a reader does, on a desk, on a phone, in
the dark, on paper, and with a screen reader.

Chromium, its driver and python3-selenium come with `scripts/packages pages`, axe-core
with `scripts/npm-tools`.  Status 77: one of them is not there.
"""

import json
import os
import pathlib
import shutil
import sys
import unittest

from report_on import ROOT, STEPS, Copy

AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE, PAPER = (1280, 900), (360, 740), (620, 877)  # A4 with wide margins
FAILING = "engine-openssl/009d/server/cookie/mtu-300/refused-server"
# What the colours are matters in the dark as well; everything else is the same there.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
RUN = """
const [rules, done] = arguments;
axe.run(document, {resultTypes: ["violations"], ...rules}).then(
  found => done(found.violations.map(v => v.id + ": " + v.nodes.slice(0, 2).map(n => n.html.slice(0, 160)).join(" ; "))),
  error => done([String(error)]));
"""


def missing():
    try:
        import selenium  # pylint: disable=import-outside-toplevel,unused-import
    except ImportError:
        return "python3-selenium"
    return next((name for name in ("chromium", "chromedriver") if not shutil.which(name)), None) or (
        None if AXE.exists() else "axe-core (scripts/npm-tools)")


def browser():
    from selenium import webdriver  # pylint: disable=import-outside-toplevel
    from selenium.webdriver.chrome.service import Service  # pylint: disable=import-outside-toplevel
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(60)
    return driver


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reports = Copy(cls.addClassCleanup)
        cls.reports.report("--steps", str(STEPS), "--pdf")
        cls.driver = browser()
        cls.addClassCleanup(cls.driver.quit)
        cls.names = ["index.html", *sorted(f"pages/{path.name}" for path in (cls.reports.folder / "pages").glob("*.html"))]

    def colours(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def go(self, name, size=DESK, script=True):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
        self.colours("light")
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        self.driver.get("about:blank")  # so that another #anchor is another page
        self.driver.get((self.reports.folder / name.partition("#")[0]).as_uri() + "".join(name.partition("#")[1:]))

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def shown(self, selector="details.result"):
        return [one.text for one in self.all(selector) if one.is_displayed()]

    def test_no_page_has_an_error_or_asks_for_a_network(self):
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        for name in self.names:
            self.go(name)
            self.assertEqual(self.driver.get_log("browser"), [], name)
            said = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
            asked = [one["params"]["request"]["url"] for one in said if one["method"] == "Network.requestWillBeSent"]
            self.assertGreaterEqual(len(asked), 3, f"{name}: the page, its style and its script")
            self.assertEqual([one for one in asked if not one.startswith(("file:", "data:", "about:"))], [], name)

    def test_axe_finds_no_violation_in_light_and_dark(self):
        axe = AXE.read_text("utf-8")
        for name in self.names:
            self.go(name)
            self.driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true;")
            self.driver.execute_script(axe)
            for scheme, rules in RULES.items():
                with self.subTest(page=name, scheme=scheme):
                    self.colours(scheme)
                    self.assertEqual(self.driver.execute_async_script(RUN, rules), [])

    def test_no_page_is_wider_than_a_phone(self):
        for name in self.names:
            self.go(name, PHONE)
            self.driver.execute_script("for (const d of document.querySelectorAll('details')) d.open = true;")
            self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), PHONE[0], name)

    def test_from_the_first_page_to_the_evidence_of_what_failed(self):
        for script in (True, False):
            with self.subTest(script=script):
                self.go("index.html", script=script)
                failed = self.all("section:first-of-type tbody a")
                self.assertEqual([one.text for one in failed], [f"interop: {FAILING}"])
                failed[0].click()
                self.assertIn("pages/interop-engine-openssl.html#", self.driver.current_url)
                opened = self.all(".evidence")[0]
                self.assertTrue(opened.is_displayed())
                for words in ("On the wire", "ClientHello#0", "broken refused", f"build/dev/bin/nxdtls interop --seed 1 -v --only id={FAILING}"):
                    self.assertIn(words, opened.text)
                capture = opened.find_element("css selector", "a[href$='.pcapng']").get_attribute("href")
                path = pathlib.Path(capture.removeprefix("file://"))
                self.assertEqual(path.read_bytes()[:4], b"\n\r\r\n")  # what a pcapng begins with

    def test_a_link_to_a_pass_opens_it(self):
        self.go("pages/interop-engine-openssl.html")
        last = [one for one in self.all("details.result[data-verdict=pass] .evidence")][-1]
        self.assertFalse(last.is_displayed())
        self.go(f"pages/interop-engine-openssl.html#{last.get_attribute('id')}")
        self.assertTrue(self.all("details.result[data-verdict=pass] .evidence")[-1].is_displayed())

    def test_a_list_is_filtered_by_words_and_by_verdict(self):
        self.go("pages/interop-engine-openssl.html")
        everything = self.shown()
        field = self.all("input[type=search]")[0]
        field.send_keys("mtu-300 refused")
        self.assertEqual(len(self.shown()), 1)
        self.assertIn(FAILING, self.shown()[0])
        kept = self.driver.current_url
        field.clear()
        field.send_keys("x\b")
        self.assertEqual(self.shown(), everything)
        self.go("pages/interop-engine-openssl.html#" + kept.partition("#")[2])
        self.assertEqual(len(self.shown()), 1)
        self.go("pages/interop-engine-openssl.html")
        for button in self.all(".tools button"):
            if not button.text.startswith("fail"):
                button.click()
        self.assertEqual(len(self.shown()), 1)

    def test_a_filter_of_the_matrix_leaves_its_letters_with_their_own_colours(self):
        self.go("pages/interop.html")
        letters = lambda: {(one.text, one.get_attribute("class")) for one in self.all(".letters a") if one.is_displayed()}
        before = letters()
        self.assertIn(("m", "fail"), before)
        field = self.all("input[type=search]")[0]
        field.send_keys("mtu-300 refused-server fail")
        self.assertEqual(letters(), {("m", "fail")})
        field.clear()
        field.send_keys("no such cell")
        self.assertEqual(letters(), set())
        field.clear()
        field.send_keys("x\b")
        self.assertEqual(letters(), before)

    def test_everything_is_read_without_a_script(self):
        self.go("pages/interop-engine-openssl.html", script=False)
        self.assertEqual(self.all("input, button"), [])
        cells = [line for line in self.reports.text("results/interop.jsonl").splitlines()
                 if '"group": "engine", "column": "openssl"' in line]
        self.assertEqual(len(self.shown()), len(cells))
        opened = [one.get_attribute("id") for one in self.all(".evidence") if one.is_displayed()]
        self.assertEqual(len(opened), 1, "what failed is open, and nothing else")
        self.assertIn("mtu-300", opened[0])

    def test_the_audit_is_a_pdf(self):
        self.assertEqual((self.reports.folder / "audit.pdf").read_bytes()[:5], b"%PDF-")
        self.go("pages/audit.html")
        self.assertTrue(self.all("a[href$='audit.pdf']"))
        self.go("pages/audit.html", PAPER)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.addCleanup(self.driver.execute_cdp_cmd, "Emulation.setEmulatedMedia", {"media": ""})
        self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), PAPER[0])


if __name__ == "__main__":
    if missing():
        print(f"SKIP: {missing()} is not installed")
        sys.exit(77)
    unittest.main()
