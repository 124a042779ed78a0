"""The question of how it was, and the page that takes the answer, in the languages that Baton writes; else English."""

from domain.values import Value


class RatingPageWords(Value):
    """What stands on the page of a rating."""

    language: str
    title: str
    poor: str
    """What 1 means."""
    excellent: str
    """What 5 means."""
    why: str
    thanks: str
    low: str
    """To somebody who was not content."""
    over: str


_QUESTIONS = {
    "en": "How was that for you? Answer with a number from 1 (poor) to 5 (excellent), and say why if you like.",
    "de": "Wie war das für Sie? Antworten Sie mit einer Zahl von 1 (schlecht) bis 5 (sehr gut), gern mit einem Grund.",
    "es": "¿Qué le ha parecido? Responda con un número del 1 (mal) al 5 (excelente) y, si quiere, díganos por qué.",
    "fr": "Êtes-vous satisfait ? Répondez par un chiffre de 1 (mauvais) à 5 (excellent), avec un mot si vous voulez.",
}
_LINKS = {
    "en": "Or with one click: {link}",
    "de": "Oder mit einem Klick: {link}",
    "es": "O con un clic: {link}",
    "fr": "Ou en un clic : {link}",
}
_PAGES = {
    "en": RatingPageWords(
        language="en",
        title="How was that for you?",
        poor="poor",
        excellent="excellent",
        why="Why? (optional)",
        thanks="Thank you, your rating has arrived.",
        low="We are sorry. Somebody from our team will look at your case.",
        over="This question is not open any more.",
    ),
    "de": RatingPageWords(
        language="de",
        title="Wie war das für Sie?",
        poor="schlecht",
        excellent="sehr gut",
        why="Warum? (freiwillig)",
        thanks="Vielen Dank, Ihre Bewertung ist angekommen.",
        low="Das tut uns leid. Jemand aus unserem Team sieht sich Ihren Fall an.",
        over="Diese Frage ist nicht mehr offen.",
    ),
    "es": RatingPageWords(
        language="es",
        title="¿Qué le ha parecido?",
        poor="mal",
        excellent="excelente",
        why="¿Por qué? (opcional)",
        thanks="Gracias, hemos recibido su valoración.",
        low="Lo sentimos. Una persona de nuestro equipo revisará su caso.",
        over="Esta pregunta ya no está abierta.",
    ),
    "fr": RatingPageWords(
        language="fr",
        title="Êtes-vous satisfait ?",
        poor="mauvais",
        excellent="excellent",
        why="Pourquoi ? (facultatif)",
        thanks="Merci, votre note est bien arrivée.",
        low="Nous en sommes désolés. Une personne de notre équipe va revoir votre cas.",
        over="Cette question n'est plus ouverte.",
    ),
}


def satisfaction_question(language: str, link: str = "") -> str:
    """The question; with a link, if there is one. `language` is an ISO 639-1 code."""
    spoken = language if language in _QUESTIONS else "en"
    return f"{_QUESTIONS[spoken]}\n{_LINKS[spoken].format(link=link)}" if link else _QUESTIONS[spoken]


def rating_page_words(language: str) -> RatingPageWords:
    """The words of the page. `language` is an ISO 639-1 code."""
    return _PAGES.get(language, _PAGES["en"])
