"""Plain values as YAML, for every file and every door that writes some. Must not know what they say."""

import yaml


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C one is many times faster
    """What stands in two places is written twice, and a mapping of a kind of its own is a mapping."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML asks for each value
        return True


_Dumper.add_multi_representer(dict, yaml.SafeDumper.represent_dict)


def write_yaml(content: object, *, sort_keys: bool) -> str:
    """120 columns, letters as they are; names sorted, or in the order in which they stand."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=sort_keys, allow_unicode=True, width=120)
    return text
