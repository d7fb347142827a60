"""``inspector trust``: the lists that say whose signature counts."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from inspector.bootstrap.trust import outdated_words, trust_store
from inspector.bootstrap.trust_diff import OtherLists, compare_trust
from inspector.cli.output import OUT, say
from inspector.domain.media import display_path
from inspector.domain.provenance import Provenance, TrustTier
from inspector.settings import Places

app = typer.Typer(help="Trust lists: whose signature counts, in three tiers.", no_args_is_help=True)


@app.command("list")
def list_lists() -> int:
    """List the installed trust lists."""
    lists = trust_store().list()
    if not lists:
        say(
            "No trust list is installed, so no signer is trusted. Add one: inspector trust add FILE"
        )
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "tier", "kind", "entries", "added", "next update", "sha256", "from"):
        table.add_column(heading)
    for trust_list in lists:
        table.add_row(
            trust_list.id,
            trust_list.tier.value,
            trust_list.kind.value,
            str(trust_list.certificates),
            trust_list.added_at[:10],
            (trust_list.next_update or "-")[:10],
            trust_list.sha256[:12],
            trust_list.origin,
        )
    OUT.print(table)
    for trust_list in lists:
        if (words := outdated_words(trust_list)) is not None:
            say(words)
    return 0


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    tier: Annotated[TrustTier, typer.Option(help="Which tier it joins.")] = TrustTier.USER,
) -> int:
    """Add anchors, time-stamp roots, allowed certificates or key usages; their kind is seen."""
    added = trust_store().add(file, tier)
    kind = added.kind.value.removesuffix("s") if added.certificates == 1 else added.kind.value
    say(f"Added {added.certificates} {kind} to the {added.tier.value} tier as {added.id}.")
    return 0


@app.command("remove")
def remove(list_id: Annotated[str, typer.Argument(metavar="ID")]) -> int:
    """Remove one list."""
    trust_store().remove(list_id)
    say(f"Removed {list_id}.")
    return 0


@app.command("update")
def update() -> int:
    """Download the official C2PA list: the one command here that uses the network."""
    for added in trust_store().update():
        say(f"Official list: {added.certificates} {added.kind.value}, sha256 {added.sha256[:12]}.")
    return 0


@app.command("diff")
def diff(
    paths: Annotated[list[str], typer.Argument(metavar="SESSION|PATH...")],
    added: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="A list that would join; may be repeated."),
    ] = None,
    removed: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="ID", help="A list that would go; may be repeated."),
    ] = None,
    tier: Annotated[
        TrustTier, typer.Option(help="Which tier the lists would join.")
    ] = TrustTier.USER,
) -> int:
    """Show which credentials would be judged otherwise under other lists; changes nothing.

    A line per file that differs: state before, state after, path, between tabs.
    """
    other = OtherLists(tuple(added or ()), tuple(removed or ()), tier)
    read = differing = 0
    for compared in compare_trust(paths, other, Places()):
        read += 1
        if compared.differs:
            differing += 1
            before, after = _standing(compared.before), _standing(compared.after)
            typer.echo(f"{before}\t{after}\t{display_path(compared.path)}")
    say(f"{differing:,} of {read:,} files with a credential would be judged otherwise.")
    return 0


def _standing(provenance: Provenance) -> str:
    """Return state and tier: "trusted (user)"; "camera" stands beside a capture that holds."""
    tier = f" ({provenance.trust_tier.value})" if provenance.trust_tier else ""
    return f"{provenance.state.value}{tier}{', camera' if provenance.capture_trusted else ''}"
