"""``python -m benchmarks [--json] [NAME …]`` prints the figures; without names, all of them."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import command_line, morning, today
from benchmarks.calls import alert, beside_asterisk, dispatch, queueing, sip_line, statements, webhook
from benchmarks.figures import Figure
from benchmarks.scale import audiences, lists, rounds, scale, storage
from benchmarks.speech import first_call, neural_voice, voice

JSON = "--json"
BENCHMARKS: Mapping[str, Callable[[], Sequence[Figure]]] = {
    "voice": voice.figures,
    "neural_voice": neural_voice.figures,
    "first_call": first_call.figures,
    "webhook": webhook.figures,
    "statements": statements.figures,
    "alert": alert.figures,
    "queueing": queueing.figures,
    "dispatch": dispatch.figures,
    "rounds": rounds.figures,
    "scale": scale.figures,
    "audiences": audiences.figures,
    "storage": storage.figures,
    "today": today.figures,
    "morning": morning.figures,
    "command_line": command_line.figures,
    "lists": lists.figures,
    "sip_line": sip_line.figures,
    "beside_asterisk": beside_asterisk.figures,
}


def main(words: Sequence[str]) -> None:
    """Runs the named benchmarks one after the other; with ``--json`` the figures are one list of documents."""
    names = [word for word in words if word != JSON] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"There is no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}.")
    figures = [figure for name in names for figure in BENCHMARKS[name]()]
    if JSON in words:
        print(json.dumps([figure.document() for figure in figures], ensure_ascii=False, indent=2))
        return
    table = Table("figure", "measured", "beside it", "ratio", "bound", "holds")
    for figure in figures:
        table.add_row(*figure.row())
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
