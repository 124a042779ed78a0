"""A person's name under the AI's words, and the AI's word that it is a person: neither is ever true.

Patterns over the text as it is written, since names begin with a capital letter.
"""

import re

from domain.proposal import Reply

_I = re.IGNORECASE
_CLOSING = (
    r"(?:(?:kind|best|warm|kindest|warmest) (?:regards|wishes)|regards|yours (?:sincerely|truly|faithfully)|sincerely|"
    r"all the best|(?:mit )?(?:freundlichen?|besten?|lieben?|vielen?|herzlichen?|schönen?) grü(?:ß|ss)en?|mfg|"
    r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|atentamente|(?:bien )?cordialement|bien à vous|"
    r"(?:sincères |meilleures )?salutations(?: distinguées)?)"
)
_SHORT_CLOSING = r"(?:best|cheers|thanks|grüße|gruß|lg|gracias|merci)"
_EVERYBODY = (
    r"(?:[^\s,]+ ){0,3}[^\s,]*(?:team|equipo|équipe)\b|"
    r"(?:your|the|ihr|euer|dein|unser|su|tu|el|la|votre|ton|notre|le) (?:[^\s,]+ ){0,3}[^\s,]*(?:service|assistant|"
    r"assistentin|assistent|asistente)\b"
)
"""Whoever is meant is nobody by name."""
_NAME = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+"
_I_AM = r"(?:(?:this|here|it) is|it['’]s|i['’]m|i am|hier (?:ist|spricht)|ich bin|soy|habla|aquí|ici|je suis|c['’]est)"
_ROOM = (
    r"(?:(?:customer )?(?:support|service|care)|kundenservice|kundendienst|soporte|atención|service client|"
    r"(?:\S+ )?(?:team|equipo|équipe))"
)
_SIGNED = (
    re.compile(rf"\b{_CLOSING}(?:\s*[,.!:–—-]+\s*|\s*\n\s*|\s+(?=(?-i:{_NAME})))(?!(?:{_EVERYBODY}))[^\W\d_]", _I),
    re.compile(rf"^{_SHORT_CLOSING}[,.!]?\s*\n+\s*(?!(?:{_EVERYBODY}))[^\W\d_]", _I | re.MULTILINE),
    re.compile(rf"^\s*[–—-]+\s*{_NAME}(?: {_NAME})?[.,]?\s*\Z", re.MULTILINE),
    re.compile(
        rf"\b{_I_AM} (?-i:{_NAME}(?: {_NAME})?),? (?:from|of|vom|von|del?|du)(?: (?:the|our|la|le))? {_ROOM}\b", _I
    ),
    re.compile(rf"^\s*{_NAME}(?: {_NAME})?, (?i:{_ROOM})\W*\Z", re.MULTILINE),
)
_SAYS_SO = re.compile(
    r"\b(?:my name is|mein name ist|ich heiße|ich heisse|mi nombre es|me llamo|je m['’]appelle|mon nom est)\b"
    r"|\bi(?:['’]m| am) (?:an? (?:real |actual )?(?:human|person|man|woman)|not an? (?:bot|robot|machine|ai)|human)\b"
    r"|\bich bin (?:ein mensch|eine (?:echte )?person|kein (?:bot|roboter|computer|programm)|keine (?:ki|maschine))\b"
    r"|\b(?:soy (?:una persona|un ser humano|humano|humana)|no soy (?:un |una )?(?:bot|robot|máquina|ia))\b"
    r"|\bje (?:suis (?:une (?:vraie )?personne|un (?:être )?humain|humaine?)|ne suis pas (?:un |une )?(?:robot|bot|"
    r"machine|ia))\b",
    _I,
)
_ONLY_NAMES = re.compile(rf"\s*{_NAME}(?: {_NAME}){{0,2}}[.,]?\s*")
_POLITE = re.compile(
    r"\b(?:thank|thanks|you|hello|hi|welcome|sure|certainly|gladly|good|great|danke|vielen|dank|gern|gerne|hallo|guten|"
    r"tag|willkommen|gracias|hola|claro|merci|bonjour|volontiers|bienvenue|sorry|entschuldigung|perdón|pardon)\b",
    _I,
)


def signs_as_person(reply: Reply) -> bool:
    """Does a name stand under it, or does it claim to be from a person?

    Whom it greets or thanks by name is the customer. A name alone in the last line is a signature.
    """
    text = reply.text
    return bool(_SAYS_SO.search(text)) or any(pattern.search(text) for pattern in _SIGNED) or _ends_in_name(reply)


def _ends_in_name(reply: Reply) -> bool:
    last = reply.statements[-1]
    *before, line = [reply.text, *last.text.split("\n")]
    alone = len(before) > 1 or len(reply.statements) > 1
    named = _ONLY_NAMES.fullmatch(line) is not None and not _POLITE.search(line)
    return alone and named and not last.citations
