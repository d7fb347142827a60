"""The app is killed at random moments: no acknowledged decision is lost, nothing scored twice."""

import os
import random
import time
from pathlib import Path
from threading import Timer

from inspector.adapters.sqlite import SessionStore
from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision
from tests.torture.app import App, kill, rows_of, state_faults
from tests.torture.materials import Tree, fill, tiny_detector
from tests.torture.outcome import Checks, Outcome

FULL, QUICK = 200, 4
OPENS_WITHIN_S = 3.0
CHOICES = (Decision.KEEP, Decision.DROP, Decision.REVIEW)


class _Rounds:
    """One session that is scanned into and decided on, killed each time."""

    def __init__(self, app: App, scratch: Path, checks: Checks, files: int) -> None:
        self._app = app
        self._checks = checks
        self._chance = random.Random(200)
        self._files = files
        self._folder = fill(scratch / "media", files)
        self.model = tiny_detector(scratch / "model")
        self.session = scratch / "set.inspection"
        self.tree = Tree(self._folder)
        self.acknowledged: dict[str, Decision] = {}
        self.opened_s: list[float] = []
        self.killed = 0
        self.stored: set[bytes] = set()

    def scan(self) -> list[str | Path]:
        begun = ["--resume"] if self.session.exists() else []
        return [
            *("scan", self._folder, "--session", self.session, *begun),
            *("--model", self.model, "--jobs", "1"),
        ]

    def round(self) -> None:
        """Run a scan or a decision, kill it somewhere on its way, and look at what is left."""
        decided: str | None = None
        choice = self._chance.choice(CHOICES)
        arguments = self.scan()
        if self.stored and self._chance.random() < 0.5:
            decided = os.fsdecode(self._chance.choice(sorted(self.stored)))
            arguments = ["decide", self.session, f"--{choice.value}", decided]
        pid = self._app.start(*arguments)
        delay = self._chance.uniform(0.0, self._lasts_s(decided))
        timer = Timer(delay, kill, (pid,))
        timer.start()
        ended = self._app.wait()
        timer.cancel()
        timer.join()
        self.killed += ended.code == -9
        if decided is not None and (ended.code == 0 or "1 decisions written" in ended.err):
            self.acknowledged[decided] = choice
        self._checks.trial(*self._faults(ended.code, decided, choice))

    def _lasts_s(self, decided: str | None) -> float:
        """Return about how long a run goes on, so that most kills find it alive."""
        if decided is not None:
            return 0.08
        return 3.0 if len(self.stored) < self._files else 0.3

    def _faults(self, code: int, decided: str | None, choice: Decision) -> list[str]:
        faults = [] if code in (-9, 0) else [f"a run ended with {code}"]
        twice = self.stored & self._app.taken_up().keys()
        if twice:
            faults.append(f"{len(twice)} stored files were scored again")
        if not self.session.exists():
            return faults
        started = time.monotonic()
        try:
            with SessionStore.open(self.session) as store:
                self.opened_s.append(time.monotonic() - started)
                people = {item.path: item.person for item in store.items()}
        except StoreError as error:
            return [*faults, f"the session does not open: {error}"]
        self.stored |= {os.fsencode(path) for path in people}
        if len(people) < len(self.stored):
            faults.append(f"{len(self.stored) - len(people)} stored rows are gone")
        for path, was in self.acknowledged.items():
            now = people.get(path)
            # A decision that was killed before it was acknowledged may count or not.
            if now is not was and not (path == decided and now is choice):
                faults.append(f"the decision on {path} was {was} and is {now}")
            elif path == decided and now is choice:
                self.acknowledged[path] = choice
        return faults


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Kill so many runs, then let ``--resume`` finish and compare all rows."""
    checks = Checks("3 app kills", "rounds")
    with App(scratch / "app") as app:
        rounds = _Rounds(app, scratch, checks, 60 if quick else 1500)
        # A detector that is new here is checked first; no kill would let that come to an end.
        app.run("scan", fill(scratch / "few", 2), "--model", rounds.model)
        wanted = QUICK if quick else FULL
        tries = 0
        while rounds.killed < wanted and tries < wanted * 3:
            tries += 1
            rounds.round()
        begun = len(rounds.stored)
        rows = scratch / "rows.jsonl"
        ended = app.run(*rounds.scan(), "--jsonl", rows)
    checks.require(ended.code == 0, f"--resume ended with {ended.code}: {ended.err[-200:]}")
    found = rows_of(rows) if rows.exists() else {}
    checks.require(len(found) == (60 if quick else 1500), f"{len(found)} rows at the end")
    for row in found.values():
        for fault in state_faults(row):
            checks.require(False, fault)
    for path, decision in rounds.acknowledged.items():
        row = found[os.fsencode(path)]
        checks.require(row["decision"] == decision.value, f"{path} lost its decision")
    for change in rounds.tree.changes():
        checks.require(False, change)
    checks.require(quick or bool(rounds.acknowledged), "no decision was ever acknowledged")
    checks.require(quick or rounds.killed >= wanted, f"only {rounds.killed} runs were killed")
    checks.require(quick or begun > 0, "no scan came so far as to store anything")
    slowest = max(rounds.opened_s, default=0.0)
    checks.require(slowest < OPENS_WITHIN_S, f"opening took {slowest:.1f} s")
    return checks.outcome(
        f"{rounds.killed} kills, {begun} files stored meanwhile, "
        f"{len(rounds.acknowledged)} decided files kept, "
        f"opens in {slowest:.2f} s at most, nothing scored twice"
    )
