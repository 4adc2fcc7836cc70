"""The error for an optional package that is not installed."""

from __future__ import annotations

from ironlaw.base.errors import ConfigError


def missing_package(package: str, path: str) -> ConfigError:
    """The error for a file that needs an extra of ironlaw.

    Args:
        package: The package, which is also the name of the extra.
        path: The file.
    """
    return ConfigError(
        "file", path, f"needs the package {package}: pip install 'ironlaw[{package}]'"
    )
