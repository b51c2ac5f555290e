# SPDX-License-Identifier: MIT
"""What a pack says about the origin of the results: an SBOM (SPDX 2.3) of the library
and of everything that it was run with, and a statement of provenance (in-toto 1,
SLSA 1.0).  Both are made of reports/results/identity.json (scripts/identity.py).
"""

import hashlib
import json

NOTHING = "NOASSERTION"
# A package's role, and what it is to the library.
RELATIONS = {"peer": "TEST_DEPENDENCY_OF", "tool": "BUILD_TOOL_OF"}


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def purl(package):
    return f"pkg:deb/debian/{package['package']}@{package['version'].replace(':', '%3A').replace('+', '%2B')}"


def spdx_package(name, version, licence, **more):
    return {"SPDXID": f"SPDXRef-{''.join(c if c.isalnum() else '-' for c in name)}", "name": name, "versionInfo": version,
            "downloadLocation": NOTHING, "filesAnalyzed": False, "licenseConcluded": NOTHING,
            "licenseDeclared": licence or NOTHING, "copyrightText": NOTHING, **more}


def library(identity, version):
    built = identity["built"].get("build/dev/src/libnxdtls.so")
    sums = {"checksums": [{"algorithm": "SHA256", "checksumValue": built["sha256"]}]} if built else {}
    return spdx_package("nxdtls", version, "MIT", primaryPackagePurpose="LIBRARY", comment=f"commit {identity['commit']}", **sums)


def debian_package(one):
    return spdx_package(
        one["package"], one["version"], one["licence"], homepage=one["homepage"] or NOTHING,
        supplier="Organization: Debian", sourceInfo=f"Debian source package {one['source']}",
        externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl(one)}])


def sbom(identity, version):
    """The document; its time is that of the commit."""
    own, packages = library(identity, version), [debian_package(one) for one in identity["packages"]]
    links = [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    for one, package in zip(identity["packages"], packages):
        if one["role"] == "library":
            links.append((own["SPDXID"], "DEPENDS_ON", package["SPDXID"]))
        else:
            links.append((package["SPDXID"], RELATIONS[one["role"]], own["SPDXID"]))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"nxdtls-{version}",
        "documentNamespace": f"urn:nxdtls:spdx:{identity['commit']}:{digest(packages + [own])}",
        "creationInfo": {"created": identity["committed"].replace("+00:00", "Z"), "creators": ["Tool: nxdtls-scripts-evidence"],
                         "comment": "The time is that of the commit, so that the same packages give the same document."},
        "packages": [own, *packages],
        "relationships": [dict(zip(("spdxElementId", "relationshipType", "relatedSpdxElement"), link)) for link in links]}


def provenance(identity):
    """The statement about the programs and the library that were run."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": one["sha256"]}} for name, one in sorted(identity["built"].items())],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:nxdtls:scripts-lab:v1",
                "externalParameters": {"commit": identity["commit"], "seed": identity["seed"], "selection": identity["selection"]},
                "internalParameters": {"system": identity["system"]},
                "resolvedDependencies": [
                    {"uri": "urn:nxdtls:source", "digest": {"gitCommit": identity["commit"]}},
                    *({"uri": purl(one)} for one in identity["packages"])]},
            "runDetails": {"builder": {"id": f"urn:nxdtls:builder:{identity['builder'].replace(' ', '-')}"}}}}
