"""Manifest trees to look at, as deep and as wide as asked for."""

from inspector.domain.provenance import ManifestNode, Relationship


def a_tree(depth: int, width: int) -> ManifestNode:
    """Return a chain of parents, ``depth`` deep, with ``width`` unsigned leaves at each step."""
    node = ManifestNode("urn:0", "original.jpg", "image/jpeg", Relationship.PARENT)
    for step in range(1, depth):
        leaves = tuple(
            ManifestNode(None, f"leaf {step}.{number}.png", None, Relationship.COMPONENT)
            for number in range(width)
        )
        relationship = Relationship.PARENT if step < depth - 1 else None
        node = ManifestNode(
            f"urn:{step}",
            f"step {step}.jpg",
            None,
            relationship,
            claim_generator=f"Editor {step}",
            signer=f"Signer {step}",
            ingredients=(node, *leaves),
        )
    return node
