#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does nxdtls fuzz find the bugs that tests/canaries.c plants in a server?

usage: canaries.py NXDTLS CANARIES [--seeds N] [--seconds N]

Plays each canary with the seeds 1 to N (default 5), over loopback, until the first fault is seen.  Prints a line for each,
with the seconds and their median.  Exit status: 0 if each was found with each seed and no median is above --seconds (default
60), 1 if not."""
import argparse
import os
import pathlib
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time

# What each canary does, as nxdtls fuzz calls it.
CANARIES = {"hello": "dies", "fragment": "dies", "alert": "dies", "memory": "grows", "finished": "answer", "renegotiation": "dies"}
PATIENCE = 5  # times the seconds that are allowed


def seconds_until_seen(args, canary, seed, folder):
    serve = f"exec {shlex.quote(args.canaries)} server --psk client:000102030405060708090a0b0c0d0e0f --echo {{host}}:{{port}}"
    began = time.monotonic()
    limit = PATIENCE * args.seconds
    with subprocess.Popen([args.nxdtls, "fuzz", "--server-command", serve, "--folder", folder, "--seed", str(seed),
                           "--hours", f"{limit / 3600:.4f}"], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "NXDTLS_CANARY": canary}) as child:
        for line in child.stdout:
            if line.startswith(f"SEEN {CANARIES[canary]}: "):
                taken = time.monotonic() - began
                child.send_signal(signal.SIGINT)
                child.communicate()
                return taken
    return None


def main():
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS, description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nxdtls")
    parser.add_argument("canaries")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    ok = True
    for canary in CANARIES:
        with tempfile.TemporaryDirectory() as folder:
            taken = [seconds_until_seen(args, canary, seed, str(pathlib.Path(folder) / str(seed)))
                     for seed in range(1, args.seeds + 1)]
        found = [seconds for seconds in taken if seconds is not None]
        good = len(found) == len(taken) and statistics.median(found) <= args.seconds
        ok = ok and good
        print(f"{canary:14} {'found' if good else 'MISSED'}: "
              + ", ".join("never" if seconds is None else f"{seconds:.1f} s" for seconds in taken)
              + (f"; median {statistics.median(found):.1f} s" if found else ""), flush=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
