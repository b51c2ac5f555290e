# SPDX-License-Identifier: MIT
"""The words for how something came out, the worst first, and what each means.

Some tools of the lab say older words; recorded results keep them.  OLDER is the
one place where these become the words of WORDS.
"""

WORDS = {
    "fail": "It does not do what is asked for, or it could not be tried at all; the reason says which.",
    "inconclusive": "It was tried or looked for, and no verdict was possible; the reason says why.",
    "accepted": "It fails, and a reviewed list gives the reason why that is accepted: a known limit of another library, "
                "a finding, or a deviation of ours. It is not counted among the passes.",
    "warning": "It passes, but not in the best way: a recommendation (SHOULD) is not met, or the answer is only tolerated.",
    "pass": "It does what is asked for.",
    "not-applicable": "It was not tried, because the target does not have or claim what it needs; the reason says what.",
}
OLDER = {
    "info": "accepted", "xfail": "accepted", "unsupported": "not-applicable", "non-strict": "warning",
    "unproven": "inconclusive", "missing": "fail", "xpass": "fail",
}
ORDER = list(WORDS)
NEWS = ORDER[:4]


def word(verdict):
    return OLDER.get(verdict, verdict)


def worst(words):
    return min(words, key=ORDER.index)


def count(results):
    """How many results have each verdict, the worst first; a word without results is left out."""
    words = [result["verdict"] for result in results]
    return {one: words.count(one) for one in ORDER if one in words}
