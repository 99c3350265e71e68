"""The figures of a run: all that were measured, and one of each."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Figures = dict[str, float]
Medians = Mapping[str, Mapping[str, Mapping[str, Figures]]]
"""One figure for each, by measure, contender and case."""


@dataclass
class Results:
    """Every figure by measure, contender and case; `median` reduces them to one each."""

    raw: dict[str, dict[str, dict[str, list[Figures]]]] = field(default_factory=dict)

    def add(self, measure: str, contender: str, case: str, figures: Figures) -> None:
        """Keep the figures of one round."""
        self.raw.setdefault(measure, {}).setdefault(contender, {}).setdefault(case, []).append(figures)

    def cases(self, measure: str, contender: str) -> list[str]:
        """The measured cases, in order."""
        return list(self.raw.get(measure, {}).get(contender, {}))

    def median(self, measure: str, contender: str, case: str, figure: str) -> float:
        """The median over the rounds."""
        return statistics.median(figures[figure] for figures in self.raw[measure][contender][case])

    def medians(self) -> Medians:
        """Everything, reduced to one figure each."""
        return {
            measure: {
                contender: {
                    case: {figure: self.median(measure, contender, case, figure) for figure in rounds[0]}
                    for case, rounds in cases.items()
                }
                for contender, cases in contenders.items()
            }
            for measure, contenders in self.raw.items()
        }


def spread(milliseconds: Sequence[float]) -> Figures:
    """The median, the 99th percentile and what 999 of a thousand stay within; of at least two times."""
    parts = statistics.quantiles(milliseconds, n=1_000, method="inclusive")
    return {"p50_ms": parts[499], "p99_ms": parts[989], "p999_ms": parts[998]}
