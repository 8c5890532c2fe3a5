"""Makes Word, PowerPoint and Excel files with the programs' own libraries, for the tests of their readers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_FOOTNOTES = (
    '<w:footnotes {names}><w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def saved(document) -> bytes:
    """The bytes of a document of any of the three libraries."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_footnote(document: docx.document.Document, paragraph, text: str) -> None:  # pyright: ignore[reportAttributeAccessIssue]
    """Give a paragraph a footnote, which python-docx cannot."""
    blob = _FOOTNOTES.format(names=nsdecls("w"), text=text).encode()
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))


def rewritten(
    data: bytes, change: Callable[[str, bytes], bytes | None], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A zip container with each part changed, or left out where `change` gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", compression) as after:
        for part in before.infolist():
            if (blob := change(part.filename, before.read(part))) is not None:
                after.writestr(part.filename, blob)
    return out.getvalue()
