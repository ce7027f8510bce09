"""``python -m benchmarks [NAME …]`` prints the figures; without names, all of them."""

import sys
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import alert, command_line, lists, morning, rounds, today, voice, webhook
from benchmarks.figures import Figure

BENCHMARKS: Mapping[str, Callable[[], Sequence[Figure]]] = {
    "voice": voice.figures,
    "webhook": webhook.figures,
    "alert": alert.figures,
    "rounds": rounds.figures,
    "today": today.figures,
    "morning": morning.figures,
    "command_line": command_line.figures,
    "lists": lists.figures,
}


def main(names: Sequence[str]) -> None:
    """Runs the named benchmarks one after the other."""
    table = Table("figure", "measured", "beside it")
    for name in names or BENCHMARKS:
        for figure in BENCHMARKS[name]():
            table.add_row(figure.name, figure.value, figure.beside)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
