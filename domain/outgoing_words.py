"""Words that the AI must not say of its own: promises of money, goods and days, and requests for secrets.

Beside those of `domain.tongues`, which find who will do what until when. Patterns over folded text.
"""

import re

from domain.tongues import TONGUES

_GOOD = (
    r"refund|money back|reimburse\w*|discount|voucher|coupon|gift ?card|store credit|credit|replacement|compensation|"
    r"goodwill|bonus|free (?:item|product|gift|shipping|delivery|order|pair|month)|(?:for|at) (?:free|nothing|"
    r"no cost)"
)
_ENGLISH = (
    (
        rf"\byou(?:'ll| will| are going to| can expect to|'re getting| are getting|'ve got| get) "
        rf"(?:\S+ ){{0,8}}?(?:{_GOOD})\b"
    ),
    (
        rf"\b(?:i|we)(?:'ve| have|'m| am|'re| are|'ll| will| can| could| would)?(?: \w+ly| just| already| now|"
        rf" also){{0,2}} "
        rf"(?:refund|reimburs|credit|issu|grant|waiv|approv|compensat|giv|offer|add|appl|send|replac|authori[sz]|"
        rf"arrang)\w*"
        rf" (?:\S+ ){{0,8}}?(?:{_GOOD}|fee|fees|charge|order|item|money|€|eur|euros?|dollars?|usd|[$£]\d|percent|%)"
    ),
    (
        rf"\b(?:your|the|this|a|an)(?: \S+){{0,2}} (?:{_GOOD}) (?:has been|have been|is|was|will be|is being)"
        rf"(?: \w+ly| now| already)? (?:approved|issued|granted|processed|confirmed|credited|sent|applied|on (?:its|"
        rf"the) way)"
    ),
    (
        r"\b(?:i|we)(?: can| hereby| personally| do)? (?:guarantee|promise|assure you)\b|\byou have (?:my|our) word\b|"
        r"\b(?:is|are|it's) guaranteed\b"
    ),
    r"\b(?:use|enter|apply|redeem|here is|here's)(?: \S+){0,4} code\b",
    (
        r"\b(?:arrive|arrives|be delivered|be with you|be there|reach(?:es)? you|ships?|be shipped|"
        r"leaves?)(?: \S+){0,3} "
        r"(?:today|tonight|tomorrow)\b"
    ),
    r"\b(?:we|i|someone|a colleague|our team)(?: will|'ll| is going to) (?:call|phone|ring|contact)\b",
    r"\b(?:whole|entire|full) (?:order|amount|price|purchase)(?: \S+){0,3} (?:refunded|free|back)\b",
    r"\byou (?:owe|pay) (?:us )?nothing\b|\bno charge for you\b|\bfree of charge for you\b",
)
_GUT = (
    r"erstattung|rückerstattung|geld zurück|rabatt|gutschein|gutschrift|guthaben|ersatz|entschädigung|bonus|nachlass|"
    r"kostenlos\w*|gratis|geschenk"
)
_GERMAN = (
    rf"\b(?:sie|du) (?:erhalten|erhältst|bekommen|bekommst|kriegen|kriegst)(?: \S+){{0,8}}? (?:{_GUT})",
    rf"\b(?:erhalten|bekommen) sie(?: \S+){{0,8}}? (?:{_GUT})",
    r"\b(?:ich|wir) (?:erstatte\w*|überweise\w*|schenke\w*|gewähre\w*|erlasse\w*|ersetze\w*|schreibe\w*)\b",
    rf"\b(?:ich|wir) (?:gebe\w*|schicke\w*|sende\w*)(?: \S+){{0,6}}? (?:{_GUT})",
    (
        r"\b(?:ich|wir) (?:habe|haben)(?: \S+){0,8}? (?:erstattet|gutgeschrieben|überwiesen|"
        r"genehmigt|veranlasst|ersetzt|"
        r"erlassen|storniert)\b"
    ),
    (
        rf"\b(?:ihre|deine|die|eine)(?: \S+){{0,2}}? (?:{_GUT})(?: \S+){{0,3}}? (?:wurde|wird|ist)(?: \S+){{0,4}}? "
        r"(?:genehmigt|veranlasst|überwiesen|ausgestellt|bestätigt|bearbeitet|unterwegs)\b"
    ),
    r"\b(?:ich|wir) (?:garantiere\w*|verspreche\w*|versichere\w* ihnen)\b|\bversprochen\b",
    r"\b(?:nutzen|verwenden|benutzen|geben) sie(?: \S+){0,4}? (?:code|gutscheincode)\b",
    (
        r"\b(?:kommt|geliefert|zugestellt|verschickt|versendet|ist)(?: \S+){0,3}? (?:heute|morgen|übermorgen)\b"
        r"|\b(?:heute|morgen|übermorgen)(?: \S+){0,3}? (?:geliefert|zugestellt|verschickt|da|ankommen|eintreffen)\b"
    ),
    r"\b(?:wir|jemand|ein kollege|eine kollegin)(?: \S+){0,3}? (?:rufen|ruft|rufe)\b",
)
_BUENO = (
    r"reembolso|devolución del dinero|descuento|vale|cupón|abono|crédito|reemplazo|sustitución|compensación|"
    r"indemnización|bonificación|gratis|regalo"
)
_SPANISH = (
    rf"\b(?:recibe|recibes|recibirá|recibirás|tiene|tendrá|tendrás|obtendrá|obtiene)(?: \S+){{0,8}}? (?:{_BUENO})",
    r"\b(?:le|te|les) (?:reembols|devolv|regal|enviar|abon|compens|ofrec|ofrezc|concedo|concede|doy|damos)\w*",
    (
        r"\b(?:he|hemos)(?: \w+mente| ya)? (?:reembolsado|devuelto|abonado|aprobado|concedido|tramitado|cancelado|"
        r"repuesto)\b"
    ),
    (
        rf"\b(?:su|tu|el|un)(?: \S+){{0,2}}? ?(?:{_BUENO})(?: \S+){{0,2}}? (?:ha sido|está|fue|será)(?: \S+){{0,2}}? "
        r"(?:aprobado|aprobada|emitido|confirmado|tramitado|enviado|procesado|camino)\b"
    ),
    r"\b(?:le|te) (?:garantizo|garantizamos|prometo|prometemos|aseguro|aseguramos)\b",
    r"\b(?:use|usa|utilice|introduzca|aplique)(?: \S+){0,4}? código\b",
    r"\b(?:llega|llegará|entregar\w+|recibirá)(?: \S+){0,4}? (?:hoy|mañana)\b",
    r"\b(?:le|te) (?:llamaremos|llamaré|llamará)\b",
)
_BON = (
    r"remboursement|remise|réduction|bon d'achat|avoir|code promo|remplacement|dédommagement|compensation|"
    r"geste commercial|cadeau|gratuit\w*"
)
_FRENCH = (
    (
        rf"\b(?:vous|tu) (?:recevrez|recevez|recevras|aurez|auras|bénéficiez|bénéficierez|"
        rf"obtenez)(?: \S+){{0,8}}? (?:\S+')?"
        rf"(?:{_BON})"
    ),
    r"\b(?:je|nous) (?:vous|te|t')? ?(?:rembours|offr|accord|crédit|dédommag|rempla)\w*",
    r"\b(?:j'ai|nous avons)(?: \S+){0,2}? (?:remboursé|crédité|approuvé|accordé|annulé|remplacé|émis|validé)\b",
    (
        rf"\b(?:votre|ton|le|un|une)(?: \S+){{0,2}}? ?(?:{_BON})(?: \S+){{0,2}}? (?:a été|est|sera)(?: \S+){{0,2}}? "
        r"(?:approuvée?|émise?|confirmée?|traitée?|envoyée?|validée?|route)\b"
    ),
    r"\b(?:je|nous) vous (?:garanti|promet|assur)\w*",
    r"\b(?:utilisez|saisissez|appliquez)(?: \S+){0,4}? code\b",
    r"\b(?:arrive|arrivera|livrée?|chez vous)(?: \S+){0,3}? (?:demain|aujourd'hui)\b",
    r"\b(?:on|nous) vous (?:appell|rappell)\w*",
)

BENEFITS = tuple(re.compile(pattern) for pattern in (*_ENGLISH, *_GERMAN, *_SPANISH, *_FRENCH))
"""Promises of money, discounts, goods, days and calls, and claims that one of them has been given."""
WILL_DO = tuple((re.compile(tongue.promise, re.IGNORECASE), tongue) for tongue in TONGUES)

SECRET = re.compile(
    r"\b(?:(?:credit |debit |bank |payment )?card (?:number|details?|data|info\w*)|cvv2?|cvc2?|security code|"
    r"pin(?: code)?|"
    r"(?:pass ?word|pass ?code|passphrase)|log-?in (?:details|data)|credentials|iban|account number|social security|"
    r"karten(?:nummer|daten)|prüfziffer|sicherheitscode|kreditkarten?\w*|passw[oö]rt\w*|kennwort|zugangsdaten|"
    r"kontonummer|(?:número|datos) de (?:la |su |tu )?tarjeta|código de seguridad|contraseña|clave|"
    r"(?:numéro|données|coordonnées) de (?:la |votre |ta )?carte|cryptogramme|code de sécurité|mot de passe|"
    r"code secret)\b"
)
ASKING = re.compile(
    r"\?|\b(?:send|give|tell|provide|share|enter|type|reply with|need|require|confirm|submit|let (?:me|us) have|"
    r"forward|"
    r"schicken|senden|nennen|geben|teilen|brauche\w*|benötige\w*|bestätigen|mitteilen|angeben|"
    r"env[ií]e\w*|mande|ind[ií]que\w*|diga\w*|dígame|facilite\w*|necesit\w+|confirme|comparta|"
    r"envoyez|donnez|indiquez|communiquez|fournissez|besoin|confirmez|transmettez)\b"
)
NEVER = re.compile(
    r"\b(?:never|do not|don't|not|no one|nobody|nie|niemals|nicht|keine\w*|nunca|jamás|no|jamais|ne|n')\b"
)
