"""Options that may stand without a value: what they mean then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def with_values(arguments: Sequence[str]) -> Iterator[str]:
    """Arguments in which a bare `--cluster` means this machine, and a bare `--plot` a file named after the command.

    Args:
        arguments: Of the command line.

    Example:
        >>> list(with_values(["audit", "--cluster", "traces"])), list(with_values(["cache", "--plot"]))
        (['audit', '--cluster=local', 'traces'], ['cache', '--plot=cache.svg'])
        >>> list(with_values(["audit", "--cluster", "tcp://a:8786"]))
        ['audit', '--cluster', 'tcp://a:8786']
    """
    following = [*arguments[1:], ""]
    for argument, after in zip(arguments, following, strict=True):
        if argument == "--cluster" and "://" not in after and after != "local":
            yield "--cluster=local"
        elif argument == "--plot" and (not after or after.startswith("--")):
            yield f"--plot={arguments[0]}.svg"
        else:
            yield argument
