"""Random csv files in random dialects, written by Python's csv module, and the texts that are in them.

``python -m tests.engine.sources.random_tables 5000`` looks for a file that COPY reads otherwise.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import sys
import tempfile
from pathlib import Path

import thanosql_kernel

_WORDS = {
    "utf-8": ["고양이", "naïve", "東京", "emoji 🐱", "Ж", ""],
    "cp949": ["고양이", "서울특별시", "홍길동의 사진", "여름휴가", ""],
    "cp932": ["東京都の写真", "カタカナ", "ひらがなです", "山田太郎", ""],
    "gb18030": ["北京市朝阳区", "姓名和地址", "这是一张照片", "数据表", ""],
    "cp1252": ["Größe", "café crème", "señor Müller", "naïve élève", ""],
}
_ENCODINGS = {
    "utf-8": ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    **{name: (name,) for name in ("cp949", "cp932", "gb18030", "cp1252")},
}
_HARD = [
    "a,b",
    "x;y",
    "two\nlines",
    'say "hi"',
    " spaced ",
    "tab\there",
    "pipe|d",
    "0012",
    "1.50",
    "-",
    "'",
    "#",
    "\\",
    "1e5",
]


def random_table(dice: random.Random) -> tuple[list[list[str]], bytes, str]:
    """Rows of texts, a header before them; the file's bytes; the ending of its name."""
    language = dice.choice(list(_WORDS))
    width, height = dice.randint(2, 5), dice.randint(2, 12)
    words = [*_WORDS[language], *_HARD]
    rows = [[f"c{at}" for at in range(width)]]
    rows += [[dice.choice(words) for _ in range(width)] for _ in range(height)]
    # Enough letters to tell the encoding, and a row that no column of numbers can have.
    rows.append(["".join(_WORDS[language][:4])] * width)
    separator = dice.choice(",;\t|")
    text = io.StringIO(newline="")
    ends = dice.choice(["\n", "\r\n"])
    quoting = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    csv.writer(text, delimiter=separator, lineterminator=ends, quoting=quoting).writerows(rows)
    content = text.getvalue()
    if dice.random() < 0.2:
        content = content.rstrip("\r\n")
    packed = dice.random() < 0.2
    data = content.encode(dice.choice(_ENCODINGS[language]))
    ending = ".csv.gz" if packed else dice.choice([".csv", ".txt"])
    return rows, gzip.compress(data) if packed else data, ending


def wrong(count: int, seed: int, folder: Path) -> list[tuple[int, object, object]]:
    """Write that many files, read all in one COPY, and give those whose texts came out otherwise.

    An empty text is NULL in a table.
    """
    dice, expected, names = random.Random(seed), {}, []
    for number in range(count):
        rows, data, ending = random_table(dice)
        name = f"{number}{ending}"
        (folder / name).write_bytes(data)
        names.append(name)
        expected[name] = [
            {key: value or None for key, value in zip(rows[0], row, strict=True)} for row in rows[1:]
        ]
    connection = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
    listed = ", ".join(f"'{name}'" for name in names)
    connection.sql(f"COPY t OPTIONS(filename=True) FROM [{listed}]")
    found: dict[str, list[dict[str, object]]] = {}
    for row in connection.sql("SELECT * FROM t").arrow().to_pylist():
        found.setdefault(str(row.pop("filename")), []).append(row)
    connection.close()
    return [
        (number, rows, got)
        for number, (name, rows) in enumerate(expected.items())
        if (got := [{key: row[key] for key in rows[0]} for row in found.get(name, [])]) != rows
    ]


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for start in range(0, total, 200):
        with tempfile.TemporaryDirectory() as place:
            for number, rows, got in wrong(200, start, Path(place)):
                print("seed", start, "file", number, rows, got, sep="\n")
        print(start + 200, "files read", flush=True)
