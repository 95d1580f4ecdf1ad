"""Plain values as YAML, for every file and every door that writes some. Must not know what they say.

PyYAML's loader and dumper in C, where they are installed, are many times faster.
"""

from collections.abc import Iterable
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """What stands in two places is written twice, and a mapping of a kind of its own is a mapping."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML asks for each value
        return True


_Dumper.add_multi_representer(dict, yaml.SafeDumper.represent_dict)


def write_yaml(content: object, *, sort_keys: bool) -> str:
    """120 columns, letters as they are; names sorted, or in the order in which they stand."""
    return write_documents([content], sort_keys=sort_keys)


def write_documents(contents: Iterable[object], *, sort_keys: bool) -> str:
    """The same of several in one file."""
    text: str = yaml.dump_all(contents, Dumper=_Dumper, sort_keys=sort_keys, allow_unicode=True, width=120)
    return text


def read_documents(text: bytes) -> list[Any]:
    """The documents of a file that is ours, one after the other."""
    return list(yaml.load_all(text, Loader=_LOADER))
