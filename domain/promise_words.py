"""How promises and their times are worded, in the languages that Baton reads: one `Tongue` for each.

All entries are regular expressions over lower-case text with straight apostrophes.
"""

from dataclasses import dataclass

from domain.commitment import FulfilledBy


@dataclass(frozen=True, eq=False)
class Tongue:
    """The words of one language."""

    promise: str
    """Somebody of the brand says that they will do something, or that the customer will get it."""
    conditions: str
    """What begins a clause about something else: a condition, or a description."""
    asides: str
    """What begins a clause that may hold a deadline of the promise, or a day of the past."""
    habit: str
    """Words of what always holds: no promise to this customer."""
    negation: str
    by: str
    on: str
    before: str
    within: str
    past: str
    """What, before a day, says that it is over or belongs to something else."""
    past_after: str
    other_event: str
    """What, after a span, counts it from something else than now."""
    weekdays: tuple[str, ...]
    """Monday first."""
    relative: dict[str, int]
    """Words for days, to days from now."""
    months: tuple[str, ...]
    minute: str
    hour: str
    day: str
    week: str
    working: str
    numbers: dict[str, int]
    next_word: str
    morning: str
    afternoon: str
    noon: str
    evening: str
    at: str
    numeric: bool
    """Are dates written day first in numbers, as 3.12. or 3/12?"""
    end_of_day: str
    end_of_week: str
    next_week: str
    fulfilled: tuple[tuple[str, FulfilledBy], ...]
    """Verbs and things, to the fact that fulfils the promise; the first that is found."""


_EN_VERB = (
    r"get(?:ting)? back|reply|answer|respond|write|e-?mail|call|phone|ring|contact|let you|keep you|update|inform|tell|"
    r"send|ship|dispatch|post|refund|transfer|replace|exchange|check|look into|find out|investigate|process|issue|arrange|"
    r"resolve|fix|confirm|have (?:an?|the|your) (?:answer|update|reply|decision|result)|take care|follow up|be in touch|"
    r"come back to you|forward|credit|clarify|cancel|review|reach out|give you|ask|sort"
)
_EN_WHO = r"(?:i|we|(?:our|the|my)(?: \w+)? (?:team|department|colleagues?)|a colleague|someone|somebody)"
_EN_ADVERB = r"(?: (?:also|then|personally|definitely|certainly|gladly|surely|now|both|be sure to|make sure to|try to))"
_EN_THING = r"(?:answer|reply|response|update|news|refund|money|replacement|decision|confirmation|credit|label|call)"

ENGLISH = Tongue(
    promise=(
        rf"\b(?:{_EN_WHO} (?:will|shall|am going to|are going to|is going to)|(?:i|we)'ll|and (?:i |we )?will)"
        rf"{_EN_ADVERB}{{0,2}} (?:{_EN_VERB})\b"
        r"|\b(?:i am|i'm|we are|we're) (?:getting back|sending|shipping|refunding|calling|replacing|transferring)\b"
        rf"|\byou(?: will|'ll| can expect to| should) (?:hear(?: back)? from|(?:get|receive|have|see) (?:\w+ ){{1,3}}?{_EN_THING})\b"
        rf"|\b(?:you can )?expect (?:an?|our|my|your|the) {_EN_THING}\b"
        rf"|\byour {_EN_THING} will be (?:sent|issued|made|paid|processed|with you|on its way)\b"
    ),
    conditions=(
        r"\b(?:if|when|once|unless|which|who|because|since|after(?! tomorrow)|as soon as|as long as|provided|"
        r"that (?:you|your|we|the|it|was|is|has|arrived|\w+ed))\b[^,;]*"
    ),
    asides=r"\b(?:why|what|where|how|whether)\b[^,;]*",
    habit=r"\b(?:usually|normally|typically|generally|always|as a rule|in most cases|policy)\b",
    negation=r"\b(?:will not|won't|shall not|cannot|can't|unable|not be able|never)\b",
    by=r"(?:by|until|till|no later than|not later than|at the latest(?: by| on)?|latest(?: by)?)(?: the)?",
    on=r"(?:on|for)(?: the)?",
    before=r"before(?: the)?",
    within=r"(?:within|inside|in|in less than)(?: the| the next| next)?",
    past=r"(?:from|of|since|last|past|your|\w+ed|sent|bought|made|paid|was|were)",
    past_after=r"(?:'s\b|s\b|\s+ago\b|\s+last\b)",
    other_event=r",?\s+(?:of|after|from|since|following|before|ago|once)\b",
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    relative={"the day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0, "this(?= morning| afternoon| evening)": 0},
    months=(
        "jan(?:uary|\\.)?", "feb(?:ruary|\\.)?", "mar(?:ch|\\.)?", "apr(?:il|\\.)?", "may", "june?", "july?",
        "aug(?:ust|\\.)?", "sep(?:tember|t\\.?|\\.)?", "oct(?:ober|\\.)?", "nov(?:ember|\\.)?", "dec(?:ember|\\.)?",
    ),
    minute=r"min(?:ute)?s?",
    hour=r"h(?:ou)?rs?|h",
    day="days?",
    week="weeks?",
    working=r"(?:working|business|work)",
    numbers={
        "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "the": 1, "a couple of": 2,
    },
    next_word=r"(?:(?:this|next|coming|this coming)\s+)?",
    morning=r"(?:in the )?morning",
    afternoon=r"(?:in the )?afternoon",
    noon=r"noon|midday|lunchtime",
    evening=r"(?:in the )?(?:evening|night)",
    at=r"at|by|around",
    numeric=False,
    end_of_day=r"(?:the )?(?:end of (?:the |this |business )?(?:business |working )?(?:day|today)|eod|cob|close of business)",
    end_of_week=r"(?:the )?(?:end of (?:the|this) (?:working )?week)|this week",
    next_week=r"(?:the )?(?:end of )?next week",
    fulfilled=(
        (r"refund|money|credit|transfer", FulfilledBy.REFUND),
        (r"replac|new one|exchange", FulfilledBy.REPLACEMENT),
        (r"ship|dispatch|send (?:it|them|the (?:order|parcel|item|missing \w+)|your (?:order|parcel|item)) ?out", FulfilledBy.SHIPMENT),
        (r"get(?:ting)? back|reply|answer|respond|write|mail|call|contact|let you|keep you|update|inform|tell|follow up|"
         r"be in touch|come back to you|hear|response|news|confirm|reach out", FulfilledBy.REPLY),
    ),
)  # fmt: skip

_DE_OBJECT = r"(?:ihnen|dir|euch|sie|dich)"
_DE_VERB = (
    r"melden|antworten|beantworten|schreiben|schicken|zuschicken|senden|zusenden|übersenden|versenden|verschicken|anrufen|"
    r"informieren|erstatten|überweisen|gutschreiben|prüfen|klären|kümmern|nachfragen|ersetzen|umtauschen|bearbeiten|"
    r"kontaktieren|mitteilen|zurückrufen|zurückmelden|bestätigen|nachschauen|veranlassen|sagen|bescheid geben|weiterleiten"
)
_DE_FIRST = (
    r"antworte|schreibe|schicke|sende|rufe|informiere|erstatte|überweise|gebe|kontaktiere|teile|bestätige|kümmere|"
    r"versende|ersetze|prüfe|kläre"
)
_DE_THING = (
    r"(?:antwort|rückmeldung|nachricht|bescheid|erstattung|rückerstattung|geld|gutschrift|ersatz|bestätigung|von uns|"
    r"von mir)"
)

GERMAN = Tongue(
    promise=(
        r"\b(?:melde (?:ich )?mich|melden (?:wir )?uns|meldet sich|melden sich\b.*\bbei)\b"
        rf"|\b(?:ich werde|werde ich|wir werden|werden wir|(?:kolleg\w+|team|jemand) wird|wird (?:sich )?(?:ein\w* |unser )?(?:kolleg\w+|team|jemand))\b.*\b(?:{_DE_VERB})\b"
        rf"|\b(?:{_DE_FIRST}) (?:ich )?.*\b{_DE_OBJECT}\b|\bich (?:{_DE_FIRST})\b"
        rf"|\bwir (?:{_DE_VERB}|geben|rufen|teilen)\b.*\b{_DE_OBJECT}\b|\b(?:{_DE_VERB}|geben|rufen|teilen) wir\b.*\b{_DE_OBJECT}\b"
        rf"|\b(?:sie|du) (?:erhalten|erhältst|bekommen|bekommst|hören|hörst|haben|hast)\b.*\b{_DE_THING}\b"
        rf"|\b(?:erhalten|erhältst|bekommen|bekommst|hören|hörst|haben|hast) (?:sie|du)\b.*\b{_DE_THING}\b"
    ),
    conditions=(
        r"\b(?:wenn|falls|sobald|sofern|weil|nachdem|solange|dass|"
        r"(?<=, )(?:der|die|das|den|dem))\b[^,;]*"
    ),
    asides=r"\b(?:warum|weshalb|wieso|wo|wie|ob)\b[^,;]*",
    habit=r"\b(?:in der regel|normalerweise|üblicherweise|gewöhnlich|meist|meistens|immer|grundsätzlich|generell)\b",
    negation=r"\b(?:nicht|nie|niemals|kein\w*)\b",
    by=r"(?:bis(?: spätestens)?|spätestens(?: bis)?)(?: (?:zum|am|an))?",
    on=r"(?:am|für)",
    before=r"vor(?: dem)?",
    within=r"(?:innerhalb(?: von| der nächsten| der)?|binnen|in(?: den nächsten| der| spätestens)?)",
    past=r"(?:vom|von|seit|letzte\w*|vergangene\w*|vorige\w*|ab)",
    past_after=r"(?:s\b)",
    other_event=r",?\s+(?:nach(?:dem)?|ab|seit|vor)\b",
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "(?:samstag|sonnabend)", "sonntag"),
    relative={"übermorgen": 2, "morgen": 1, "heute": 0},
    months=(
        "jan(?:uar|\\.)?", "feb(?:ruar|\\.)?", "märz", "apr(?:il|\\.)?", "mai", "juni?", "juli?", "aug(?:ust|\\.)?",
        "sep(?:tember|t\\.?|\\.)?", "okt(?:ober|\\.)?", "nov(?:ember|\\.)?", "dez(?:ember|\\.)?",
    ),
    minute=r"minuten?",
    hour=r"stunden?|std\.?",
    day=r"tag(?:en|e)?",
    week=r"wochen?",
    working=r"(?:werk|arbeits|geschäfts)",
    numbers={
        "einer": 1, "einem": 1, "eines": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
        "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    },
    next_word=r"(?:(?:diesen|kommenden|nächsten|nächster)\s+)?",
    morning=r"(?:früh|vormittag)",
    afternoon=r"nachmittag",
    noon=r"mittag",
    evening=r"abend",
    at=r"um|gegen|bis",
    numeric=True,
    end_of_day=r"(?:ende des (?:arbeits)?tages|tagesende|feierabend)",
    end_of_week=r"(?:ende der woche|ende dieser woche|(?:zum )?wochenende|diese woche)",
    next_week=r"(?:ende )?(?:nächster|nächste|kommende|kommender|der nächsten) woche",
    fulfilled=(
        (r"erstatt|überweis|geld|gutschr", FulfilledBy.REFUND),
        (r"ersatz|ersetz|umtausch", FulfilledBy.REPLACEMENT),
        (r"versend|verschick", FulfilledBy.SHIPMENT),
        (r"meld|antwort|schreib|anruf|rufe|informier|mitteil|bescheid|hör|nachricht|bestätig|kontaktier|sage",
         FulfilledBy.REPLY),
    ),
)  # fmt: skip

_ES_VERB = (
    r"responder|contestar|escribir|contactar|llamar|enviar|mandar|reembolsar|informar|avisar|confirmar|resolver|revisar|"
    r"comprobar|investigar|devolver|tramitar|procesar|actualizar|comunicar|volver|reemplazar|cambiar|consultar|dar"
)
_ES_THING = r"(?:respuesta|noticias|reembolso|dinero|confirmación|reemplazo|sustitución|devolución|llamada)"

SPANISH = Tongue(
    promise=(
        rf"\b(?:{_ES_VERB})(?:é|emos)\b|\b(?:pondré|pondremos|diré|diremos|haré|haremos)\b"
        rf"|\b(?:voy|vamos) a (?:{_ES_VERB}|decir|ponerme|ponernos)(?:le|te|les|lo|la)?\b"
        rf"|\b(?:compañer\w+|equipo) (?:le|te|les|se)(?: lo)? (?:{_ES_VERB}|pondr)á\b"
        rf"|\b(?:recibirá|recibirás|tendrá|tendrás)\b.*\b{_ES_THING}\b"
    ),
    conditions=r"\b(?:si|cuando|que(?! viene)|una vez|en cuanto|porque|mientras|después de)\b[^,;]*",
    asides=r"\b(?:por qué|qué|dónde|cómo)\b[^,;]*",
    habit=r"\b(?:normalmente|habitualmente|generalmente|por lo general|siempre|suele\w*|solemos)\b",
    negation=r"\b(?:no (?:le|te|les|lo|se|nos|me)? ?(?:podré|podremos|\w+(?:é|emos))|nunca)\b",
    by=r"(?:para|hasta|a más tardar|como (?:muy tarde|máximo)|no más tarde de)(?: el)?(?: día)?",
    on=r"(?:el|este)(?: día)?",
    before=r"antes (?:del|de)(?: día)?",
    within=r"(?:en(?: un plazo de| menos de| un máximo de| las próximas| los próximos)?|dentro de)",
    past=r"(?:del|de|desde|pasado|último|la)",
    past_after=r"(?:\s+pasado\b)",
    other_event=r",?\s+(?:desde|después|tras|a partir|antes)\b",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    relative={"pasado mañana": 2, "mañana": 1, "hoy": 0},
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "sep?tiembre", "octubre",
            "noviembre", "diciembre"),
    minute=r"minutos?",
    hour=r"horas?|h",
    day=r"días?",
    week=r"semanas?",
    working=r"(?:hábil(?:es)?|laborables?)",
    numbers={"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
             "nueve": 9, "diez": 10},
    next_word=r"(?:(?:próximo|este)\s+)?",
    morning=r"por la mañana",
    afternoon=r"por la tarde",
    noon=r"(?:al )?mediodía",
    evening=r"por la noche",
    at=r"a las|a la|antes de las",
    numeric=True,
    end_of_day=r"(?:el )?(?:final del día|fin del día)",
    end_of_week=r"(?:el )?(?:final de (?:la|esta) semana|fin de semana|esta semana)",
    next_week=r"(?:la )?(?:próxima semana|semana que viene)",
    fulfilled=(
        (r"reembols|dinero|devol", FulfilledBy.REFUND),
        (r"reemplaz|sustitu|cambiar", FulfilledBy.REPLACEMENT),
        (r"(?:enviar|mandar)\w* (?:el|su|tu) (?:pedido|paquete|artículo)", FulfilledBy.SHIPMENT),
        (r"respond|respuesta|contest|escrib|contact|llam|inform|avis|confirm|comunic|dir|noticias|volver",
         FulfilledBy.REPLY),
    ),
)  # fmt: skip

_FR_VERB = (
    r"répondr|recontacter|contacter|écrir|rappeler|appeler|enverr|expédier|rembourser|informer|préviendr|confirmer|"
    r"résoudr|vérifier|traiter|remplacer|tiendr|dir|donner|reviendr|ferai|transmettr|renseigner"
)
_FR_INFINITIVE = (
    r"répondre|recontacter|contacter|écrire|rappeler|appeler|envoyer|expédier|rembourser|informer|prévenir|confirmer|"
    r"vérifier|traiter|remplacer|tenir|dire|donner|revenir|faire|renseigner"
)
_FR_THING = r"(?:réponse|nouvelles|remboursement|argent|confirmation|remplacement|appel|retour)"

FRENCH = Tongue(
    promise=(
        rf"\b(?:je|nous)(?: (?:vous|te|vous l'|le|la|les))? ?(?:{_FR_VERB}|écrir)(?:ai|ons)?\b"
        r"|\b(?:je reviens|nous revenons) vers (?:vous|toi)\b"
        rf"|\b(?:je vais|nous allons)(?: (?:vous|te))? (?:{_FR_INFINITIVE})\b"
        rf"|\b(?:collègue|équipe|conseiller|conseillère) (?:vous|te) (?:{_FR_VERB})a\b"
        rf"|\b(?:vous recevrez|tu recevras|vous aurez|tu auras)\b.*\b{_FR_THING}\b"
    ),
    conditions=r"\b(?:si|quand|lorsque?|dès que?|qui|que|une fois|parce que|après(?!-))\b[^,;]*",
    asides=r"\b(?:pourquoi|où|comment)\b[^,;]*",
    habit=r"\b(?:généralement|habituellement|normalement|d'habitude|toujours|en général)\b",
    negation=r"\b(?:ne|n'\w+)\b.*\b(?:pas|jamais|plus)\b",
    by=r"(?:d'ici(?: au| à)?|jusqu'(?:à|au)|au plus tard|pour)(?: le| ce)?",
    on=r"(?:le|ce)",
    before=r"avant(?: le)?",
    within=r"(?:sous|dans(?: les| un délai de| les prochaines| les prochains)?|d'ici|en(?: moins de)?)",
    past=r"(?:du|de|depuis|dernier)",
    past_after=r"(?:\s+dernier\b|\s+passé\b)",
    other_event=r",?\s+(?:après|suivant|à compter|à partir|avant|depuis)\b",
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    relative={"après-demain": 2, "demain": 1, "aujourd'hui": 0, "ce(?= matin| soir|t après-midi)": 0},
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"),
    minute=r"minutes?",
    hour=r"heures?|h",
    day=r"jours?",
    week=r"semaines?",
    working=r"(?:ouvrés?|ouvrables?)",
    numbers={"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
             "neuf": 9, "dix": 10},
    next_word=r"(?:(?:ce|prochain)\s+)?",
    morning=r"(?:dans la )?mati(?:n|née)",
    afternoon=r"(?:dans l'|t )?après-midi",
    noon=r"midi",
    evening=r"(?:dans la )?soir(?:ée)?",
    at=r"à|vers|avant",
    numeric=True,
    end_of_day=r"(?:la )?fin de (?:la )?journée",
    end_of_week=r"(?:la )?fin de (?:la |cette )?semaine|cette semaine",
    next_week=r"la semaine prochaine",
    fulfilled=(
        (r"rembours|argent", FulfilledBy.REFUND),
        (r"rempla", FulfilledBy.REPLACEMENT),
        (r"expédi", FulfilledBy.SHIPMENT),
        (r"répon|contact|écri|appel|inform|préviend|prévenir|confirm|revien|reviend|revenir|nouvelles|tiendr|tenir|dir|"
         r"retour|renseign", FulfilledBy.REPLY),
    ),
)  # fmt: skip

TONGUES = (ENGLISH, GERMAN, SPANISH, FRENCH)
