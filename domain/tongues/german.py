"""Promises in German: see `domain.tongues.tongue`."""

from domain.commitment import FulfilledBy
from domain.tongues.tongue import Tongue

_OTHERS = r"(?:kolleg\w+|team|jemand)"
_OBJECT = r"(?:ihnen|dir|euch|sie|dich)"
_VERB = (
    r"melden|antworten|beantworten|schreiben|schicken|zuschicken|senden|zusenden|übersenden|versenden|verschicken|"
    r"anrufen|informieren|erstatten|überweisen|gutschreiben|prüfen|klären|kümmern|nachfragen|ersetzen|umtauschen|"
    r"bearbeiten|kontaktieren|mitteilen|zurückrufen|zurückmelden|bestätigen|nachschauen|veranlassen|sagen|"
    r"bescheid geben|weiterleiten"
)
_FIRST = (
    r"antworte|schreibe|schicke|sende|rufe|informiere|erstatte|überweise|gebe|kontaktiere|teile|bestätige|kümmere|"
    r"versende|ersetze|prüfe|kläre"
)
_THING = (
    r"(?:antwort|rückmeldung|nachricht|bescheid|erstattung|rückerstattung|geld|gutschrift|ersatz|bestätigung|von uns|"
    r"von mir)"
)

GERMAN = Tongue(
    promise=(
        r"\b(?:melde (?:ich )?mich|melden (?:wir )?uns|meldet sich|melden sich\b.*\bbei)\b"
        rf"|\b(?:ich werde|werde ich|wir werden|werden wir|{_OTHERS} wird|"
        rf"wird (?:sich )?(?:ein\w* |unser )?{_OTHERS})\b.*\b(?:{_VERB})\b"
        rf"|\b(?:{_FIRST}) (?:ich )?.*\b{_OBJECT}\b|\bich (?:{_FIRST})\b"
        rf"|\bwir (?:{_VERB}|geben|rufen|teilen)\b.*\b{_OBJECT}\b|\b(?:{_VERB}|geben|rufen|teilen) wir\b.*\b{_OBJECT}\b"
        rf"|\b(?:sie|du) (?:erhalten|erhältst|bekommen|bekommst|hören|hörst|haben|hast)\b.*\b{_THING}\b"
        rf"|\b(?:erhalten|erhältst|bekommen|bekommst|hören|hörst|haben|hast) (?:sie|du)\b.*\b{_THING}\b"
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
