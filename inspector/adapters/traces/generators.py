"""Parameters that image generators write beside their pictures.

Each test asks for what only that program writes; a bare key ("prompt") is never enough.
"""

import json
import re
from collections.abc import Iterator, Mapping

from inspector.adapters.traces.statements import (
    label_traces,
    names_generator,
    software_traces,
    trace,
)
from inspector.domain.traces import Says, Trace

MAX_JSON = 8 << 20

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_JOB_ID = re.compile(r"\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EASY_DIFFUSION = ("use_stable_diffusion_model", "Stable Diffusion model")
_JSON_KEYS: Mapping[str, str] = {
    "invokeai_metadata": "invokeai",
    "invokeai_graph": "invokeai",
    "sd-metadata": "invokeai",
    "fooocus_scheme": "fooocus",
}
"""Text keys that one program alone writes: InvokeAI 3 and 2, Fooocus."""


def text_traces(place: str, key: str, value: str) -> Iterator[Trace]:
    """Yield what one text entry says; ``place`` names the kind of entry ("PNG text")."""
    where = f"{place} {key}"
    name = key.strip().casefold()
    found = next(_program(name, value), None)
    if found is not None:
        yield trace(found, where, value, Says.AI)
    elif name == "aigc":
        yield from label_traces(where, value)
    elif name in ("software", "com.apple.quicktime.software") or (
        name in ("encoder", "encoding_tool", "artist", "author") and names_generator(value)
    ):
        yield from software_traces(where, value)


def _program(name: str, value: str) -> Iterator[str]:
    """Yield the program whose parameters these are."""
    if is_a1111(value):
        yield "a1111"
    if _JOB_ID.search(value):
        yield "midjourney"
    if name in _JSON_KEYS and value.strip():
        yield _JSON_KEYS[name]
    if name == "dream" and re.search(r"\s-S\s*\d+", value):
        yield "invokeai"
    if name == "software" and value.strip() == "NovelAI":
        yield "novelai"
    if name in _EASY_DIFFUSION:
        yield "easydiffusion"
    if value.lstrip()[:1] == "{":
        yield from _json_program(value)


def is_a1111(value: str) -> bool:
    """Return whether these are A1111's or Forge's parameters: both words, as they write them."""
    return "Steps: " in value and "Sampler: " in value


def _json_program(value: str) -> Iterator[str]:
    content = _parse(value)
    if content is None:
        return
    if "sui_image_params" in content:
        yield "swarmui"
    for graph in (content, content.get("prompt"), content.get("workflow"), _parsed_in(content)):
        if isinstance(graph, dict) and (_is_prompt(graph) or _is_workflow(graph)):
            yield "comfyui"
            return
    if "fooocus_v2_expansion" in content or str(content.get("version", "")).startswith("Fooocus"):
        yield "fooocus"
    if "sampler" in content and "request_type" in content and "signed_hash" in content:
        yield "novelai"


def _parsed_in(content: dict[str, Json]) -> dict[str, Json] | None:
    prompt = content.get("prompt")
    return _parse(prompt) if isinstance(prompt, str) and prompt.lstrip()[:1] == "{" else None


def _is_prompt(graph: dict[str, Json]) -> bool:
    """Return whether this is ComfyUI's prompt: nodes by id, each with a class_type."""
    return any(isinstance(node, dict) and "class_type" in node for node in graph.values())


def _is_workflow(graph: dict[str, Json]) -> bool:
    """Return whether this is ComfyUI's workflow: nodes and links as its editor saves them."""
    return isinstance(graph.get("nodes"), list) and (
        "last_node_id" in graph or isinstance(graph.get("links"), list)
    )


def _parse(value: str) -> dict[str, Json] | None:
    if len(value) > MAX_JSON:
        return None
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
