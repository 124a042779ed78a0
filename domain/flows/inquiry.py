"""Questions to outside parties: the mail that asks, how its answer is recognised, and the words of its page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_ID = "[0-9a-hjkmnp-tv-z]{26}"
_MESSAGE_ID = re.compile(rf"<inq-({_ID})-\d+@")
_SUBJECT = re.compile(rf"\[({_ID})\]")


FOLLOW_UP = "follow_up"
"""The key of the task that people get when no answer comes."""
LINK_DAYS = 60.0
"""How long the page for an answer can be opened; it takes one only while the question is open."""


class Topic(StrEnum):
    """What a flow asks by itself; agents write their own questions."""

    FIND_PARCEL = "find_parcel"
    INSPECT_RETURN = "inspect_return"


@dataclass(frozen=True, eq=False)
class _Texts:
    subject: str
    reminder: str
    link: str
    answer: str
    topics: dict[Topic, str]


_TEXTS = {
    "en": _Texts(
        subject="A question from {brand}",
        reminder="We have not heard from you yet. Our question was:",
        link="You can answer this mail, or here: {link}",
        answer="You can answer this mail.",
        topics={
            Topic.FIND_PARCEL: "Where is the parcel with the tracking number {tracking}, and when will it arrive?",
            Topic.INSPECT_RETURN: "Has the return with the label {label} arrived, and in which condition?",
        },
    ),
    "de": _Texts(
        subject="Eine Frage von {brand}",
        reminder="Wir haben noch keine Antwort von Ihnen. Unsere Frage war:",
        link="Antworten Sie auf diese Mail oder hier: {link}",
        answer="Antworten Sie einfach auf diese Mail.",
        topics={
            Topic.FIND_PARCEL: "Wo ist das Paket mit der Sendungsnummer {tracking}, und wann kommt es an?",
            Topic.INSPECT_RETURN: "Ist die Rücksendung mit dem Etikett {label} da, und in welchem Zustand?",
        },
    ),
    "es": _Texts(
        subject="Una pregunta de {brand}",
        reminder="Todavía no hemos recibido su respuesta. Nuestra pregunta era:",
        link="Puede responder a este correo o aquí: {link}",
        answer="Puede responder a este correo.",
        topics={
            Topic.FIND_PARCEL: "¿Dónde está el paquete con el número {tracking} y cuándo llegará?",
            Topic.INSPECT_RETURN: "¿Ha llegado la devolución con la etiqueta {label} y en qué estado?",
        },
    ),
    "fr": _Texts(
        subject="Une question de {brand}",
        reminder="Nous n'avons pas encore reçu votre réponse. Notre question était :",
        link="Répondez à ce message, ou ici : {link}",
        answer="Vous pouvez répondre à ce message.",
        topics={
            Topic.FIND_PARCEL: "Où se trouve le colis numéro {tracking}, et quand arrivera-t-il ?",
            Topic.INSPECT_RETURN: "Le retour avec l'étiquette {label} est-il arrivé, et dans quel état ?",
        },
    ),
}


def topic_question(topic: Topic, facts: dict[str, object], language: str) -> str:
    """The question of a flow, filled with its facts: shipment and label numbers, never anything of a person."""
    wanted = {name: str(facts.get(name) or "-") for name in ("tracking", "label")}
    return _texts(language).topics[topic].format(**wanted)


def question_subject(inquiry_id: str, brand: str, order: str, language: str) -> str:
    """The subject line; it names the inquiry, for programs that lose the thread."""
    asked = _texts(language).subject.format(brand=brand)
    return f"{asked}{f', {order}' if order else ''} [{inquiry_id}]"


def question_mail(question: str, link: str, language: str, *, reminder: bool) -> str:
    """The text of the mail that asks or, later, reminds."""
    texts = _texts(language)
    how = texts.link.format(link=link) if link else texts.answer
    return "\n\n".join([*([texts.reminder] if reminder else []), question, how])


def question_message_id(inquiry_id: str, number: int) -> str:
    """The id under which a mail goes out: 0 asks, the others remind. Its Message-ID is made from it."""
    return f"inq-{inquiry_id}-{number}"


def inquiries_named(subject: str, thread_refs: Iterable[str]) -> list[str]:
    """The inquiries that a mail answers, nearest first: by what it refers to, else by its subject line."""
    by_thread = [found for ref in thread_refs for found in _MESSAGE_ID.findall(ref)]
    return list(dict.fromkeys([*by_thread, *_SUBJECT.findall(subject)]))


def comes_from(sender: str, partner_address: str) -> bool:
    """Is it the party that was asked, or a colleague of theirs at the same domain?"""
    domain = partner_address.strip().lower().rpartition("@")[2]
    return bool(domain) and sender.strip().lower().rpartition("@")[2] == domain


def _texts(language: str) -> _Texts:
    return _TEXTS.get(language, _TEXTS["en"])
