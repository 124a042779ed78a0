"""Promises in French: see `domain.tongues.tongue`."""

from domain.commitment import FulfilledBy
from domain.tongues.tongue import Tongue

_VERB = (
    r"répondr|recontacter|contacter|écrir|rappeler|appeler|enverr|expédier|rembourser|informer|préviendr|confirmer|"
    r"résoudr|vérifier|traiter|remplacer|tiendr|dir|donner|reviendr|ferai|transmettr|renseigner"
)
_INFINITIVE = (
    r"répondre|recontacter|contacter|écrire|rappeler|appeler|envoyer|expédier|rembourser|informer|prévenir|confirmer|"
    r"vérifier|traiter|remplacer|tenir|dire|donner|revenir|faire|renseigner"
)
_THING = r"(?:réponse|nouvelles|remboursement|argent|confirmation|remplacement|appel|retour)"

FRENCH = Tongue(
    promise=(
        rf"\b(?:je|nous)(?: (?:vous|te|vous l'|le|la|les))? ?(?:{_VERB}|écrir)(?:ai|ons)?\b"
        r"|\b(?:je reviens|nous revenons) vers (?:vous|toi)\b"
        rf"|\b(?:je vais|nous allons)(?: (?:vous|te))? (?:{_INFINITIVE})\b"
        rf"|\b(?:collègue|équipe|conseiller|conseillère) (?:vous|te) (?:{_VERB})a\b"
        rf"|\b(?:vous recevrez|tu recevras|vous aurez|tu auras)\b.*\b{_THING}\b"
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
        (
            (
                r"répon|contact|écri|appel|inform|préviend|prévenir|confirm|revien|reviend|revenir|nouvelles|tiendr|"
                r"tenir|dir|retour|renseign"
            ),
            FulfilledBy.REPLY,
        ),
    ),
)  # fmt: skip
