"""Sharing out values among workers, some of which end: nothing is lost, told twice or embedded once more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from shared_table import COUNT, SOURCES, Counted, Shared, convert

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.embed import embedding as embedding_module
from thanosql_kernel.engine.embed import portions, ray_crew
from thanosql_kernel.engine.embed.picture_values import GROUP_PICTURES
from thanosql_kernel.engine.embed.portion_worker import PortionWorker, order_of
from thanosql_kernel.engine.embed.portions import Outcome, WorkerLost
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.errors import DataError, Interrupted, ThanoSQLError
from thanosql_kernel.models import registry

PORTION = 10


class HereWorker:
    """A worker in this thread, which embeds when it is asked for the outcome."""

    place = "here"

    def __init__(self, crew: HereCrew, number: int) -> None:
        self.number = number
        self._crew = crew
        self._worker = PortionWorker(crew.order, "here")

    def begin(self, values) -> None:
        self._values = values
        self._crew.begun.append((self.number, len(values)))

    def done(self) -> int:
        return self._worker.done

    def outcome(self) -> Outcome | None:
        self._crew.before(self)
        return self._worker.embed(self._values)


class HereCrew:
    """Two workers; ``before`` may end one before it embeds, or after."""

    size = 2

    def __init__(self, order, before: Callable[[HereWorker], None]) -> None:
        self.order, self.before = order, before
        self.begun: list[tuple[int, int]] = []
        self.hired = 0
        self.dismissed = False

    def hire(self) -> HereWorker:
        self.hired += 1
        return HereWorker(self, self.hired)

    def wait(self, seconds: float) -> None:
        """Workers are never awaited."""

    def dismiss(self) -> None:
        self.dismissed = True


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Counted:
    encoder = Counted()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    return encoder


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    shared = Shared(tmp_path)
    shared.make()
    return shared


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[HereCrew]]:
    """Lets CONVERT share out what is missing among workers in this thread."""
    monkeypatch.setattr(portions, "LEAST_VALUES", 2)
    monkeypatch.setattr(embedding_module, "LEAST_VALUES", 2)
    monkeypatch.setattr(portions, "MOST_VALUES", PORTION)
    monkeypatch.setattr(portions.Sharing, "POLL_S", 0)
    crews: list[HereCrew] = []

    def allow(
        before: Callable[[HereWorker], None] = lambda worker: None, **changes: object
    ) -> list[HereCrew]:
        class Here:
            def __init__(self, location, model: Model) -> None:
                self._location, self._model = location, model

            def crew(self, embedding) -> HereCrew:
                order = order_of(embedding.request, self._model, self._location.uri, None)
                crews.append(HereCrew({**order, **changes}, before))
                return crews[-1]

        monkeypatch.setattr(
            StatementRuntime, "elsewhere", lambda self, model: Here(self.database.location, model)
        )
        return crews

    return allow


def alone(shared: Shared, source: str) -> tuple[list[bytes | None], list[str]]:
    """What a CONVERT makes and tells that shares nothing, with a cache of its own."""
    other = Shared(shared.folder, str(shared.folder / "alone"))
    other.make()
    return other.vectors(source)


@pytest.mark.parametrize("source", SOURCES)
def test_workers_give_the_same_bytes_and_the_same_words(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]], source: str
) -> None:
    vectors_alone, told_alone = alone(shared, source)
    encoder.seen.clear()
    crews = share()
    vectors, told = shared.vectors(source)
    (crew,) = crews
    assert vectors == vectors_alone
    assert told == told_alone
    assert set(encoder.seen.values()) == {1}
    assert crew.hired == 2
    assert max(size for _, size in crew.begun) <= PORTION + GROUP_PICTURES
    assert crew.dismissed


def test_the_portion_of_a_lost_worker_is_given_to_another(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]]
) -> None:
    lost: list[int] = []

    def end_the_first_and_the_second_once_it_has_embedded(worker: HereWorker) -> None:
        if worker.number in (1, 2) and worker.number not in lost:
            lost.append(worker.number)
            if worker.number == 2:
                worker._worker.embed(worker._values)
            raise WorkerLost("killed")

    crews = share(end_the_first_and_the_second_once_it_has_embedded)
    vectors, told = shared.vectors("path")
    assert lost == [1, 2]
    assert crews[0].hired == 4
    assert set(encoder.seen.values()) == {1}
    vectors_alone, told_alone = alone(shared, "path")
    assert vectors == vectors_alone
    assert told[1:] == told_alone[1:]


def test_a_portion_that_ends_every_worker_ends_the_statement_and_keeps_the_rest(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]]
) -> None:
    def end_with_the_first_picture(worker: HereWorker) -> None:
        if worker._values[0].as_py() == "사진 0.png":
            raise WorkerLost("out of memory")

    crews = share(end_with_the_first_picture)
    with pytest.raises(DataError) as caught:
        shared.vectors("path")
    assert caught.value.code == "TS605"
    assert "사진 0.png" in caught.value.message
    assert "out of memory" in caught.value.message
    assert crews[0].dismissed
    assert 0 < len(encoder.seen) < COUNT


def test_a_stop_dismisses_the_workers_and_keeps_what_is_done(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]]
) -> None:
    crews = share()
    session = shared.session()
    with pytest.raises(Interrupted):
        session.run(convert("path"), emit=lambda result: None, cancelled=lambda: len(encoder.seen) >= PORTION)
    session.close()
    assert crews[0].dismissed
    assert PORTION <= len(encoder.seen) < COUNT
    shared.vectors("path")
    assert set(encoder.seen.values()) == {1}


def test_with_on_error_fail_the_first_failure_ends_it(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]]
) -> None:
    (shared.folder / "absent.png").write_bytes((shared.folder / "copy.png").read_bytes())
    crews = share()
    with pytest.raises(DataError) as caught:
        shared.vectors("path", ", on_error='fail'")
    assert (caught.value.code, crews[0].dismissed) == ("TS501", True)


def test_a_worker_that_does_not_see_a_file_is_an_error(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]], tmp_path: Path
) -> None:
    share(folders=(str(tmp_path / "elsewhere"),))
    with pytest.raises(DataError) as caught:
        shared.vectors("path")
    assert caught.value.code == "TS605"
    assert "사진 0.png" in caught.value.message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mark": "/no/such/mark"}, "database"),
        ({"fingerprint": "other"}, "weights"),
        ({"version": "0.0.1"}, "0.0.1"),
    ],
)
def test_a_worker_that_is_not_fit_for_it_says_why(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]], changes: dict[str, str], told: str
) -> None:
    share(**changes)
    with pytest.raises(ThanoSQLError) as caught:
        shared.vectors("path")
    assert caught.value.code == "TS605"
    assert told in caught.value.message


def test_little_is_embedded_here(
    shared: Shared, encoder: Counted, share: Callable[..., list[HereCrew]], monkeypatch: pytest.MonkeyPatch
) -> None:
    crews = share()
    monkeypatch.setattr(embedding_module, "LEAST_VALUES", COUNT + 10)
    shared.vectors("path")
    assert crews == []


@pytest.mark.parametrize(
    ("count", "workers", "size"), [(64, 1, 64), (1000, 2, 125), (1001, 2, 126), (10_000_000, 4, 100_000)]
)
def test_portions_are_as_large_as_a_commit_at_most(count: int, workers: int, size: int) -> None:
    assert portions.portion_size(count, workers) == size


def test_ray_that_is_not_installed_is_told_with_the_command(
    shared: Shared, encoder: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_crew, "missing", lambda names: names)
    monkeypatch.setattr(embedding_module, "LEAST_VALUES", 2)
    session = shared.session()
    session.told("SET engine = 'ray'")
    with pytest.raises(ThanoSQLError) as caught:
        session.told(convert("path"))
    session.close()
    assert caught.value.code == "TS605"
    assert "thanosql-kernel[ray]" in str(caught.value.hint)


@pytest.mark.parametrize("value", ["local", "ray", "RAY", "ray://head:10001", "ray://[::1]:10001"])
def test_the_engine_can_be_set(shared: Shared, value: str) -> None:
    session = shared.session()
    session.told(f"SET engine = '{value}'")
    assert session.settings["engine"] == value
    session.close()


@pytest.mark.parametrize("value", ["dask", "ray://", "ray://head", "ray://head:10001/x", "ray:head:1", ""])
def test_an_engine_that_is_none_is_refused(shared: Shared, value: str) -> None:
    session = shared.session()
    with pytest.raises(ThanoSQLError) as caught:
        session.told(f"SET engine = '{value}'")
    session.close()
    assert "ray://host:port" in caught.value.message


@pytest.mark.parametrize(
    ("nodes", "count", "resources", "size"),
    [
        ([{"CPU": 2}], 0, {"num_cpus": 2}, 1),
        ([{"CPU": 2}], 2, {"num_cpus": 1}, 2),
        ([{"CPU": 16}, {"CPU": 8}], 0, {"num_cpus": 4}, 6),
        ([{"CPU": 16}, {}], 3, {"num_cpus": 5}, 3),
        ([{"CPU": 16, "GPU": 2}, {"CPU": 16, "GPU": 1}], 0, {"num_gpus": 1, "num_cpus": 0}, 3),
    ],
)
def test_workers_are_as_many_as_the_cluster_is_good_for(
    nodes: list[dict[str, float]], count: int, resources: dict[str, float], size: int
) -> None:
    class Ray:
        def nodes(self) -> list[dict[str, object]]:
            return [{"Alive": True, "Resources": node} for node in nodes]

    assert ray_crew._resources(Ray(), count) == (resources, size)
