"""Secrets in running text: security codes of cards, passwords, bank codes, keys and tokens, by the words beside them.

Every pattern begins at a word of its own or at a mark, and repeats without end only what it never gives back, so that
the time grows with the length of the text and not faster.
"""

import re
from collections.abc import Callable

SECRET = "[secret]"  # noqa: S105  the mark that stands in its place

_NO_LETTER = r"(?<![^\W\d_])"
"""Before a word: a digit may stand there, since what stands there may have been masked."""
_IS = r"(?:is|was|ist|war|lautet|heißt|heisst|es|era|est|était)"
_CVV = (
    r"(?:cvv2?|cvc2?|cvn|cav2|csc|(?:card )?(?:security|verification) (?:code|number|value)|sicherheitscode|"
    r"kartenprüf(?:nummer|ziffer)|prüfziffer|código de seguridad|codigo de seguridad|code de sécurité|"
    r"code de securite|cryptogramme(?: visuel)?)"
)
_SPOKEN = (
    r"(?:passwords?|passcode|passphrase|passwort|passwörter|kennwort|contraseñas?|contrasenas?|clave|"
    r"mots? de passe|mdp|pwd)"
)
_ABOUT = r"(?: (?:for|to|of|on|für|fuer|zu|von|para|de|del|pour|du)\b[^\n.:=?!]{1,40}?)?"
_BANK_CODE = (
    r"(?:(?-i:TAN)|[msi]-?tan|sms-?tan|push-?tan|chip-?tan|photo-?tan|3-?d[ -]?secure(?: code)?|"
    r"(?:bank|banking|banque|banco)[ -]?(?:code|otp|tan|pin|passcode)|"
    r"(?:code|código|otp|passcode)[ ](?:from|of|by|von|de|del|du)[ ](?:my|the|meiner|der|mi|ma|la|el)?[ ]?"
    r"(?:bank|banque|banco))"
)
_FILLER = rf"(?:[ \t:=#,()\-]|\b(?:{_IS}|code|number|nummer|the|der|die)\b){{0,8}}"

_AFTER_CARD = (
    r"\[card ending \d{4}\](?:[ ,;]{1,3}\d\d ?[/\-] ?(?:20)?\d\d)?[ ,;]{1,3}(\d{3,4})"
    r"(?!\d|[.,/]\d| ?(?:€|£|\$|[A-Z]{3}\b))"
)

_ORDINARY = frozenset(
    word
    for line in (
        "a an the not no now never always still also too very being been that this what which where how why my your",
        "wrong incorrect invalid correct right fine ok okay expired lost gone forgotten locked blocked reset changed",
        "working required needed asked unknown weak strong different rejected refused accepted saved empty broken",
        "nicht kein keine falsch ungültig richtig korrekt abgelaufen weg vergessen gesperrt zurückgesetzt immer noch",
        "jetzt auch schon leider das der die ein eine mein nötig erforderlich unbekannt geändert",
        "incorrecta incorrecto inválida correcta correcto caducada bloqueada olvidada siempre ahora también la el una",
        "un mi que necesaria obligatoria",
        "pas incorrect invalide bon expiré bloqué oublié toujours maintenant aussi le une mon nécessaire obligatoire",
        "refusé",
    )
    for word in line.split()
)
"""What follows `password is` without being one."""

_I = re.IGNORECASE
_RULES: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"{_NO_LETTER}{_CVV}\b{_FILLER}(\d{{3,4}})(?!\d)", _I), 1),
    (re.compile(rf"(?<![\d\w\-])(\d{{3,4}}) (?:{_IS}|=) (?:(?:the|my|der|die|mein|el|mi|le|mon) )?{_CVV}\b", _I), 1),
    (re.compile(_AFTER_CARD), 1),
    (re.compile(rf"{_NO_LETTER}{_BANK_CODE}(?![\w]){_FILLER}(\d{{4,8}})(?!\d)", _I), 1),
    (re.compile(r"(?<![\w\-\]])((?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,12}[-_])?[A-Za-z0-9_\-]{16,}+)"), 1),
    (re.compile(r"(?<![\w\-\]])((?:gh[pousr]_|github_pat_|glpat-|shp(?:at|ss|ca|pa)_|xox[abeprs]-)[\w\-]{10,}+)"), 1),
    (re.compile(r"(?<![\w\-\]])((?:AKIA|ASIA)[0-9A-Z]{16})(?![0-9A-Za-z])"), 1),
    (re.compile(r"(?<![\w\-\]])(AIza[\w\-]{35})(?![\w\-])"), 1),
    (re.compile(r"(?<![\w\-\]])(eyJ[\w\-]{5,}+\.[\w\-]{5,}+(?:\.[\w\-]*+){0,3})"), 1),
    (re.compile(_NO_LETTER + r"Bearer[ \t]{1,3}([A-Za-z0-9._~+/=\-]{12,}+)", _I), 1),
    (
        re.compile(
            _NO_LETTER
            + r"(?:api|secret|access)[ _\-]?(?:key|token)\b[ \t]{0,2}(?:[:=]|is\b)[ \t]{0,2}([^\s\[]{8,200})",
            _I,
        ),
        1,
    ),
)
_SAID = re.compile(
    rf"{_NO_LETTER}{_SPOKEN}\b{_ABOUT}"
    rf"(?P<link>[ \t]{{0,2}}[:=][ \t]{{0,2}}|[ \t]{{1,2}}{_IS}[ \t]{{0,2}}:?[ \t]{{1,2}})"
    r"(?P<value>[^\s\[][^\s]{0,199})",
    _I,
)
_BEGIN, _END = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"), "-----END "


def without_secrets(text: str) -> str:
    """The text with each secret replaced by the mark; what stands around it stays."""
    text = _without_keys(text)
    for pattern, group in _RULES:
        text = pattern.sub(_marked(group), text)
    return _SAID.sub(_password, text)


def _without_keys(text: str) -> str:
    """Private keys (RFC 7468), each to its end line; one that is cut off, to the end of the text."""
    parts, place = [], 0
    while begin := _BEGIN.search(text, place):
        parts += [text[place : begin.start()], SECRET]
        closing = text.find(_END, begin.end())
        if closing < 0:
            place = len(text)
            break
        dashes = text.find("-----", closing + len(_END))
        place = len(text) if dashes < 0 else dashes + 5
    return "".join([*parts, text[place:]])


def _marked(group: int) -> Callable[[re.Match[str]], str]:
    def mark(found: re.Match[str]) -> str:
        start, end = found.span(group)
        return found[0][: start - found.start()] + SECRET + found[0][end - found.start() :]

    return mark


def _password(found: re.Match[str]) -> str:
    value = found["value"].rstrip(".,;")
    ordinary = value.rstrip("!?").strip("\"'").lower() in _ORDINARY
    if not value or (ordinary and not {":", "="} & set(found["link"])):
        return found[0]
    start = found.start("value") - found.start()
    return found[0][:start] + SECRET + found[0][start + len(value) :]
