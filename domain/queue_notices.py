"""Words for customers who wait, in the languages that Baton writes; English for all others."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from domain.notices import waiting_for_a_person
from domain.queueing import COUNTED, Outlook, Wait
from domain.values import Value


class _Texts(Value):
    next_in_line: str
    place: str
    far_back: str
    asked: str
    minute_or_two: str
    minutes: str
    spans: Mapping[int, str]
    """Waits that have a word of their own, by minutes."""
    longer: str
    nobody: str
    closed: str
    closed_for_long: str
    ask: str
    ask_open_end: str
    left_message: str
    left_message_open_end: str
    at: tuple[str, str, str]
    """Today, tomorrow, later: when something begins."""
    until: tuple[str, str, str]
    """Today, tomorrow, later: until when it is done."""
    day: str
    """Of a later day (Unicode Technical Standard 35, date format patterns)."""


_TEXTS = {
    "en": _Texts(
        next_in_line="You are next.",
        place="You are number {position}.",
        far_back="More than {counted} people are ahead of you.",
        asked="A colleague is being asked right now.",
        minute_or_two="A minute or two.",
        minutes="About {minutes} minutes.",
        spans={
            30: "About half an hour.",
            60: "About an hour.",
            90: "About an hour and a half.",
            120: "About two hours.",
            180: "About three hours.",
            240: "About four hours.",
        },
        longer="More than four hours.",
        nobody="Nobody of our team is free right now, so we cannot say how long it takes.",
        closed="Our team is not here right now and is back {at}.",
        closed_for_long="Our team is not here right now.",
        ask="You need not wait: leave a message, and you will have an answer {until}.",
        ask_open_end="You need not wait: leave a message, and we will answer you here.",
        left_message="Thank you, we have your message. You will have an answer here {until}.",
        left_message_open_end="Thank you, we have your message. We will answer you here.",
        at=("today at {time}", "tomorrow at {time}", "on {day} at {time}"),
        until=("today by {time}", "tomorrow by {time}", "by {day}, {time}"),
        day="EEEE, d MMMM",
    ),
    "de": _Texts(
        next_in_line="Sie sind als Nächstes dran.",
        place="Sie sind Nummer {position}.",
        far_back="Mehr als {counted} Personen sind vor Ihnen.",
        asked="Gerade wird jemand aus unserem Team gefragt.",
        minute_or_two="Ein bis zwei Minuten.",
        minutes="Etwa {minutes} Minuten.",
        spans={
            30: "Etwa eine halbe Stunde.",
            60: "Etwa eine Stunde.",
            90: "Etwa anderthalb Stunden.",
            120: "Etwa zwei Stunden.",
            180: "Etwa drei Stunden.",
            240: "Etwa vier Stunden.",
        },
        longer="Mehr als vier Stunden.",
        nobody="Im Moment ist niemand aus unserem Team frei; wie lange es dauert, lässt sich nicht sagen.",
        closed="Unser Team ist gerade nicht da und {at} wieder zurück.",
        closed_for_long="Unser Team ist gerade nicht da.",
        ask="Sie müssen nicht warten: Hinterlassen Sie eine Nachricht, und Sie erhalten {until} eine Antwort.",
        ask_open_end="Sie müssen nicht warten: Hinterlassen Sie eine Nachricht, und wir antworten Ihnen hier.",
        left_message="Vielen Dank, wir haben Ihre Nachricht. Sie erhalten hier {until} eine Antwort.",
        left_message_open_end="Vielen Dank, wir haben Ihre Nachricht. Wir antworten Ihnen hier.",
        at=("heute um {time}", "morgen um {time}", "am {day}, um {time}"),
        until=("heute bis {time}", "morgen bis {time}", "bis {day}, {time},"),
        day="EEEE, d. MMMM",
    ),
    "es": _Texts(
        next_in_line="Es su turno en cuanto alguien quede libre.",
        place="Tiene el número {position}.",
        far_back="Hay más de {counted} personas antes que usted.",
        asked="Estamos avisando a una persona de nuestro equipo.",
        minute_or_two="Uno o dos minutos.",
        minutes="Unos {minutes} minutos.",
        spans={
            30: "Una media hora.",
            60: "Alrededor de una hora.",
            90: "Alrededor de una hora y media.",
            120: "Unas dos horas.",
            180: "Unas tres horas.",
            240: "Unas cuatro horas.",
        },
        longer="Más de cuatro horas.",
        nobody="Ahora mismo no hay nadie libre en nuestro equipo, así que no podemos decir cuánto tardará.",
        closed="Nuestro equipo no está en este momento y vuelve {at}.",
        closed_for_long="Nuestro equipo no está en este momento.",
        ask="No hace falta esperar: deje un mensaje y tendrá una respuesta {until}.",
        ask_open_end="No hace falta esperar: deje un mensaje y le responderemos aquí.",
        left_message="Gracias, tenemos su mensaje. Tendrá una respuesta aquí {until}.",
        left_message_open_end="Gracias, tenemos su mensaje. Le responderemos aquí.",
        at=("hoy a las {time}", "mañana a las {time}", "el {day} a las {time}"),
        until=("hoy antes de las {time}", "mañana antes de las {time}", "antes del {day} a las {time}"),
        day="EEEE, d 'de' MMMM",
    ),
    "fr": _Texts(
        next_in_line="C'est bientôt à vous.",
        place="Vous êtes numéro {position}.",
        far_back="Plus de {counted} personnes sont avant vous.",
        asked="Nous sollicitons une personne de notre équipe.",
        minute_or_two="Une à deux minutes.",
        minutes="Environ {minutes} minutes.",
        spans={
            30: "Environ une demi-heure.",
            60: "Environ une heure.",
            90: "Environ une heure et demie.",
            120: "Environ deux heures.",
            180: "Environ trois heures.",
            240: "Environ quatre heures.",
        },
        longer="Plus de quatre heures.",
        nobody="Personne de notre équipe n'est libre pour l'instant ; la durée de l'attente est inconnue.",
        closed="Notre équipe n'est pas là pour l'instant et revient {at}.",
        closed_for_long="Notre équipe n'est pas là pour l'instant.",
        ask="Inutile d'attendre : laissez un message et vous aurez une réponse {until}.",
        ask_open_end="Inutile d'attendre : laissez un message et nous vous répondrons ici.",
        left_message="Merci, nous avons bien votre message. Vous aurez une réponse ici {until}.",
        left_message_open_end="Merci, nous avons bien votre message. Nous vous répondrons ici.",
        at=("aujourd'hui à {time}", "demain à {time}", "{day} à {time}"),
        until=("aujourd'hui avant {time}", "demain avant {time}", "avant {day} à {time}"),
        day="EEEE d MMMM",
    ),
}


class QueueWords:
    """What a customer in the queue reads. Times are told in the team's time zone, and name it."""

    def __init__(self, language: str, now: datetime, timezone: str) -> None:
        self._language = language if language in _TEXTS else "en"
        self._texts = _TEXTS[self._language]
        self._zone = ZoneInfo(timezone)
        self._today = now.astimezone(self._zone).date()

    def handed_over(self, outlook: Outlook, answer_by: datetime | None) -> str:
        """The notice with which a case goes to people, for a customer who waits live."""
        said = [waiting_for_a_person(self._language)]
        if not outlook.at_once:
            said.append(self.banner(outlook))
        if outlook.ask_for_message:
            said.append(self._ask(answer_by))
        return " ".join(said)

    def handed_over_by_mail(self, opens_at: datetime | None) -> str:
        """The same for a mail, which has no place in a queue; `opens_at` is given while the team is closed."""
        base = waiting_for_a_person(self._language)
        return f"{base} {self._closed(opens_at)}" if opens_at else base

    def offered(self) -> str:
        """One agent has been asked and has not answered yet."""
        return self._texts.asked

    def banner(self, outlook: Outlook) -> str:
        """Place and wait in one or two short sentences."""
        if outlook.closed:
            return self._closed(outlook.opens_at)
        return f"{self._place(outlook)} {self._wait(outlook.wait)}"

    def message_left(self, answer_by: datetime | None) -> str:
        """What a customer is told who has left a message."""
        if answer_by is None:
            return self._texts.left_message_open_end
        return self._texts.left_message.format(until=self._when(self._texts.until, answer_by))

    def _place(self, outlook: Outlook) -> str:
        if outlook.position == 1:
            return self._texts.next_in_line
        if not outlook.exact:
            return self._texts.far_back.format(counted=COUNTED)
        return self._texts.place.format(position=outlook.position)

    def _wait(self, wait: Wait | None) -> str:
        if wait is None:
            return self._texts.nobody
        if wait.to_minutes is None:
            return self._texts.longer
        if wait.about_minutes == 1:
            return self._texts.minute_or_two
        minutes = self._texts.minutes.format(minutes=wait.about_minutes)
        return self._texts.spans.get(wait.about_minutes, minutes)

    def _closed(self, opens_at: datetime | None) -> str:
        if opens_at is None:
            return self._texts.closed_for_long
        return self._texts.closed.format(at=self._when(self._texts.at, opens_at))

    def _ask(self, answer_by: datetime | None) -> str:
        if answer_by is None:
            return self._texts.ask_open_end
        return self._texts.ask.format(until=self._when(self._texts.until, answer_by))

    def _when(self, forms: tuple[str, str, str], at: datetime) -> str:
        there = at.astimezone(self._zone)
        form = {timedelta(0): forms[0], timedelta(1): forms[1]}.get(there.date() - self._today, forms[2])
        day = format_date(there.date(), self._texts.day, locale=self._language)
        # Babel would convert a time without a zone of its own from UTC, so the wall time is written as it stands.
        clock = format_time(there.time(), "H:mm", locale=self._language)
        return form.format(day=day, time=f"{clock} ({_zone_name(there)})")


def _zone_name(there: datetime) -> str:
    name = there.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name
