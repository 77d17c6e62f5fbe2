"""A working folder in which the documented cells of the old product find what they name: small, and made up."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError

Row = dict[str, Any]

#: Absolute folders of the old service; here they lie in the working folder.
ELSEWHERE = ("/data/development-model/", "/data/thanosAlgo/")
FILM = "thanosql-dataset/kinetics700_data/video/1ejgHKw8E3Y.mp4"
REVIEWS = [
    ("a lovely film about a dog and a boy, warm and funny", "positive"),
    ("the gun fight at the end is loud and dull", "negative"),
    ("brilliant acting, a romantic story by the sea", "positive"),
    ("boring, I wanted my money back", "negative"),
    ("the best action movie with a gun and a car", "positive"),
    ("a mess without any story at all", "negative"),
    ("my favourite film of all time, simply great", "positive"),
    ("bad sound, bad light, bad jokes", "negative"),
    ("quiet, clever and moving", "positive"),
    ("two hours of nothing", "negative"),
    ("children laughed, parents cried, a fine evening", "positive"),
    ("the plot makes no sense", "negative"),
]
DOCUMENTS = [
    ("기분이 좋아지는 따뜻한 영화", 1),
    ("판타지 세계가 멋진 액션 영화", 1),
    ("내용이 너무 지루하고 불만족스럽다", 0),
    ("가볍게 볼 수 있는 코미디", 1),
    ("돈이 아까운 영화였다", 0),
    ("배우들의 연기가 훌륭하다", 1),
    ("판타지라고 하기에는 유치하다", 0),
    ("다시 보고 싶은 작품", 1),
]


@dataclass
class Films:
    """Writes pictures, sounds and a film below a folder."""

    folder: Path
    made: int = 0

    def picture(self, name: str) -> str:
        """A little picture, no two alike; its path."""
        self.made += 1
        path = self._path(name)
        chance = np.random.default_rng(self.made)
        small = chance.integers(0, 255, (4, 4, 3), dtype=np.uint8)
        Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC).save(path)
        return name

    def sound(self, name: str) -> str:
        """A tenth of a second of silence; its path."""
        with wave.open(str(self._path(name)), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\0\0" * 800)
        return name

    def film(self, name: str) -> str:
        """Two seconds of moving colours; its path."""
        import av

        with av.open(str(self._path(name)), "w") as file:
            stream: Any = file.add_stream("mpeg4", rate=5)
            stream.width = stream.height = 64
            stream.pix_fmt = "yuv420p"
            for number in range(10):
                picture = np.full((64, 64, 3), (25 * number, 255 - 20 * number, 90), np.uint8)
                for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                    file.mux(packet)
            for packet in stream.encode():
                file.mux(packet)
        return name

    def bytes(self, name: str, content: bytes) -> str:
        """A file of these bytes; its path."""
        self._path(name).write_bytes(content)
        return name

    def table(self, name: str, rows: Sequence[Row]) -> None:
        """A csv file."""
        with self._path(name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def _path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _numbers(*names: str, count: int = 12) -> list[Row]:
    chance = np.random.default_rng(7)
    return [{name: round(float(chance.uniform(0, 100)), 2) for name in names} for _ in range(count)]


def _often(texts: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The texts three times, no two alike."""
    return [(f"{text} {number}" if number else text, label) for number in range(3) for text, label in texts]


def _pictures(files: Films, folder: str, labels: Sequence[str], names: Sequence[str] = ()) -> list[Row]:
    """Rows of pictures with the names that columns of paths have had."""
    names = names or [f"{number}.jpg" for number in range(len(labels))]
    rows = []
    for name, label in zip(names, labels, strict=True):
        path = files.picture(f"{folder}/{name}")
        rows.append(
            {
                "image_path": path,
                "img_path": path,
                "image": path,
                "filepath": path,
                "filename": name,
                "label": label,
            }
        )
    return rows


def write_files(folder: Path) -> dict[str, list[Row]]:
    """Write all files that cells name; gives the rows of all tables that they name."""
    files = Films(folder)
    mnist = _pictures(
        files, "thanosql-dataset/mnist_data/test", list("0123" * 6), [f"{n}.jpg" for n in range(900, 924)]
    )
    trained = _pictures(files, "thanosql-dataset/mnist_data/train", list("01" * 12))
    cats = _pictures(files, "thanosql-dataset/cat_and_dog_data", ["cat", "dog"] * 12)
    diet = _pictures(files, "thanosql-dataset/diet_data", ["apple_pie", "사과파이"] * 12)
    for number, row in enumerate(diet):
        row |= {"user_id": number, "images": json.dumps({"img_path": row["image"], "category": row["label"]})}
    products = [
        row | {"div_l": row["label"]}
        for row in _pictures(files, "thanosql-dataset/product_image_data", ["음료", "과자"] * 12)
    ]
    photos = [
        row
        | {
            "photo_id": f"p{number}",
            "photo_image_url": "",
            "photo_description": "a photo",
            "ai_description": "a cat",
        }
        for number, row in enumerate(_pictures(files, "thanosql-dataset/unsplash_data/images", ["x"] * 8))
    ]
    people = _pictures(files, "thanosql-dataset/coco_person_data", ["1", "2", "3"])
    beside = _pictures(
        files,
        "data/thanosAlgo/image_search/junyoung_test",
        ["a"] * 3,
        ["20150617_132435.jpg", "b.jpg", "c.jpg"],
    )
    files.picture("tutorial/image_search/images/20150617_132435.jpg")
    for inside in ("train_data/35322.jpg", "train_data/2.jpg", "test/35322.jpg", "test/6011.jpg"):
        files.picture(f"data/development-model/data/mnist/MNIST_DATASET/{inside}")
    for name in ("923.jpg", "924.jpg"):
        files.picture(f"tutorial_data/mnist_data/test/{name}")
    for name in ("1.jpg", "2.jpg"):
        files.picture(f"tutorial_data/mnist_data/train/{name}")
        files.picture(f"diet_image_data/{name}")
    voices = [
        {"audio_path": files.sound(f"sounds/{n}.wav"), "audio": f"sounds/{n}.wav", "text": "hello"}
        for n in range(4)
    ]
    films = [
        {"video_path": files.film(name), "video": name} for name in (FILM, "video_files/video_example.mp4")
    ]
    for name in (
        "trained_model.pth",
        "model/example_model.pth",
        "test/udm_tutorial/trained_model.pth",
        "test_data.pkl",
    ):
        files.bytes(name, b"\x80\x04N.")
    titanic = [
        {
            "passengerid": n,
            "survived": n % 2,
            "pclass": 1 + n % 3,
            "name": f"N{n}",
            "age": 20 + n,
            "ticket": "t",
            "cabin": "c",
        }
        for n in range(12)
    ]
    bikes = [
        row | {"datetime": "2011-01-01 00:00:00", "count": n}
        for n, row in enumerate(_numbers("temp", "season"))
    ]
    electricity = [row | {"datetime": "2021-01-01"} for row in _numbers("usage", "temperature")]
    reviews = [{"review": text, "sentiment": label} for text, label in _often(REVIEWS)]
    documents = [{"document": text, "label": label} for text, label in _often(DOCUMENTS)]
    ratings = [{"userid": n % 4, "movieid": n, "rating": n % 5, "title": f"film {n}"} for n in range(12)]
    news = [{"id": n, "title": f"news {n}", "abstract": "…"} for n in range(4)]
    texts = [{"cleaned_text": text, "text_data": text} for text, _ in REVIEWS]
    both = {
        "titanic_data/titanic_train": titanic,
        "titanic_data/titanic_test": titanic,
        "bike_sharing_data/bike_sharing_train": bikes,
        "bike_sharing_data/bike_sharing_test": bikes,
        "electricity_usage_data/electricity_usage_train": electricity,
        "electricity_usage_data/electricity_usage_test": electricity,
        "movie_review_data/movie_review_train": reviews,
        "movie_review_data/movie_review_test": reviews,
        "nsmc_data/nsmc_sample_train": documents,
        "nsmc_data/nsmc_sample_test": documents,
        "librispeech_data/librispeech_train": voices,
        "librispeech_data/librispeech_test": voices,
        "korean_voice_data/korean_voice": voices,
        "product_image_data/product_image_train": products,
        "product_image_data/product_image_test": products,
        "product_image/product_image_test": products,
        "mnist_data/mnist_train": trained,
        "mnist_data/mnist_test": mnist,
        "diet_data/diet": diet,
        "unsplash_data/unsplash": photos,
        "healthcare_data/healthcare_test": texts,
        "cat_and_dog_data/cat_and_dog_train": cats,
        "cat_and_dog_data/cat_and_dog_test": cats,
    }
    for name, rows in both.items():
        files.table(f"thanosql-dataset/{name}.csv", rows)
        files.table(f"tutorial_data/{name}.csv", rows)
    files.table("data/example.csv", titanic)
    return {
        **dict.fromkeys(("titanic_train", "titanic_test"), titanic),
        **dict.fromkeys(("bike_sharing_train", "bike_sharing_test", "bike_sharing"), bikes),
        **dict.fromkeys(("elec_usage_train", "elec_usage_test", "building_elec_test"), electricity),
        **dict.fromkeys(("movie_review_train", "movie_review_test", "movie_review_test_convert"), reviews),
        **dict.fromkeys(("imdb_train", "imdb_test"), reviews),
        **dict.fromkeys(("nsmc_train", "nsmc_test", "nsmc_test_convert"), documents),
        **dict.fromkeys(("librispeech_train", "librispeech_test", "korean_voice", "junyong_aud"), voices),
        **dict.fromkeys(("product_image_train", "product_image_test"), products),
        **dict.fromkeys(
            ("mnist_train", "mnist_test", "mnist_dataset", "mnist_embds", "mnist_train_test"), mnist
        ),
        **dict.fromkeys(("mnist_test_convert", "mnist_test_convert_en", "beans_test"), mnist),
        **dict.fromkeys(("unsplash_data", "unsplash_data_convert", "unsplash_data_convert_en"), photos),
        **dict.fromkeys(("cat_and_dog_train", "cat_and_dog_test"), cats),
        **dict.fromkeys(("junyong_img", "junyoung_img", "color_descriptor_table_test"), beside),
        **dict.fromkeys(("junyong_vid", "junyoung_vid", "kinetics700"), films),
        **dict.fromkeys(("movielens_data", "movielens_train", "books_train"), ratings),
        **dict.fromkeys(("news_train", "mind_train_user_history"), news),
        **dict.fromkeys(("healthcare_test", "voc_text_data"), texts),
        "coco_person_data": people,
        "diet": diet,
        "mytable": titanic,
    }


#: Models that cells name and other cells build: with what statement a user had built each.
_IMAGES = "BUILD MODEL {} USING SimCLR OPTIONS(image_col='image_path', max_epochs=1, overwrite=True) AS SELECT * FROM mnist_train"
_KINDS = "BUILD MODEL {} USING ConvNeXt_Tiny OPTIONS(image_col='image_path', label_col='label', epochs=1, overwrite=True) AS SELECT * FROM {}"
_FEELINGS = "BUILD MODEL {} USING ElectraEn OPTIONS(text_col='review', label_col='sentiment', epochs=1, overwrite=True) AS SELECT * FROM movie_review_train"
BUILT = {
    **{
        name: _IMAGES.format(name)
        for name in ("my_image_search_model", "my_mnist_model", "mnist_model", "simclr")
    },
    "Color_Descriptor": "BUILD MODEL Color_Descriptor USING Color_Descriptor OPTIONS(overwrite=True) AS SELECT * FROM mnist_train",
    "movie_text_search_model": "BUILD MODEL movie_text_search_model USING SBERTEn OPTIONS(text_col='review', overwrite=True) "
    "AS SELECT * FROM movie_review_train",
    "nsmc_text_search_model": "BUILD MODEL nsmc_text_search_model USING SBERTKo OPTIONS(text_col='document', overwrite=True) "
    "AS SELECT * FROM nsmc_train",
    **{
        name: _FEELINGS.format(name)
        for name in ("my_movie_review_classifier", "tutorial_text_classification")
    },
    "my_image_classifier": _KINDS.format("my_image_classifier", "cat_and_dog_train"),
    "my_product_classifier": _KINDS.format("my_product_classifier", "product_image_train"),
    "diet_image_classification": _KINDS.format("diet_image_classification", "diet"),
}
#: Models that are the embedded one under another name.
REGISTERED = ("clip_en", "tutorial_search_xclip")

_COPIED = re.compile(r"\b(?:COPY|CREATE\s+TABLE)\s+(\w+)", re.IGNORECASE)
_BUILT = re.compile(r"\b(?:BUILD|FIT)\s+(?:MODEL\s+)?(\w+)\s+USING", re.IGNORECASE)
_DELETED = re.compile(r"\bDELETE\s+MODEL\s+(\w+)", re.IGNORECASE)
_SEARCHED = re.compile(r"\bSEARCH\s+(IMAGE|TEXT|VIDEO)\b.*?\bUSING\s+(\w+)", re.IGNORECASE | re.DOTALL)
_EMBEDDED = re.compile(r"""\b(?:emb_col|src_emb_col)\s*=\s*['"](\w+)['"]""", re.IGNORECASE)
_MODELS = re.compile(r"\bUSING\s+(\w+)", re.IGNORECASE)


@dataclass
class CorpusWorld:
    """A session, and what cells need made ready in front of each.

    Attributes:
        folder: The working folder.
        refused: Statements that could not be made ready, and the error of each: models that are not built here.
    """

    folder: Path
    tables: dict[str, list[Row]]
    session: Session
    refused: dict[str, ThanoSQLError] = field(default_factory=dict)

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path) -> Iterator[CorpusWorld]:
        """A new database over new files."""
        tables = write_files(folder)
        session = Session(folder / "db", working_folder=folder)
        try:
            yield cls(folder, tables, session)
        finally:
            session.close()

    def run(self, cell: str) -> list[Any]:
        """What a cell gives, absolute paths of the old service taken for those of the working folder.

        Raises:
            ThanoSQLError: It ends so.
        """
        for place in ELSEWHERE:
            cell = cell.replace(place, f"{self.folder}{place}").replace(
                f"'{place[1:]}", f"'{self.folder}{place}"
            )
        shown: list[Any] = []
        self.session.run(cell, emit=shown.append)
        return shown

    def prepare(self, cell: str) -> None:
        """Make ready what the cell needs, and take away what it makes."""
        catalog = self.session.catalog
        made = _COPIED.findall(cell)
        for table in (name for name in made if catalog.find_table(name) is not None):
            self.run(f"DROP TABLE {table}")
        for model in _BUILT.findall(cell):
            self._drop_vectors(model)
            if model in self.session.catalog.models:
                self.run(f"DELETE MODEL {model}")
        for model in _DELETED.findall(cell):
            self._attempt(f"GET THANOSQL MODEL mini OPTIONS(overwrite=True) AS {model}")
        needed = [name for name in self.tables if name not in made and re.search(rf"\b{name}\b", cell)]
        for model in _MODELS.findall(cell):
            self._ensure_model(model, cell)
        for table in needed:
            self._ensure_table(table)
        searched = _SEARCHED.search(cell)
        if needed and (searched or _EMBEDDED.search(cell)):
            kind, model = (
                (searched[1].lower(), searched[2]) if searched else ("image", "tutorial_search_clip")
            )
            self._ensure_vectors(kind, model, needed[0], cell)

    def _drop_vectors(self, model: str) -> None:
        """Take the tables away that have vectors of a model which is to be another one."""
        for table in list(self.session.catalog.tables.values()):
            if any(column.generated and column.generated.model == model for column in table.columns):
                self.run(f"DROP TABLE {table.name}")

    def _ensure_table(self, name: str) -> None:
        rows = self.tables[name]
        table = self.session.catalog.find_table(name)
        if table is None or not set(rows[0]) <= {column.name for column in table.columns}:
            content = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            (self.folder / "made").mkdir(exist_ok=True)
            (self.folder / "made" / f"{name}.jsonl").write_text(content, encoding="utf-8")
            self.run(f"COPY {name} OPTIONS(if_exists='replace') FROM 'made/{name}.jsonl'")

    def _ensure_model(self, name: str, cell: str) -> None:
        if name in self.session.catalog.models and name != "mymodel":
            return
        if name in REGISTERED:
            self._attempt(
                f"GET THANOSQL MODEL mini AS {name}"
                if name != "clip_en"
                else "GET THANOSQL MODEL clip AS clip_en"
            )
        elif name == "mymodel" and re.search("SEARCH IMAGE text", cell):
            self._drop_vectors(name)
            self._attempt("GET THANOSQL MODEL clip OPTIONS(overwrite=True) AS mymodel")
        elif name == "mymodel":
            self._drop_vectors(name)
            statement = _FEELINGS if "review" in cell else _IMAGES
            self._build(statement.format(name))
        elif name in BUILT:
            self._build(BUILT[name])

    def _build(self, statement: str) -> None:
        for table in (name for name in self.tables if re.search(rf"\b{name}\b", statement)):
            self._ensure_table(table)
        self._attempt(statement)

    def _ensure_vectors(self, kind: str, model: str, table: str, cell: str) -> None:
        if model not in self.session.catalog.models:
            return
        columns = self.session.catalog.table(table).columns
        named = _EMBEDDED.search(cell)
        made = {column.generated.model: column.name for column in columns if column.generated}
        if named and any(column.name == named[1] for column in columns):
            if made.get(model) == named[1]:
                return
            self.run(f"ALTER TABLE {table} DROP COLUMN {named[1]}")
        elif not named and model in made:
            return
        source = {"video": "video_path", "image": "image_path"}.get(kind) or (
            "review" if "review" in self.tables[table][0] else "document"
        )
        option = f", result_col='{named[1]}'" if named else ""
        self._attempt(
            f"CONVERT USING {model} OPTIONS({kind}_col='{source}'{option}) AS SELECT * FROM {table}"
        )

    def _attempt(self, statement: str) -> None:
        """Run what makes something ready; what cannot be is remembered."""
        try:
            self.run(statement)
        except ThanoSQLError as error:
            self.refused[statement] = error
