"""A small PDF writer for tests: Helvetica for English, a CID font that is not embedded for Japanese; RC4 encryption."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FONTS = (
    b"<< /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    b" /B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
    b" /J << /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UTF16-H /DescendantFonts"
    b" [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 5 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [-123 -257 1001 910]"
    b" /ItalicAngle 0 /Ascent 709 /Descent -241 /CapHeight 709 /StemV 69 >> >>] >> >>"
)


def words(x: float, y: float, text: str, size: float = 10, bold: bool = False) -> bytes:
    """Text at (x, y) points from the top left: its base line begins there."""
    if text.isascii():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii")
        return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (b"B" if bold else b"F", size, x, HEIGHT - y, escaped)
    return b"BT /J %g Tf %g %g Td <%s> Tj ET\n" % (size, x, HEIGHT - y, text.encode("utf-16-be").hex().encode("ascii"))


def lines(x: float, y: float, texts: Sequence[str], size: float = 10, leading: float = 14) -> bytes:
    """Texts below each other."""
    return b"".join(words(x, y + leading * number, text, size) for number, text in enumerate(texts))


def pdf(pages: Sequence[bytes], info: str = "", page_facts: str = "", password: str = "") -> bytes:
    """A PDF of these pages' contents; `info` and `page_facts` are entries of their dictionaries."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< {info} >>".encode(),
    ]
    for number, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {page_facts}"
            f" /Contents {first + 2 * number + 1} 0 R"
            " /Resources << /Font ".encode()
            + _FONTS
            + b" >> >>"
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects, _encryption(password) if password else b"")


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 3 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(out))
    )


def _encryption(password: str) -> bytes:
    """The trailer's entries of the standard security handler, revision 2 (PDF 1.7, 7.6.3)."""
    padded = (password.encode("ascii") + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (-4).to_bytes(4, "little", signed=True) + b"0123456789abcdef").digest()[:5]
    user = _rc4(key, _PADDING)
    return b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (
        *[b"0123456789abcdef".hex().encode()] * 2,
        owner.hex().encode(),
        user.hex().encode(),
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
