"""A file of a kit, compressed once for every archive that will hold it. Must not know any archive's format."""

import hashlib
import zlib
from dataclasses import dataclass, field

LAST_BLOCK = b"\x03\x00"  # an empty deflate block that says it is the last one
_RAW = -15
_BEST = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`deflated` ends on a byte and without a last block, so that parts can be joined into one stream.

    `plain` is the content where it is worth its memory: in starters, which all kits share.
    """

    size: int
    crc: int
    sha256: str
    deflated: bytes
    plain: bytes = field(default=b"", repr=False, compare=False)

    @property
    def content(self) -> bytes:
        return self.plain or zlib.decompress(self.deflated + LAST_BLOCK, _RAW, self.size)


def pack(content: bytes, *, is_shared: bool = False) -> Part:
    """The part for this content."""
    return Part(
        size=len(content),
        crc=zlib.crc32(content),
        sha256=hashlib.sha256(content).hexdigest(),
        deflated=deflate(content),
        plain=content if is_shared else b"",
    )


def deflate(content: bytes) -> bytes:
    """Compressed by itself, as a part is."""
    packer = zlib.compressobj(_BEST, zlib.DEFLATED, _RAW)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
