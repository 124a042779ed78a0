"""Signs that rules read better than a classifier: a wish for a person, urgency, tone, machines' texts.

The patterns are wide on purpose: a case that goes to a person needlessly costs minutes, one that does not may cost a
customer or worse.
"""

import re

from domain.triage import Sentiment, Urgency

_WHO = (
    r"(?:humans?|human being|persons?|people|agents?|representatives?|reps?|advis[eo]rs?|operators?|manager|supervisor|boss"
    r"|colleagues?|employees?|somebody|someone|anyone|anybody|member of (?:staff|your team|the team)|staff member|team member"
    r"|customer (?:service|support|care|assistance)|support team|real one|assistant|specialist|helpdesk|service desk"
    r"|mitarbeiter\w*|mensch\w*|person[ae]?|agente|humano|conseill\w+|humain)"
)
_PERSON = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:talk\w*|speak\w*|spk|chat\w*|connect\w*|transfer\w*|put|pass|switch|escalate\w*|forward|hand|refer|direct"
        rf"|get|give|contact\w*|call\w*|reach\w*|need|want|prefer|request\w*|ask for|sprechen|hablar|parler)\b"
        rf"[^.!?]{{0,40}}\b(?:real |live |actual |human |free |proper )*{_WHO}\b",
        r"\b(?:real|live|actual|human)\b[ -](?:\w+[ -])?(?:person|people|human|agent|advis[eo]r|assistance|support|operator)s?\b",
        r"^\W*(?:(?:a|an|the|live|real|pls|please)\W+)*(?:human|agent|representative|operator|person|supervisor|manager"
        r"|advis[eo]r|mitarbeiter|mensch|agente|conseiller)\b\W*(?:please|pls|now|plz)?\W*$",
        r"\b(?:no|not|stop|without|instead of|isn'?t|against|hate)\b[^.!?]{0,30}\b(?:bots?|robots?|machines?|ai|computers?"
        r"|automated|chatbots?)\b",
        r"\b(?:agent|human|person|representative|operator)\b[ ,]*(?:please|pls|plz|now)\b",
        r"\b(?:call|ring|phone) me\b|\bcall ?back\b|\bgive me a (?:call|ring)\b",
        r"\bperson (?:take|look|read|from your|deal)\b|\bfrom your (?:team|staff)\b[^.!?]{0,20}\b(?:help|look|call|contact)",
    )
)
_NOT_A_WISH = re.compile(
    r"\b(?:someone|somebody|anyone|anybody|person|people) (?:else(?!'s help)|hacked|stole|used|is using|took|signed|got)\b"
    r"|\bneed (?:the )?(?:courier|delivery|driver)"
    r"|\bget (?:back|hold|into|in)\b[^.!?]{0,12}\b(?:my|account)",
    re.IGNORECASE,
)
_SOFT_WHO = re.compile(
    r"\b(?:can|could|would|will|please have|is there) (?:someone|somebody|anyone|anybody)\b", re.IGNORECASE
)
_WEAK = re.compile(
    r"\b(?:get|give|need|want|put|pass|request\w*|hand|forward)\b[^.!?]{0,40}\b(?:somebody|someone|anyone|anybody|people|assistant)\b",
    re.IGNORECASE,
)

_URGENCIES: tuple[tuple[Urgency, re.Pattern[str]], ...] = tuple(
    (urgency, re.compile(pattern, re.IGNORECASE))
    for urgency, pattern in (
        (
            Urgency.SAFETY,
            r"\b(?:injur\w+|hurt (?:my|him|her|our|someone|a child|badly)|bleed\w*|hospital|ambulance|emergency room|burn(?:t|ed|s|ing)?"
            r"|caught fire|on fire|in flames|set fire|fire hazard|smok(?:e|ing) (?:came|coming|from|out|when|as)|started (?:to )?smok\w+|spark(?:s|ed|ing)"
            r"|explod\w+|electric(?:al)? shock|electrocuted|shocked me|allergic reaction|anaphyla\w+|chok(?:e|ed|ing)|poison\w*"
            r"|swallow\w+|suffocat\w+|toxic|unsafe|dangerous|hazard\w*|recall(?:ed)? product|cut (?:my|his|her|himself|herself|myself)"
            r"|stitches|rash|blister\w*|swollen|scald\w*|melt(?:ed|ing)|overheat\w*|mould\w*|verletzt|gefährlich|verbrannt)\b",
        ),
        (
            Urgency.LEGAL,
            r"\b(?:lawyers?|solicitors?|attorneys?|barrister|sue|suing|sued|lawsuit|legal (?:action|steps|advice|team|proceedings|counsel|claim)"
            r"|legally|take (?:you|this) to court|in court|to court|small claims|court order|ombudsman|trading standards|consumer (?:rights|protection|court|affairs|agency|advice)"
            r"|better business bureau|\bbbb\b|ftc|data protection (?:authority|officer|agency)|gdpr (?:complaint|breach|violation)|ico\b|police|criminal|prosecut\w+"
            r"|press charges|statutory|breach of contract|formal notice|cease and desist|letter before action|litigation|tribunal|anwalt|rechtsanw\w+|verklagen|abogado|avocat)\b",
        ),
        (
            Urgency.CHARGEBACK,
            r"\b(?:charge ?-?backs?|revers(?:e|ed|ing|al of) (?:the |this |that |my )?(?:payment|charge|transaction|debit)"
            r"|disput(?:e|ed|ing) (?:\w+ ){0,4}(?:with|through|via|at) (?:my|the|our) (?:\w+ )?(?:bank|card|credit|visa|issuer|paypal|amex)"
            r"|disput(?:e|ed|ing) (?:the |this |that |a |your )?(?:charge|payment|transaction)"
            r"|(?:my|the|our) (?:\w+ )?(?:bank|card (?:company|issuer|provider)|credit card company|issuer) (?:to |will |can |is going to |has )?"
            r"(?:\w+ )?(?:get|take|pull|claw|reverse|refund|recover|dispute|return|stop|block|cancel)\w*"
            r"|(?:paypal|klarna|buyer protection) (?:case|claim|dispute)|(?:open|file|raise|start)\w* a (?:paypal )?(?:case|claim|dispute) (?:with|at|through|on) "
            r"|claw\w* (?:it|the money|my money|that) back|rückbuchung|zurückbuchen|section 75)\b",
        ),
        (
            Urgency.PRESS,
            r"\b(?:journalists?|reporters?|newspapers?|tv (?:station|show|programme|crew)|the press|the media|go(?:ing)? viral|goes viral|watchdog|consumer magazine"
            r"|(?:post|share|put|tell|write|tweet|expose|name and shame)\w* (?:\w+ ){0,6}(?:on|to|all over|via) (?:\w+ )?"
            r"(?:twitter|x|instagram|tik ?tok|facebook|youtube|reddit|social media|trustpilot|my followers|the internet|every(?:one|where))"
            r"|my (?:\w+ )?followers|go(?:ing)? public|presse|zeitung)\b",
        ),
        (
            Urgency.TIME,
            r"\b(?:urgent\w*|asap|immediately|right away|right now|as soon as possible|by (?:tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
            r"|(?:need|needed|needs) (?:it|this|them|that) (?:today|tomorrow|tonight|for|by)|emergency|deadline|dringend|sofort|urgente)\b",
        ),
    )
)

_ANGRY = re.compile(
    r"\b(?:furious|fuming|outrag\w+|disgust\w+|disgrac\w+|unacceptable|ridiculous|appall\w+|scam\w*|thieves|crooks|liars?|worst|joke|rip ?off"
    r"|incompetent|useless|pathetic|damn|bloody|wtf|f+u+c*k\w*|shit\w*|bullshit|crap|idiots?|sick (?:and tired|of)|fed up|never again|shame on)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:disappoint\w+|unhappy|not happy|upset|annoy\w+|frustrat\w+|angry|terrible|awful|horrible|bad|poor|sad|worried|concerned|let down"
    r"|problem|broken|damaged|wrong|missing|late|never (?:came|arrived|got|received)|still (?:no|not|waiting)|doesn'?t work|not working|complain\w*|faulty|rude)\b",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"\b(?:thanks?|thank you|thx|great|love(?:ly|d)?|perfect|awesome|wonderful|excellent|amazing|appreciate|brilliant|happy with|kind)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\b(?:out of (?:the )?office|auto(?:matic|mated)?[ -]?(?:reply|response|answer)|this is an automat\w+|do not reply to this|delivery (?:status notification|has failed)"
    r"|undeliver\w+|mailer-daemon|returned mail|on annual leave|on (?:parental|maternity) leave|(?:limited|no) access to (?:my )?e-?mail"
    r"|abwesenheitsnotiz|nicht im büro|automatische antwort|réponse automatique|respuesta automática|i am (?:currently )?away (?:until|from)|absent du bureau)\b",
    re.IGNORECASE,
)


def wants_person(text: str) -> bool:
    """Whether the customer asks for a person."""
    rest = _NOT_A_WISH.sub(" ", text)
    if not any(pattern.search(rest) for pattern in _PERSON):
        return False
    return any(pattern.search(_WEAK.sub(" ", _SOFT_WHO.sub(" ", rest))) for pattern in _PERSON)


def urgency_of(text: str) -> Urgency:
    """The gravest urgency that the text names, in the order safety, legal, chargeback, press, time."""
    return next((urgency for urgency, pattern in _URGENCIES if pattern.search(text)), Urgency.NORMAL)


def sentiment_of(text: str) -> Sentiment:
    """How the text sounds, by its words, capitals and exclamation marks."""
    shouting = len(re.findall(r"\b[A-Z]{3,}\b", text)) >= 4 or text.count("!") >= 3
    if _ANGRY.search(text) or (shouting and _NEGATIVE.search(text)):
        return Sentiment.ANGRY
    if _NEGATIVE.search(text):
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if _POSITIVE.search(text) else Sentiment.NEUTRAL


def is_auto_reply(text: str) -> bool:
    """Whether a machine wrote this."""
    return bool(_MACHINE.search(text))
