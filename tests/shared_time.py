"""A budget of calls in memory, and the time that it goes by, which passes only by sleeping."""

from dataclasses import dataclass, field

from bot.calling.limiter import Allowance, Limiter


@dataclass
class PassingTime:
    """Time that passes only by sleeping."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class BudgetInMemory:
    """What `bot.budgets` does in the database."""

    allowance: Allowance
    clock: PassingTime
    full_at: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def take(self, *, bulk: bool) -> float:
        wait = self.full_at - self.allowance.ahead(bulk=bulk) - self.clock()
        if wait > 1e-9:
            return wait
        self.full_at = max(self.full_at, self.clock()) + self.allowance.interval
        return 0.0

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.full_at = max(self.full_at, self.clock() + seconds + self.allowance.ahead(bulk=False))

    def limiter(self) -> Limiter:
        """One more worker that uses the budget."""
        return Limiter(self, sleep=self.clock.sleep, clock=self.clock)
