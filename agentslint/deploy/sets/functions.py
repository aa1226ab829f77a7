"""The functions that Argo CD's Go templates may call, and those that helm cannot stand in for.

The names are those of Argo CD's own list (tests/deploy/argocd/oracle prints them).
"""

from __future__ import annotations

_ARGO = """
    abbrev abbrevboth add add1 add1f addf adler32sum ago all any append atoi b32dec b32enc b64dec b64enc base bcrypt biggest
    buildCustomCert camelcase cat ceil chunk clean coalesce compact concat contains date dateInZone dateModify date_in_zone
    date_modify decryptAES deepCopy deepEqual default derivePassword dict dig dir div divf duration durationRound empty encryptAES ext
    fail first float64 floor fromJson fromYaml fromYamlArray genCA genCAWithKey genPrivateKey genSelfSignedCert
    genSelfSignedCertWithKey genSignedCert genSignedCertWithKey get has hasKey hasPrefix hasSuffix hello htmlDate htmlDateInZone
    htpasswd indent initial initials int int64 isAbs join kebabcase keys kindIs kindOf last list lower max maxf merge mergeOverwrite
    min minf mod mul mulf mustAppend mustChunk mustCompact mustDateModify mustDeepCopy mustFirst mustFromJson mustHas mustInitial
    mustLast mustMerge mustMergeOverwrite mustPrepend mustPush mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll
    mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse mustSlice mustToDate mustToJson mustToPrettyJson mustToRawJson
    mustUniq mustWithout must_date_modify nindent normalize nospace now omit osBase osClean osDir osExt osIsAbs pick pluck plural
    prepend push quote randAlpha randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll regexMatch regexQuoteMeta
    regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace rest reverse round semver semverCompare seq set sha1sum sha256sum
    sha512sum shuffle slice slugify snakecase sortAlpha split splitList splitn squote sub subf substr swapcase ternary title toDate
    toDecimal toJson toPrettyJson toRawJson toString toStrings toYaml trim trimAll trimPrefix trimSuffix trimall trunc tuple typeIs
    typeIsLike typeOf uniq unixEpoch unset until untilStep untitle upper urlJoin urlParse uuidv4 values without wrap wrapWith
"""
_LANGUAGE = "and call eq ge gt html index js le len lt ne not or print printf println slice urlquery"

KNOWN = frozenset((*_ARGO.split(), *_LANGUAGE.split()))
OTHERWISE = frozenset(("slugify",))
"""Functions that helm lacks."""
ANEW = frozenset(
    (
        *("bcrypt", "buildCustomCert", "encryptAES", "genCA", "genCAWithKey", "genPrivateKey", "genSelfSignedCert"),
        *("genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "htpasswd", "now", "ago", "randAlpha", "randAlphaNum"),
        *("randAscii", "randBytes", "randInt", "randNumeric", "shuffle", "uuidv4"),
    )
)
"""Functions that return something else each time."""
OF_MAPS = frozenset(
    (
        "get",
        "hasKey",
        "keys",
        "merge",
        "mergeOverwrite",
        "mustMerge",
        "mustMergeOverwrite",
        "omit",
        "pick",
        "pluck",
        "set",
        "unset",
        "values",
    )
)
"""Functions that refuse a mapping whose values are all texts in Argo CD: `values` of a generator, the labels of a cluster."""
KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "true", "false", "with"))
