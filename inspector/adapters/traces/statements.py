"""What metadata standards say: IPTC, Google's credit line, PLUS, TC260, software names."""

import json
import re
from collections.abc import Iterator, Sequence

from inspector.adapters.traces.xmp import Property
from inspector.domain.text import plain_line
from inspector.domain.traces import Says, Trace

MAX_VALUE = 2000

_SOURCE_TYPES = {
    "trainedalgorithmicmedia": Says.AI,
    "trainedalgorithmicdata": Says.AI,
    "compositewithtrainedalgorithmicmedia": Says.AI_PART,
    "compositesynthetic": Says.AI_PART,
    "compositeincludingsyntheticelements": Says.AI_PART,
    "digitalcapture": Says.CAMERA,
    "computationalcapture": Says.CAMERA,
    "negativefilm": Says.CAMERA,
    "positivefilm": Says.CAMERA,
    "print": Says.CAMERA,
}
"""IPTC NewsCodes "digitalsourcetype", lower case, with the older name of compositeSynthetic."""

_AI_FIELDS = ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")
"""IPTC Photo Metadata Standard 2025.1, namespace Iptc4xmpExt."""

_GENERATORS = re.compile(
    r"\b(midjourney|dall[-·∙ ]?e\b|stable[ -]?diffusion|adobe firefly|comfyui|novelai|invokeai"
    r"|fooocus|automatic1111|sd[.]next|draw things|dreamstudio|ideogram|leonardo[.]ai|nightcafe"
    r"|bing image creator|image creator from (?:designer|microsoft)|microsoft designer"
    r"|openai|chatgpt|google (?:ai|gemini|imagen|veo)|runwayml|black forest labs"
    r"|stability ai|recraft|civitai|made with google ai)",
    re.IGNORECASE,
)
"""Software that generates pictures or clips, by names that nothing else goes by."""

_GENERATOR_ALONE = frozenset(
    {"sora", "veo", "imagen", "gemini", "flux", "kling", "pika", "runway", "firefly", "grok"}
)
"""Names that are also common words: taken only where nothing else stands beside them."""


def xmp_traces(found: Sequence[Property]) -> Iterator[Trace]:
    """Yield what the properties of all XMP packets of a file say."""
    types = [stated for item in found if (stated := _source_type(item)) is not None]
    partly = any(t.says is Says.AI_PART for t in types) and not any(
        t.says is Says.AI for t in types
    )
    yield from types
    for item in found:
        if item.name in _AI_FIELDS:
            says = Says.AI_PART if partly else Says.AI
            yield trace("iptc", f"XMP Iptc4xmpExt:{item.name}", item.value, says)
        elif item.name == "Credit":
            yield from credit_traces("XMP photoshop:Credit", item.value, partly=partly)
        elif item.name == "DataMining" and "DMI-" in item.value:
            yield _data_mining(item.value)
        elif item.name == "AIGC":
            yield from label_traces("XMP TC260:AIGC", item.value)
        elif item.name in ("CreatorTool", "Software"):
            yield from software_traces(f"XMP {item.name}", item.value)


def credit_traces(key: str, value: str, *, partly: bool = False) -> Iterator[Trace]:
    """Yield Google's credit lines, as its generators write them to XMP and to IPTC 2:110."""
    line = value.casefold()
    if "made with google ai" in line:
        yield trace("google", key, value, Says.AI_PART if partly else Says.AI)
    elif "edited with google ai" in line or "edited with ai" in line:
        yield trace("google", key, value, Says.AI_PART)


def iptc_traces(resources: bytes) -> Iterator[Trace]:
    """Yield the credit (2:110) of an IPTC-IIM block in Photoshop resources (IIM 4.2)."""
    at = resources.find(b"\x1c\x02\x6e")
    if at >= 0:
        size = int.from_bytes(resources[at + 3 : at + 5], "big")
        value = resources[at + 5 : at + 5 + min(size, MAX_VALUE)].decode("utf-8", "replace")
        yield from credit_traces("IPTC 2:110 Credit", value)


def label_traces(key: str, value: str) -> Iterator[Trace]:
    """Yield China's label for generated content (TC260-PG-20252A: 1 is, 2 may be, 3 suspected)."""
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return
    if isinstance(content, dict) and isinstance(content.get("AIGC"), dict):
        content = content["AIGC"]
    label = str(content.get("Label", "")) if isinstance(content, dict) else ""
    if label in ("1", "2", "3"):
        yield trace("tc260", key, value, Says.AI if label == "1" else Says.INFO)


def software_traces(key: str, value: str) -> Iterator[Trace]:
    """Yield the software that a file names: AI where it is a generator, else information."""
    line = plain_line(value, MAX_VALUE)
    if line:
        yield trace("software", key, line, Says.AI if names_generator(line) else Says.INFO)


def names_generator(line: str) -> bool:
    """Return whether a software's name is that of an image or video generator."""
    return bool(_GENERATORS.search(line)) or line.strip().casefold() in _GENERATOR_ALONE


def trace(kind: str, key: str, value: str, says: Says) -> Trace:
    """Return a trace whose texts are safe to show."""
    return Trace(kind, plain_line(key, 200), plain_line(value, MAX_VALUE), says)


def _source_type(item: Property) -> Trace | None:
    if item.name.casefold() not in ("digitalsourcetype", "digitalsourcefiletype"):
        return None
    code = item.value.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]
    says = _SOURCE_TYPES.get(code.strip().casefold(), Says.INFO)
    return trace("iptc", "XMP Iptc4xmpExt:DigitalSourceType", item.value, says)


def _data_mining(value: str) -> Trace:
    """Read PLUS LDF 2.0.1 "Data Mining": every prohibition counts, limited ones too."""
    code = value.rsplit("/", 1)[-1]
    refused = code.startswith("DMI-PROHIBITED")
    return trace("plus", "XMP plus:DataMining", value, Says.OPT_OUT if refused else Says.INFO)
