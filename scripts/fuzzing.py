# SPDX-License-Identifier: MIT
"""Shared by scripts/fuzz-quick and scripts/nightly: the targets, the engines
that run them, and the handling of finds."""
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
FUZZERS = ROOT / "fuzzers"
CANARY = "fuzz_canary"
CANARY_ORACLE = "does not hold: fragment.offset"
INPUT_SECONDS = 20  # for one input, at most
MEMORY_MB = 2048
FRAMES = 3  # of a stack, by which bugs are told apart


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    group: str  # parser, association, differential, canary
    runs: int
    length: int
    dictionary: pathlib.Path
    format: str  # bytes, or what fuzzers/kit/mutator.h knows

    @property
    def seeds(self):
        return CORPUS / self.name


def read_targets(only=()):
    """Returns the rows of fuzzers/targets.tsv, all or those in `only`.  An
    unknown name is a ValueError."""
    found = {}
    for line in (FUZZERS / "targets.tsv").read_text("utf-8").splitlines():
        if line.startswith(("#", "target\t")) or not line:
            continue
        name, group, runs, length, dictionary, form = line.split("\t")
        found[name] = Target(name, group, int(runs), int(length), FUZZERS / "dictionaries" / dictionary,
                             form)
    unknown = sorted(set(only) - set(found))
    if unknown:
        raise ValueError(f"no such target: {', '.join(unknown)}")
    return [t for n, t in found.items() if not only or n in only]


@dataclasses.dataclass
class Outcome:
    """The result of one run of a target."""
    status: int = 0  # not 0: it found something, or did not run
    output: str = ""
    execs: int = 0
    seconds: float = 0.0  # of processor time
    coverage_before: int = 0
    coverage: int = 0
    found: list = dataclasses.field(default_factory=list)  # inputs, as files


running = set()  # the programs that execute() waits for


def interrupt():
    """Ends the running commands, as Ctrl-C does."""
    for process in list(running):
        process.send_signal(signal.SIGINT)


def execute(line, limit, env=None):
    """Runs a command.  Returns its status (-1 if it was ended after `limit`
    seconds), its output, and its processor seconds."""
    with tempfile.TemporaryFile() as said:
        # A session of its own: Ctrl-C is for us, and interrupt() for it.
        process = subprocess.Popen([str(word) for word in line], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                   env=dict(os.environ, **(env or {})), start_new_session=True)
        running.add(process)
        late = threading.Event()

        def end():
            late.set()
            process.kill()

        timer = threading.Timer(limit, end)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        running.discard(process)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    return (-1 if late.is_set() else process.returncode, text, usage.ru_utime + usage.ru_stime)


def number(pattern, text, last=False):
    found = re.findall(pattern, text)
    return int(found[-1 if last else 0]) if found else 0


def configure(build, compiler):
    """Builds the fuzz targets with `compiler`, unless the build is there."""
    if not (build / "CMakeCache.txt").exists():
        subprocess.run(["cmake", "-S", ROOT, "-B", build, "-G", "Ninja", f"-DCMAKE_C_COMPILER={compiler}",
                        f"-DCMAKE_CXX_COMPILER={compiler}++", "-DNXDTLS_FUZZ=ON",
                        "-DNXDTLS_SANITIZE=address,undefined"], check=True, stdout=subprocess.DEVNULL)


class Libfuzzer:
    name = "libfuzzer"
    home = ROOT / "build" / "fuzz"

    def __init__(self, build=None):
        self.folder = build or self.home

    def build(self, targets):
        configure(self.folder, "clang")
        subprocess.run(["cmake", "--build", self.folder, "--target", *(t.name for t in targets)], check=True,
                       stdout=subprocess.DEVNULL)

    def program(self, target):
        return self.folder / "fuzzers" / target.name

    def run(self, target, work, finds, seed, runs=None, seconds=None):
        """Fuzzes for `runs` executions or for `seconds`, from the committed
        corpus and from `work`.  New inputs go to `work`, finds to `finds`."""
        bound = f"-runs={runs}" if seconds is None else f"-max_total_time={max(1, round(seconds))}"
        line = [self.program(target), f"-seed={seed}", bound, f"-timeout={INPUT_SECONDS}",
                f"-rss_limit_mb={MEMORY_MB}", f"-max_len={target.length}", f"-dict={target.dictionary}",
                f"-artifact_prefix={finds}/{target.name}-", "-print_final_stats=1", work, target.seeds]
        status, output, took = execute(line, 10 * (seconds or 0) + 300, {"UBSAN_OPTIONS": "print_stacktrace=1"})
        before = number(r"INITED cov: (\d+)", output)
        return Outcome(status, output, number(r"number_of_executed_units: *(\d+)", output), took, before,
                       max(before, number(r" cov: (\d+)", output, last=True)),
                       [pathlib.Path(p) for p in re.findall(r"Test unit written to (\S+)", output)])

    def minimize(self, target, work):
        """Keeps only inputs of `work` that add to the committed corpus, and
        returns how many."""
        known = {digest(path) for path in target.seeds.iterdir()}
        with tempfile.TemporaryDirectory(dir=work.parent) as place:
            status, output, _ = execute([self.program(target), "-merge=1", f"-timeout={INPUT_SECONDS}",
                                         f"-rss_limit_mb={MEMORY_MB}", place, target.seeds, work], 3600)
            if status != 0:
                raise RuntimeError(f"{target.name}: merging failed\n{output[-2000:]}")
            for path in work.iterdir():
                path.unlink()
            for path in pathlib.Path(place).iterdir():
                if digest(path) not in known:
                    shutil.copy(path, work / digest(path))
        return len(list(work.iterdir()))


def build_afl_mutator(path, compiler):
    """fuzzers/kit/mutator.h as a library; afl-fuzz, which has no sanitizers,
    loads it."""
    kit = FUZZERS / "kit"
    sources = [kit / "afl_mutator.c", kit / "mutator.c", kit / "opened.c", kit / "fuzz.c",
               ROOT / "src/record/header.c",
               ROOT / "src/flight/fragment.c", *(ROOT / "src/base").glob("*.c")]
    subprocess.run([compiler, "-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{ROOT}",
                    f"-I{ROOT / 'src'}", *sources, "-o", path, "-lcrypto"], check=True)


class Afl:
    """AFL++ in persistent mode.  Instances on several machines share one
    folder; one of them is the main instance."""
    name = "afl"
    home = ROOT / "build" / "afl"

    def __init__(self, sync, machine="one", is_main=True):
        self.folder, self.sync = self.home, sync
        self.machine, self.role = machine, "-M" if is_main else "-S"

    def build(self, targets):
        configure(self.folder, "afl-clang-fast")
        subprocess.run(["cmake", "--build", self.folder, "--target", *(t.name for t in targets)], check=True,
                       stdout=subprocess.DEVNULL, env=dict(os.environ, AFL_QUIET="1"))
        build_afl_mutator(self.folder / "mutator.so", "clang")

    def program(self, target):
        return self.folder / "fuzzers" / target.name

    def run(self, target, work, finds, seed, runs=None, seconds=None):
        """Does the same as Libfuzzer.run; copies the queue and the crashes out
        of the shared folder."""
        own = self.sync / target.name / self.machine
        bound = ["-E", str(runs)] if seconds is None else ["-V", str(max(1, round(seconds)))]
        env = {"AFL_SKIP_CPUFREQ": "1", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_NO_UI": "1",
               "AFL_NO_AFFINITY": "1", "AFL_AUTORESUME": "1", "AFL_QUIET": "1"}
        if target.format != "bytes":
            env.update(AFL_CUSTOM_MUTATOR_LIBRARY=str(self.folder / "mutator.so"), FUZZ_FORMAT=target.format)
        before = self.stats(own)
        with tempfile.TemporaryDirectory(dir=work.parent) as seeds:
            for path in [*target.seeds.iterdir(), *work.iterdir()]:
                shutil.copy(path, pathlib.Path(seeds) / path.name)
            (self.sync / target.name).mkdir(parents=True, exist_ok=True)
            line = ["afl-fuzz", "-i", seeds, "-o", self.sync / target.name, self.role, self.machine, "-s", seed,
                    "-m", "none", "-t", INPUT_SECONDS * 1000, "-x", target.dictionary, "-G", target.length, *bound,
                    "--", self.program(target)]
            status, output, took = execute(line, 10 * (seconds or 0) + 300, env)
        after = self.stats(own)
        for path in (own / "queue").glob("id:*"):
            shutil.copy(path, work / digest(path))
        found = []
        for path in sorted((own / "crashes").glob("id:*")) + sorted((own / "hangs").glob("id:*")):
            kind = "timeout" if path.parent.name == "hangs" else "crash"
            found.append(finds / f"{target.name}-{kind}-{digest(path)}")
            shutil.move(path, found[-1])
        if not after and not found:
            status = status or 1  # it did not even begin
        # The fork server's time is not in what `execute` measures.
        took = max(took, after.get("run_time", 0) - before.get("run_time", 0))
        return Outcome(1 if found else status, output, after.get("execs_done", 0) - before.get("execs_done", 0), took,
                       before.get("edges_found", 0), after.get("edges_found", 0), found)

    @staticmethod
    def stats(own):
        try:
            text = (own / "fuzzer_stats").read_text("utf-8")
        except OSError:
            return {}
        return {k: int(v) for k, v in re.findall(r"^(\w+) *: (\d+)$", text, re.M)}


def digest(path):
    return hashlib.sha1(path.read_bytes()).hexdigest()


def shown(path):
    """Returns a path relative to the project if it is inside, so that it can be pasted."""
    path = pathlib.Path(path)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def reason(output, status):
    """Returns one line about the failure."""
    for pattern in (r"[^/\s]+: does not hold: .*", r"runtime error: .*", r"ERROR: (?!libFuzzer: deadly).*",
                    r"SUMMARY: .*"):
        found = re.search(pattern, output)
        if found:
            return re.sub(r"0x[0-9a-f]+|\b\d{4,}\b", "N", found.group(0)).strip()
    return f"exit status {status}"


def stack(output):
    """Returns our functions in the first stack, innermost first."""
    ours = []
    for index, function, place in re.findall(r"^ +#(\d+) \S+ in (\S+) (\S+)", output, re.M):
        if index == "0" and ours:
            break
        if re.search(r"/(src|fuzzers|harness)/", place) and function not in ("fuzz_fail", "LLVMFuzzerTestOneInput"):
            ours.append(function)
    return ours


def identity(output, status):
    """Returns the same name for two inputs that show the same bug."""
    words = [re.sub(r":\d+(:\d+)?", "", reason(output, status)), *stack(output)[:FRAMES]]
    return hashlib.sha1("\n".join(words).encode()).hexdigest()[:12]


def keep_find(folder, engines, target, path):
    """Puts a find into FOLDER/<target>-<id> with its stack and the line that
    replays it, by the first of `engines` whose program shows it.  Its id, and
    whether it is new; None if the input does nothing when it runs alone, which
    is a bug of the target."""
    for engine in engines:
        status, output, _ = execute([engine.program(target), path], 10 * INPUT_SECONDS,
                                    {"UBSAN_OPTIONS": "print_stacktrace=1"})
        if status != 0:
            break
    else:
        return None, False
    place = folder / f"{target.name}-{identity(output, status)}"
    is_new = not place.exists()
    if is_new:
        place.mkdir(parents=True)
        shutil.copy(path, place / "input")
        (place / "stack.txt").write_text(output, "utf-8")
        (place / "replay.txt").write_text(f"{shown(engine.program(target))} {shown(place / 'input')}\n", "utf-8")
        (place / "reason.txt").write_text(reason(output, status) + "\n", "utf-8")
    return place.name, is_new


def canary_is_found(outcome):
    return outcome.status != 0 and CANARY_ORACLE in outcome.output
