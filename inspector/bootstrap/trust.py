"""The user's trust lists, and what to say of them."""

from inspector.adapters.c2pa.trust import TrustStore
from inspector.settings import Places


def trust_store(places: Places | None = None) -> TrustStore:
    """Return the store of the user's own trust lists."""
    return TrustStore((places or Places()).trust)


def trust_words(places: Places) -> tuple[str, ...]:
    """Return what a scan says of trust before it starts."""
    if trust_store(places).list():
        return ()
    return ("No trust list is installed, so no signer is trusted (inspector trust add FILE).",)


def trust_facts(places: Places) -> dict[str, str]:
    """Return id and hash of every list, recorded in sessions and exports."""
    return {
        f"trust.{entry.tier.value}.{entry.id}": entry.sha256 for entry in trust_store(places).list()
    }
