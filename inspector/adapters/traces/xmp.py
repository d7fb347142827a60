"""Properties of an XMP packet, whatever way they were written: attribute, element, list, URI."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

MAX_PACKET = 4 << 20
MAX_PROPERTIES = 20_000
MAX_VALUE = 1 << 20

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LOOSE = re.compile(
    r"(?P<prefix>[A-Za-z][\w.-]{0,40}):(?P<name>[A-Za-z][\w.-]{0,60})"
    r"(?:\s*=\s*(?P<quote>[\"'])(?P<attribute>[^\"'<]{1,4000})(?P=quote)"
    r"|(?:\s+rdf:resource\s*=\s*[\"'](?P<resource>[^\"'<]{1,4000})[\"']\s*/?)?>"
    r"(?P<element>[^<]{1,4000})</)",
)


_OTHERS = frozenset({"Pantry", "Ingredients", "History", "DerivedFrom", "ManagedFrom"})
"""Parts of xmpMM that speak of other files, or of the past of this one."""


@dataclass(frozen=True, slots=True)
class Property:
    """One value; ``space`` is the namespace's address, or its prefix where XML is malformed."""

    space: str
    name: str
    value: str


def properties(packet: bytes) -> Iterator[Property]:
    """Yield every property of a packet; a malformed one is read as far as it makes sense."""
    packet = packet[:MAX_PACKET]
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        yield from _loose(packet)
        return
    yield from _of_tree(root)


def _of_tree(root: Element) -> Iterator[Property]:
    count = 0
    waiting = [root]
    while waiting:
        element = waiting.pop()
        waiting.extend(e for e in reversed(element) if e.tag.rpartition("}")[2] not in _OTHERS)
        for key, value in element.attrib.items():
            if not key.startswith(_RDF):
                count += 1
                yield _property(key, value)
        if not element.tag.startswith(_RDF):
            for value in _values(element):
                count += 1
                yield _property(element.tag, value)
        if count > MAX_PROPERTIES:
            return


def _values(element: Element) -> Iterator[str]:
    """Yield the value of an element: its resource, its text, or its list's items."""
    resource = element.get(f"{_RDF}resource")
    if resource:
        yield resource
    if element.text and element.text.strip():
        yield element.text
    for container in element:
        if container.tag.startswith(_RDF):
            for item in container.findall(f"{_RDF}li"):
                value = item.get(f"{_RDF}resource") or item.text
                if value and value.strip():
                    yield value


def _property(tag: str, value: str) -> Property:
    space, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return Property(space, name, value[:MAX_VALUE].strip())


def _loose(packet: bytes) -> Iterator[Property]:
    encoding = "utf-16" if packet[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = packet.decode(encoding, "replace")
    for index, match in enumerate(_LOOSE.finditer(text)):
        if index >= MAX_PROPERTIES:
            return
        value = match["attribute"] or match["resource"] or match["element"] or ""
        if value.strip():
            yield Property(match["prefix"], match["name"], value.strip())
