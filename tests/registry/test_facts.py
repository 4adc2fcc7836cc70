"""A fact without provenance is refused, and the message says which and what it lacks."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import FactError
from ironlaw.registry.facts import KINDS, data_folder, read_sheet, sources

WHOLE = {
    "value": "3.35",
    "unit": '"TB/s"',
    "kind": '"datasheet"',
    "source": '"nvidia-h100-datasheet"',
    "where": '"p. 3, memory row"',
    "date": '"2023-05"',
}


def sheet(entry: dict[str, str], name: str = "chip.memory"):
    lines = [f"{key} = {value}" for key, value in entry.items()]
    return read_sheet("mine", "\n".join([f"[{name}]", *lines]))


def shipped():
    folder = data_folder()
    for below in ("chips", "models", "calibration"):
        for entry in sorted(folder.joinpath(below).iterdir(), key=lambda one: one.name):
            if entry.name.endswith(".toml"):
                yield pytest.param(entry, id=f"{below}/{entry.name}")


def test_a_whole_fact_is_read():
    fact = sheet(WHOLE).fact("chip.memory")
    assert (fact.value, fact.unit, fact.written) == (3.35e12, "B/s", "3.35 TB/s")
    assert fact.to_dict() == {
        "name": "chip.memory",
        "value": 3.35e12,
        "unit": "B/s",
        "written": "3.35 TB/s",
        "kind": "datasheet",
        "source": "nvidia-h100-datasheet",
        "where": "p. 3, memory row",
        "date": "2023-05",
    }


@pytest.mark.parametrize("lacking", ["unit", "kind", "source", "where", "date"])
def test_what_a_fact_lacks_is_named(lacking):
    entry = {key: value for key, value in WHOLE.items() if key != lacking}
    with pytest.raises(FactError, match=rf"mine\.chip\.memory: lacks {lacking}$") as error:
        sheet(entry)
    assert error.value.field == "mine.chip.memory"


def test_everything_that_is_lacking_is_named():
    with pytest.raises(FactError, match="lacks unit, kind, source, where, date"):
        sheet({"value": "3.35"})


def test_a_number_without_provenance_is_refused():
    with pytest.raises(FactError, match=r"chip\.bandwidth: 3.35 has no unit, kind, source"):
        read_sheet("mine", "[chip]\nbandwidth = 3.35")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": '"rumour"'}, "kind 'rumour' is not one of measured, datasheet"),
        ({"source": '"my-uncle"'}, "source 'my-uncle' is not in sources.toml"),
        ({"date": '"May 2023"'}, "date 'May 2023' is not YYYY-MM or YYYY-MM-DD"),
        ({"date": '"2023-5"'}, "date '2023-5' is not YYYY-MM"),
        ({"date": '"2023-13"'}, "date '2023-13' is not"),
        ({"date": "2023-05-01"}, "lacks date"),
        ({"unit": '"TB/parsec"'}, "unit = 'TB/parsec' is outside the units"),
        ({"unit": '"G"'}, "unit = 'G' is outside the units"),
        ({"value": '"3.35"'}, "value '3.35' is not a number"),
        ({"value": "true"}, "value True is not a number"),
        ({"value": "nan"}, "value nan is not"),
        ({"value": "inf"}, "value inf is not"),
        ({"where": '""'}, "lacks where"),
    ],
    ids=str,
)
def test_a_malformed_fact_is_refused(changes, message):
    with pytest.raises(FactError, match=message) as error:
        sheet({**WHOLE, **changes})
    assert str(error.value).startswith("mine.chip.memory: ")


def test_provenance_is_inherited_and_overridden():
    text = """
        kind = "datasheet"
        source = "nvidia-h100-datasheet"
        date = "2023-05"
        [memory]
        where = "memory rows"
        bandwidth = { value = 3.35, unit = "TB/s" }
        capacity = { value = 80, unit = "GB", kind = "measured", where = "elsewhere" }
    """
    found = read_sheet("mine", text)
    assert found.fact("memory.bandwidth").where == "memory rows"
    assert found.fact("memory.capacity").kind == "measured"
    assert found.fact("memory.capacity").where == "elsewhere"
    assert found.children("memory") == ("bandwidth", "capacity")


def test_text_that_is_not_toml_is_refused():
    with pytest.raises(FactError, match="mine: not TOML"):
        read_sheet("mine", "[chip\nvalue = ")


def test_a_missing_fact_is_named():
    with pytest.raises(FactError, match=r"mine\.chip\.speed: the fact is missing"):
        sheet(WHOLE).number("chip.speed")
    assert sheet(WHOLE).optional("chip.speed") is None


def test_values_are_rounded_once():
    # 6.5 · 1e-6 in binary is 6.499999999999999e-06; as written it is 6.5e-06
    assert sheet({**WHOLE, "value": "6.5", "unit": '"us"'}).number("chip.memory") == 6.5e-6


@pytest.mark.parametrize("entry", list(shipped()))
def test_every_shipped_fact_says_where_it_is_from(entry):
    name = entry.name.removesuffix(".toml")
    found = read_sheet(name, entry.read_text(encoding="utf-8"))
    assert found.facts
    for fact in found.facts.values():
        assert fact.source in sources(), fact.path
        assert fact.kind in KINDS, fact.path
        assert fact.where.strip(), fact.path


def test_every_source_is_used_and_described():
    used = {
        fact.source
        for parameter in shipped()
        for fact in read_sheet(
            "any", parameter.values[0].read_text(encoding="utf-8")
        ).facts.values()
    }
    assert set(sources()) >= used
    for source in sources().values():
        assert source.title.strip(), source.key
        assert source.publisher.strip(), source.key
