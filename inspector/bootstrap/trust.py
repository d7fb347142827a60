"""The user's trust lists, and what to say of them."""

from datetime import UTC, datetime

from inspector.adapters.c2pa.trust import TrustList, TrustStore
from inspector.settings import Places


def trust_store(places: Places | None = None) -> TrustStore:
    """Return the store of the user's own trust lists."""
    return TrustStore((places or Places()).trust)


def trust_words(places: Places, today: str | None = None) -> tuple[str, ...]:
    """Return what a scan says of trust before it starts; ``today`` is ISO 8601, now by default."""
    lists = trust_store(places).list()
    if not lists:
        return ("No trust list is installed, so no signer is trusted (inspector trust add FILE).",)
    return tuple(words for entry in lists if (words := outdated_words(entry, today)) is not None)


def outdated_words(entry: TrustList, today: str | None = None) -> str | None:
    """Return a warning where a list says that a newer one is out, else None."""
    if not entry.outdated(today or datetime.now(UTC).isoformat()):
        return None
    due = (entry.next_update or "")[:10]
    return (
        f"The trust list {entry.id} ({entry.tier.value}) was to be replaced by {due}: signers may "
        "have joined or left it since (inspector trust update, or trust add a newer file)."
    )


def trust_facts(places: Places) -> dict[str, str]:
    """Return hash and dates of every list by its id, recorded in sessions and exports."""
    facts = {}
    for entry in trust_store(places).list():
        name = f"trust.{entry.tier.value}.{entry.id}"
        facts[name] = entry.sha256
        for what, date in (("issued", entry.issued_at), ("next_update", entry.next_update)):
            if date is not None:
                facts[f"{name}.{what}"] = date
    return facts
