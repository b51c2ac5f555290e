#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the table that plain_test.c walks: every service of include/ that takes a pointer.

usage: plain_forms.py INCLUDE VALUES OUT

INCLUDE is the folder of the headers, VALUES the list of status values of the reference, OUT the file to write.  A type that
no argument is known for, or a header without services, is one line, and the exit status is 1.
"""
import csv
import pathlib
import re
import sys

HEADERS = {"nx_secure_dtls.h": "_nx_secure_dtls_", "nx_secure_tls.h": "_nx_secure_", "nx_secure_x509.h": "_nx_secure_x509_",
           "nxdtls.h": "nxdtls_"}
BLOCKS = {"NX_SECURE_DTLS_SESSION *": "SESSION", "NX_SECURE_TLS_SESSION *": "SESSION", "NX_SECURE_DTLS_SERVER *": "SERVER",
          "NX_UDP_SOCKET *": "SOCKET", "NX_PACKET_POOL *": "POOL", "NX_IP *": "INSTANCE",
          "NX_PACKET **": "PACKET_OUT"}
MODULE = {0x00, 0x07, 0x11, 0x101}  # what the headers' heads list for every service
NUMBERS = ("UINT", "ULONG", "USHORT")


def prototypes(text):
    """(returned type, name, parameters, comment) of each function that the header declares."""
    text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.M)
    comments = list(re.finditer(r"/\*.*?\*/", text, re.S))
    inner = r"(?:[^()]|\((?:[^()]|\([^()]*\))*\))*"
    for found in re.finditer(rf"^([A-Za-z_][\w ]*?[ *]+)(_?nxe?_secure_\w+|_?nxdtls_\w+)\s*\(({inner})\)\s*;", text, re.M):
        before = [comment[0] for comment in comments if comment.end() < found.start()]
        parameters = " ".join(re.sub(r"/\*.*?\*/", " ", found[3]).split())
        yield found[1].strip(), found[2], parameters, before[-1]


def split(text):
    """The parameters; a comma inside of brackets is a function's."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", text)]


def parameter(text, stub):
    """(kind, expression, definition of a stub or nothing) of one parameter; `@` stands for its place."""
    function = re.fullmatch(r"(.*?)\(\*\w+\)\((.*)\)", text)
    if function:
        names = [] if function[2] == "VOID" else [re.search(r"\w+$", part)[0] for part in split(function[2])]
        unused = "".join(f" (void){name};" for name in names)
        return "FUNCTION", stub, f"static {function[1].strip()} {stub}({function[2]})\n{{\n   {unused} return 0;\n}}\n"
    kind = re.sub(r"\w+$", "", text).strip()
    if kind in NUMBERS:
        return "NUMBER", f"({kind})u->number", ""
    if not kind.endswith("*"):
        sys.exit(f"plain_forms.py: no argument for the type of '{text}'")
    block = BLOCKS.get(kind.removeprefix("const "), "MEMORY")
    return block, f"({kind})u->at[@]", ""


def services(include):
    """(name, plain form, checked form, returned type, parameters, comment) of each service with a pointer to take."""
    for header, prefix in HEADERS.items():
        found = list(prototypes((include / header).read_text("utf-8")))
        names = {name for _, name, _, _ in found}
        taken = [(returned, name, split(text), comment) for returned, name, text, comment in found
                 if name.startswith(prefix) and "*" in text]
        if not taken:
            sys.exit(f"plain_forms.py: {include / header} declares no service")
        for returned, name, parameters, comment in taken:
            checked = name.replace("_nx_", "_nxe_", 1)
            yield name.lstrip("_"), name, checked if checked != name and checked in names else "", returned, parameters, comment


def listed(path):
    """{service: {value}} of the reference."""
    with path.open(encoding="utf-8") as file:
        table = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        values = {}
        for row in table:
            values.setdefault(row["service"], set()).add(int(row["value"], 16))
    return values


def documented(found, reference):
    """{service: {value}}: of the reference, of the header's comment, and of the services that this comment names."""
    own = {name: {int(value, 16) for value in re.findall(r"\b0x([0-9A-F]+)\b", comment)} | reference.get(name, set())
           for name, _, _, _, _, comment in found}
    return {name: MODULE | own[name] | set().union(*(own[other] for other in re.findall(r"nx\w+", comment) if other in own))
            for name, _, _, _, _, comment in found}


def written(include, reference):
    """The text of the table."""
    found = list(services(include))
    values = documented(found, reference)
    text, table = [], []
    for name, plain, checked, returned, parameters, _ in found:
        made = [parameter(part, f"stub_{name}_{place}") for place, part in enumerate(parameters)]
        text += [stub for _, _, stub in made if stub]
        arguments = ", ".join(expression.replace("@", str(place)) for place, (_, expression, _) in enumerate(made))
        for form, call in (("plain", plain), ("checked", checked)):
            if call:
                result = f"{call}({arguments})" + (" == NX_NULL" if "*" in returned else "")
                text.append(f"static ULONG {form}_{name}(const struct use *u)\n{{\n    return (ULONG)({result});\n}}\n")
        statuses = sorted(values[name]) if returned == "UINT" else []
        table.append(f'    {{"{name}", plain_{name}, {"checked_" + name if checked else "NX_NULL"},\n'
                     f"     {len(made)}, {{{', '.join(kind for kind, _, _ in made)}}},\n"
                     f"     {len(statuses)}, {{{', '.join(map(hex, statuses or [0]))}}}}},\n")
    return "\n".join(text) + "\nstatic const struct form forms[] = {\n" + "".join(table) + "};\n"


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    include, values, out = map(pathlib.Path, arguments)
    out.write_text(written(include, listed(values)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
