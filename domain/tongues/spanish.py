"""Promises in Spanish: see `domain.tongues.tongue`."""

from domain.commitment import FulfilledBy
from domain.tongues.tongue import Tongue

_VERB = (
    r"responder|contestar|escribir|contactar|llamar|enviar|mandar|reembolsar|informar|avisar|confirmar|resolver|revisar|"
    r"comprobar|investigar|devolver|tramitar|procesar|actualizar|comunicar|volver|reemplazar|cambiar|consultar|dar"
)
_THING = r"(?:respuesta|noticias|reembolso|dinero|confirmación|reemplazo|sustitución|devolución|llamada)"

SPANISH = Tongue(
    promise=(
        rf"\b(?:{_VERB})(?:é|emos)\b|\b(?:pondré|pondremos|diré|diremos|haré|haremos)\b"
        rf"|\b(?:voy|vamos) a (?:{_VERB}|decir|ponerme|ponernos)(?:le|te|les|lo|la)?\b"
        rf"|\b(?:compañer\w+|equipo) (?:le|te|les|se)(?: lo)? (?:{_VERB}|pondr)á\b"
        rf"|\b(?:recibirá|recibirás|tendrá|tendrás)\b.*\b{_THING}\b"
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
