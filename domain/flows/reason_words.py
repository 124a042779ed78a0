"""Words by which customers say why and how, in the languages that Baton writes.

A brand's own codes, which have no entry here, are looked for as they are written. Each entry is one regular
expression, matched as whole words without regard to case.
"""

import re
from collections.abc import Sequence
from functools import cache

_WORDS = {
    # Reasons that many brands use.
    "damaged": r"damaged?|broken|torn|cracked|defect\w*|faulty|scratched|beschädigt|kaputt|defekt|dañad[oa]|rot[oa]"
    r"|abîmée?|cassée?",
    "wrong": r"wrong (?:item|product|colour|color|article|thing|one)|not what i ordered|falsche[rsn]? \w+"
    r"|equivocad[oa]|erronée?|mauvais article",
    "missing": r"missing|not in the (?:box|parcel)|fehlt|fehlen|falta|manque|manquante?",
    "too_small": r"too (?:small|tight|short)|zu (?:klein|eng|kurz)|demasiado (?:pequeñ[oa]|cort[oa])"
    r"|trop (?:petite?|courte?)",
    "too_big": r"too (?:big|large|wide|long|loose)|zu (?:groß|weit|lang)|demasiado (?:grande|larg[oa])"
    r"|trop (?:grande?|large|longue?)",
    "changed_mind": r"changed? (?:my|our) mind|don'?t (?:like|want|need)|do not (?:like|want|need)"
    r"|no longer (?:want|need)|gefällt (?:mir )?nicht|doch nicht|ya no l[oa] quiero|no me gusta"
    r"|ne (?:me )?plaît pas|changé d'avis",
    "late": r"too late|arrived late|zu spät|demasiado tarde|trop tard",
    # Conditions.
    "unopened": r"unopened|sealed|ungeöffnet|sin abrir|non ouverte?",
    "opened": r"opened|unpacked|geöffnet|ausgepackt|abiert[oa]|ouverte?",
    "worn": r"worn|used|getragen|benutzt|usad[oa]|portée?|utilisée?",
    # What a customer would like.
    "store_credit": r"store credit|gift card|voucher|gutschein|guthaben|vale|crédito de la tienda|bon d'achat|avoir",
    "refund": r"refund\w*|money back|geld zurück|erstatt\w*|reembols\w*|devolución del dinero|rembours\w*",
    "same_again": r"same (?:one|item|again|size|thing)|replace(?:ment)?|dasselbe|de[nr]selben|ersatz"
    r"|el mismo|la misma|le même|la même",
    # How one turn changes what was said before.
    "everything": r"everything|both|all of (?:it|them)|all (?:the )?(?:items|articles)|(?:whole|entire|complete) order"
    r"|alles|beide[sn]?|die ganze bestellung|todo el pedido|ambos|ambas|toute la commande|les deux",
    "also": r"also|too(?=\s*(?:[.,;!]|$))|as well|in addition|additionally|auch|außerdem|zusätzlich"
    r"|también|además|aussi|en plus",
    "only": r"only|just|nur|solo|sólo|solamente|seulement|uniquement",
    "leave_out": r"keep|without|except|leave out|not the|behalten?|ohne|außer|nicht (?:die|den|das)"
    r"|quedarme|sin|excepto|garder?|sans|sauf",
    # The names of options.
    "size": r"size|größe|grösse|gr|talla|taille",
    "colour": r"colou?r|farbe|color|couleur",
}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = _WORDS.get(name, re.escape(name.replace("_", " ")))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def says(name: str, text: str) -> bool:
    """Does the text say what stands behind the name? A name without words here is looked for as it is written."""
    return bool(_pattern(name).search(text.replace("’", "'")))


def said_last(names: Sequence[str], turns: Sequence[str]) -> str:
    """The first of the names that the newest turn says which says any; empty if none does."""
    for turn in reversed(turns):
        found = next((name for name in names if says(name, turn) or says(name.replace("_", " "), turn)), "")
        if found:
            return found
    return ""
