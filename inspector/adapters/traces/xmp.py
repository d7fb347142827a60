"""Properties of an XMP packet, whatever way they were written: attribute, element, list, URI."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MAX_PACKET = 4 << 20
MAX_DEPTH = 100
MAX_ELEMENTS = 50_000
MAX_VALUE = 1 << 20

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_OTHERS = frozenset({"Pantry", "Ingredients", "History", "DerivedFrom", "ManagedFrom"})
"""Parts of xmpMM that speak of other files, or of the past of this one."""

_LOOSE = re.compile(
    r":(?P<name>DigitalSource(?:File)?Type|AISystemUsed|AISystemVersionUsed|AIPromptInformation"
    r"|AIPromptWriterName|Credit|DataMining|AIGC|CreatorTool)"
    r"(?:\s{0,20}=\s{0,20}[\"'](?P<attribute>[^\"'<]{1,4000})[\"']"
    r"|\s{1,20}rdf:resource\s{0,20}=\s{0,20}[\"'](?P<resource>[^\"'<]{1,4000})[\"']"
    r"|>(?P<element>[^<]{1,4000})<)",
)
"""The properties that are asked for, found by name in a packet that is no XML."""


@dataclass(frozen=True, slots=True)
class Property:
    """One value, by its local name."""

    name: str
    value: str


def properties(packet: bytes) -> Iterator[Property]:
    """Yield every property of a packet; a malformed one is read as far as it makes sense."""
    packet = packet[:MAX_PACKET]
    parser = DefusedXMLParser(target=_Limited(), forbid_dtd=True)
    try:
        parser.feed(packet.strip(b"\0 \r\n\t"))
        root = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, _TooMuchError):
        yield from _loose(packet)
        return
    yield from _of_tree(root)


class _TooMuchError(Exception):
    """The packet is nested too deep or holds too many elements."""


class _Limited(TreeBuilder):
    """Builds a tree up to a depth and a number of elements."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1 + len(attrs)
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise _TooMuchError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _of_tree(root: Element) -> Iterator[Property]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        waiting.extend(e for e in reversed(element) if _local(e.tag) not in _OTHERS)
        for key, value in element.attrib.items():
            if not key.startswith(_RDF):
                yield _property(key, value)
        if not element.tag.startswith(_RDF):
            for value in _values(element):
                yield _property(element.tag, value)


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
    return Property(_local(tag), value[:MAX_VALUE].strip())


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _loose(packet: bytes) -> Iterator[Property]:
    encoding = "utf-16" if packet[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = packet.decode(encoding, "replace")
    for index, match in enumerate(_LOOSE.finditer(text)):
        if index >= MAX_ELEMENTS:
            return
        value = match["attribute"] or match["resource"] or match["element"] or ""
        if value.strip():
            yield Property(match["name"], value.strip())
