"""Plain words for C2PA's labels and codes, as the specification (2.4) defines them."""

from collections.abc import Mapping
from types import MappingProxyType

ACTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "c2pa.addedText": "Added text",
        "c2pa.adjustedColor": "Adjusted colours",
        "c2pa.changedSpeed": "Changed the speed",
        "c2pa.color_adjustments": "Adjusted colours",
        "c2pa.converted": "Converted to another format",
        "c2pa.copied": "Copied",
        "c2pa.created": "Created",
        "c2pa.cropped": "Cropped",
        "c2pa.deleted": "Deleted part of it",
        "c2pa.drawing": "Drew or painted on it",
        "c2pa.dubbed": "Dubbed",
        "c2pa.edited": "Edited",
        "c2pa.edited.metadata": "Edited its metadata",
        "c2pa.enhanced": "Enhanced",
        "c2pa.filtered": "Applied filters or styles",
        "c2pa.formatted": "Formatted",
        "c2pa.managed": "Taken into a managed collection",
        "c2pa.opened": "Opened an existing file",
        "c2pa.orientation": "Turned or flipped",
        "c2pa.placed": "Placed another file in it",
        "c2pa.printed": "Printed",
        "c2pa.produced": "Produced",
        "c2pa.published": "Published",
        "c2pa.redacted": "Redacted part of the credential",
        "c2pa.removed": "Removed a placed file",
        "c2pa.repackaged": "Repackaged without re-encoding",
        "c2pa.resized": "Resized",
        "c2pa.resized.proportional": "Resized in proportion",
        "c2pa.saved": "Saved",
        "c2pa.screenCapture": "Captured from a screen",
        "c2pa.transcoded": "Transcoded",
        "c2pa.translated": "Translated",
        "c2pa.trimmed": "Trimmed",
        "c2pa.unknown": "Did something it does not name",
        "c2pa.version_updated": "Updated the version",
        "c2pa.watermarked": "Added an invisible watermark",
        "c2pa.watermarked.bound": "Added an invisible watermark that leads to this credential",
        "c2pa.watermarked.unbound": "Added an invisible watermark",
    }
)


def action_words(label: str) -> str:
    """Return an action in words; a vendor's own label stands as it is."""
    words = ACTION_WORDS.get(label)
    if words is not None:
        return words
    return f"Vendor's own action: {label}" if "." in label else f"Action: {label}"


def code_meaning(code: str) -> str:
    """Return what a validation code means, in one sentence."""
    meaning = CODE_MEANINGS.get(code)
    if meaning is not None:
        return meaning
    if code.startswith("cawg."):
        return "Concerns the CAWG identity, which is not checked offline."
    return "A code this version does not know."


CODE_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "algorithm.deprecated": "An old algorithm is used, still accepted.",
        "algorithm.unsupported": "An algorithm is used that is unknown or no longer accepted.",
        "assertion.accessible": "A statement kept elsewhere could be read.",
        "assertion.action.ingredientMismatch": "An action names an ingredient that is not there.",
        "assertion.action.malformed": "The list of actions does not follow the newer rules.",
        "assertion.action.redacted": "A list of actions was redacted, which is not allowed.",
        "assertion.action.redactionMismatch": "A redaction is named that did not take place.",
        "assertion.action.softBindingMissing": "A watermark is named, its description is missing.",
        "assertion.bmffHash.additionalExclusionsPresent": "Further parts are left out of the hash.",
        "assertion.bmffHash.malformed": "The content hash is not well formed.",
        "assertion.bmffHash.match": "The content is what was signed.",
        "assertion.bmffHash.mismatch": "The content was changed after signing.",
        "assertion.boxesHash.additionalExclusionsPresent": "Further parts are left out of the "
        "hash.",
        "assertion.boxesHash.malformed": "The content hash is not well formed.",
        "assertion.boxesHash.match": "The content is what was signed.",
        "assertion.boxesHash.mismatch": "The content was changed after signing.",
        "assertion.boxesHash.unknownBox": "The file holds parts that the hash does not know.",
        "assertion.cbor.invalid": "A statement is not valid CBOR.",
        "assertion.cloud-data.actions": "A list of actions is kept elsewhere, not allowed here.",
        "assertion.cloud-data.hardBinding": "The content hash is kept elsewhere, not allowed.",
        "assertion.cloud-data.labelMismatch": "A statement kept elsewhere has another name.",
        "assertion.cloud-data.malformed": "A statement kept elsewhere is not well formed.",
        "assertion.collectionHash.incorrectFileCount": "The number of files is not what was "
        "signed.",
        "assertion.collectionHash.invalidURI": "A file of the collection has no valid address.",
        "assertion.collectionHash.malformed": "The collection's hash is not well formed.",
        "assertion.collectionHash.match": "Every file of the collection is what was signed.",
        "assertion.collectionHash.mismatch": "A file of the collection was changed after signing.",
        "assertion.dataHash.additionalExclusionsPresent": "Further parts are left out of the hash.",
        "assertion.dataHash.malformed": "The content hash is not well formed.",
        "assertion.dataHash.match": "The content is what was signed.",
        "assertion.dataHash.mismatch": "The content was changed after signing.",
        "assertion.dataHash.redacted": "The content hash was redacted, which is not allowed.",
        "assertion.external-reference.malformed": "A reference to outside is not well formed.",
        "assertion.hardBinding.redacted": "The content hash was redacted, which is not allowed.",
        "assertion.hashedURI.match": "A statement is what was signed.",
        "assertion.hashedURI.mismatch": "A statement of the credential was changed after signing.",
        "assertion.inaccessible": "A statement kept elsewhere could not be read.",
        "assertion.ingredient.malformed": "An ingredient's entry is not well formed.",
        "assertion.json.invalid": "A statement is not valid JSON.",
        "assertion.metadata.disallowed": "Metadata is stated that is not allowed here.",
        "assertion.missing": "A statement named by the claim is missing.",
        "assertion.multiAssetHash.malformed": "A hash of several parts is not well formed.",
        "assertion.multiAssetHash.match": "The parts are what was signed.",
        "assertion.multiAssetHash.mismatch": "A part was changed after signing.",
        "assertion.multiAssetHash.missingPart": "A part that was signed is missing.",
        "assertion.multipleHardBindings": "More than one content hash is given.",
        "assertion.notRedacted": "A statement was to be redacted and is still there.",
        "assertion.outsideManifest": "A statement of another manifest is claimed.",
        "assertion.required.missing": "A required field is missing from a statement.",
        "assertion.selfRedacted": "The manifest redacts a statement of its own.",
        "assertion.timestamp.malformed": "A time-stamp is not well formed.",
        "assertion.undeclared": "A statement is there that the claim does not name.",
        "cawg.ica.did_unavailable": "The identity was not checked: that needs the network.",
        "claim.cbor.invalid": "The claim is not valid CBOR.",
        "claim.hardBindings.missing": "Nothing ties the credential to the content.",
        "claim.malformed": "The claim is not well formed.",
        "claim.missing": "The claim is missing.",
        "claim.multiple": "There is more than one claim.",
        "claim.required.missing": "A required field is missing from the claim.",
        "claimSignature.insideValidity": "It was signed while the certificate was valid.",
        "claimSignature.mismatch": "The signature does not match: the claim was changed.",
        "claimSignature.missing": "The signature is missing.",
        "claimSignature.outsideValidity": "It was signed while the certificate was not valid.",
        "claimSignature.validated": "The signature matches.",
        "general.error": "Something is wrong that has no code of its own.",
        "ingredient.claimSignature.mismatch": "The ingredient's signature is not the one taken in.",
        "ingredient.claimSignature.missing": "The ingredient's signature is missing.",
        "ingredient.claimSignature.validated": "The ingredient's signature is the one taken in.",
        "ingredient.hashedURI.mismatch": "The ingredient's claim is not the one taken in.",
        "ingredient.manifest.mismatch": "The ingredient's manifest is not the one taken in.",
        "ingredient.manifest.missing": "The ingredient's manifest is missing.",
        "ingredient.manifest.validated": "The ingredient's manifest is the one taken in.",
        "ingredient.unknownProvenance": "The ingredient has no credential.",
        "manifest.compressed.invalid": "A compressed manifest cannot be unpacked.",
        "manifest.inaccessible": "The manifest is kept elsewhere and was not read.",
        "manifest.multipleParents": "More than one parent is named.",
        "manifest.timestamp.invalid": "A time-stamp manifest holds more than it may.",
        "manifest.timestamp.wrongParents": "A time-stamp manifest needs exactly one parent.",
        "manifest.unknownProvenance": "The manifest is of a kind that is not understood.",
        "manifest.unreferenced": "A manifest is there that nothing refers to.",
        "manifest.update.invalid": "An update manifest holds more than it may.",
        "manifest.update.wrongParents": "An update manifest needs exactly one parent.",
        "signingCredential.expired": "The certificate has expired, and no trusted time-stamp "
        "shows that it was valid when used.",
        "signingCredential.invalid": "The certificate may not be used for signing.",
        "signingCredential.ocsp.inaccessible": "Whether it was revoked could not be asked.",
        "signingCredential.ocsp.notRevoked": "The certificate was not revoked.",
        "signingCredential.ocsp.revoked": "The certificate was revoked.",
        "signingCredential.ocsp.skipped": "Whether it was revoked is not asked offline.",
        "signingCredential.ocsp.unknown": "Whether it was revoked is not known.",
        "signingCredential.trusted": "The signer is on a trust list.",
        "signingCredential.untrusted": "The signer is on no installed trust list.",
        "timeOfSigning.insideValidity": "The stated time of signing is within the validity.",
        "timeOfSigning.outsideValidity": "The stated time of signing is outside the validity.",
        "timeStamp.malformed": "The time-stamp is not well formed.",
        "timeStamp.mismatch": "The time-stamp is not of this claim.",
        "timeStamp.outsideValidity": "The time-stamp is outside a certificate's validity.",
        "timeStamp.trusted": "The time-stamp comes from a trusted authority.",
        "timeStamp.untrusted": "The time-stamp comes from an authority on no installed list.",
        "timeStamp.validated": "The time-stamp is well formed and of this claim.",
    }
)
