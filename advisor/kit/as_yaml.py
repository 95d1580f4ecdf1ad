"""Plain values as YAML, for every file and every door that writes some. Must not know what they say."""

import yaml

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the C dumper is many times faster


def write_yaml(content: object, *, sort_keys: bool) -> str:
    """120 columns, letters as they are; names sorted, or in the order in which they stand."""
    text: str = yaml.dump(content, Dumper=_DUMPER, sort_keys=sort_keys, allow_unicode=True, width=120)
    return text
