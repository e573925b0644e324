"""Calibrates abstention: `python -m eval.abstention_calibration --set sample=DIR --set own=DIR --set PATH=DIR`.

DIR is the data folder of an index of the set's articles. `sample` stands for the development questions of the sample,
`own` for the titles and first sentences of the archive's own articles, PATH for any other set that `python -m eval`
reads. A question whose articles are known is asked twice: as it is, and with these articles, their syndicated copies
and every article with the same gold sentence hidden. It still counts as answerable where one of its answers is in the
first pieces of the remaining evidence. MTRAG's tasks go by their labels and are asked once, because other passages of
a hidden document would answer: PARTIAL tasks are answerable, UNDERSPECIFIED ones, which need a clarifying question,
are left out.

With `--llm local` the local model reads the evidence of every asking that no rule decides, as in the chat. `--kept` and
`--readings` name files that keep the vectors and the readings between runs.

Fits logistic models to the signals of chat.gathering.abstention and to the model's probabilities, with the same weight
for each set and outcome. Prints for each set the area under the ROC curve, the precision and recall of abstention, how
many answers are marked as doubtful or refused, and the risk-coverage curve (El-Yaniv & Wiener 2010): with weights
fitted to the other sets, and with the shipped weights. Then how reliable the shipped probabilities are.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eval.abstention_calibration.asking import Asking, ask_set
from eval.abstention_calibration.kept_vectors import KeptVectors
from eval.abstention_calibration.report import report
from eval.bench.opening import language_model
from indexer.embedding.model import open_embedding

if TYPE_CHECKING:
    from eval.abstention_calibration.kept_readings import KeptReadings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--set", action="append", required=True, metavar="SET=DIR", help="sample, own or a path")
    parser.add_argument("--llm", help="a model that gives probabilities, such as local; none by default")
    parser.add_argument("--data", type=Path, help="the data folder with the models")
    parser.add_argument("--limit", type=int, help="only so many questions of each set, drawn with a fixed seed")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="an .npz file that keeps vectors between runs")
    parser.add_argument("--readings", type=Path, metavar="FILE", help="a .json file that keeps readings between runs")
    arguments = parser.parse_args()
    model = open_embedding()
    vectors = KeptVectors(model.embedding, arguments.kept)
    readings = _readings(arguments.llm, arguments.data, arguments.readings) if arguments.llm else None
    askings: list[Asking] = []
    for name, _, folder in (named.rpartition("=") for named in arguments.set):
        askings += ask_set(name, Path(folder), model, vectors, readings, arguments.limit)
        vectors.save()
        if readings:
            readings.save()
    print(*report(askings), sep="\n")


def _readings(llm: str, data: Path | None, file: Path | None) -> "KeptReadings":
    from eval.abstention_calibration.kept_readings import KeptReadings

    return KeptReadings(file=file, open_model=partial(language_model, llm, data))


if __name__ == "__main__":
    main()
