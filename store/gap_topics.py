"""What an unanswered question is about, in one word that is safe to show: never a name, an address or a number.

Only words that the brand itself uses can become a topic - those of its articles' titles and headings and of its
catalogue - and the words below, which are those that shops are asked about most while no article speaks of them.
"""

import re

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from store.articles import text_search_configuration

_WORD = re.compile(r"[^\W\d_]{3,30}")
_MOST_WORDS = 60
_LEAST_LETTERS = 4
"""Shorter words of product names say little: `set`, `men`."""

_LISTED = """
affiliate allergy animals appointment assembly availability b2b battery batteries bitcoin brand brochure bulk
campaign career careers catalogue catering certificate charity children christmas colour company compatible
consulting cooperation cotton crypto customisation customization dealer dimensions discount distributor donation
donations durability embroidery engraving event events export fabric fair feedback fitting franchise fragrance
guarantee height hire hotel influencer ingredients insurance internship job jobs lease leather length license loan
logo loyalty manual manufacturer market marketplace material measurements military model models nurse nurses
organic outlet packaging partner partnership personalisation personalization pockets preorder press producer
production rebate recycling referral rent rental reseller review reviews sample samples school security
seminar service software solar spare sponsor sponsoring sponsorship stock student subscription supplier
sustainability teacher teachers test tour trade training trial vegan voucher volunteer waterproof wedding
weight wholesale workshop
abholung anprobe ausbildung batterie beratung bewerbung gravur großhandel gutschein händler kooperation leihen
miete muster partnerschaft praktikum presse prospekt reparatur rezension sponsoring stelle stickerei verleih
alquiler bordado distribuidor empleo folleto grabado mayorista muestra patrocinio prensa préstamo taller
atelier broderie catalogue emploi fournisseur gravure grossiste location partenariat parrainage presse recrutement
"""
FREQUENT = frozenset(_LISTED.split())

_IN_HEADINGS = text(
    """
    SELECT word FROM unnest(:words) WITH ORDINALITY AS asked (word, place)
    CROSS JOIN LATERAL (
        SELECT count(*) AS passages FROM article_passage JOIN article USING (article_id)
        WHERE article.state = 'published' AND article_passage.language = :language
          AND article_passage.search @@ plainto_tsquery(CAST(:configuration AS regconfig), word)
          AND article_passage.title || ' ' || article_passage.heading ~* ('\\m' || word || '\\M')
    ) AS held
    WHERE passages > 0 ORDER BY passages, place LIMIT 1
    """
).bindparams(bindparam("words", type_=ARRAY(Text)))
_IN_CATALOGUE = text(
    """
    SELECT word FROM unnest(:words) WITH ORDINALITY AS asked (word, place)
    CROSS JOIN LATERAL (
        SELECT count(*) AS products FROM shop_product
        WHERE search @@ plainto_tsquery('english', word) AND title ~* ('\\m' || word || '\\M')
    ) AS sold
    WHERE products > 0 ORDER BY products, place LIMIT 1
    """
).bindparams(bindparam("words", type_=ARRAY(Text)))


async def topic_of(session: AsyncSession, question: str, language: str) -> str:
    """The word for which a question is counted, in lower case; empty if it holds none that may be shown.

    A word of the list above comes first, then the rarest of the catalogue, then the rarest of the articles' headings.
    """
    words = list(dict.fromkeys(_WORD.findall(question.lower())))[:_MOST_WORDS]
    listed = next((word for word in words if word in FREQUENT), "")
    if listed or not words:
        return listed
    long = [word for word in words if len(word) >= _LEAST_LETTERS]
    sold = (await session.execute(_IN_CATALOGUE, {"words": long})).scalar_one_or_none()
    if sold is not None:
        return str(sold)
    values = {"words": words, "language": language, "configuration": text_search_configuration(language)}
    return (await session.execute(_IN_HEADINGS, values)).scalar_one_or_none() or ""
