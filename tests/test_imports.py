"""Below the faces, importing loads the standard library and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

LAYERS = (
    *("base", "registry", "workload", "rewrites", "cost"),
    *("system", "explore", "instruments", "lab"),
)

# Prints the modules that importing the named packages, and all in them, has brought in from outside.
PROBE = """
import importlib, pkgutil, sys
before = set(sys.modules)
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    if name != "ironlaw":
        for module in pkgutil.walk_packages(package.__path__, name + "."):
            importlib.import_module(module.name)
allowed = sys.stdlib_module_names | {"ironlaw"}
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before} - allowed))
"""


def foreign_modules(*packages: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *packages], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_import_ironlaw_loads_only_the_standard_library():
    assert foreign_modules("ironlaw") == []


def test_the_book_loads_only_the_standard_library():
    assert foreign_modules("ironlaw.book") == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_loads_only_the_standard_library(layer):
    assert foreign_modules(f"ironlaw.{layer}") == []


def test_the_probe_sees_a_foreign_module():
    assert "pluggy" in foreign_modules("pluggy")
