"""Proof of identity in a conversation: reading what was given, and asking for what is missing."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.sending_codes import CodeSender, NewCode
from activities.trying_proofs import ProofTrier
from domain.case import Case
from domain.commerce import ShopCustomer
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.proposal import Handoff, HandoffReason, Proposal, Question
from domain.proving import REQUESTS, Means, fingerprint
from domain.proving_reading import Claim, asks_for_code, claims_of, codes_in, digits_of, email_key, given
from domain.proving_words import Telling, proof_words
from domain.triage import Entities
from integrations.shop.protocol import ShopReads
from store.database import Database
from store.interactions import Interaction, lock_interaction
from store.journal import Happening, note
from store.locking import take_turns
from store.one_time_codes import OneTimeCode, issue_code
from store.policy_versions import PolicyShelf
from store.proofs import (
    claim_orders,
    count_request,
    failed_since,
    mail_thread,
    orders_claimed,
    turn_of,
    wrong_tries,
)


class Proving:
    """Hears proofs and asks for them. A failed proof says the same whether or not the order or address exists.

    Without `codes`, proof is by order number alone.
    """

    def __init__(self, database: Database, shop: ShopReads, codes: CodeSender | None = None) -> None:
        self._database = database
        self._shop = shop
        self._codes = codes
        self._trier = ProofTrier(database, shop, codes.secret_key if codes else "")
        self._shelf = PolicyShelf()

    # --- hearing --------------------------------------------------------------------------------------------------

    async def hear(self, case: Case, named: Entities) -> bool:
        """Whether the customer's unanswered words prove who they are; recorded once, and limited in tries."""
        if case.new_turns == 0 or (case.verified and case.proven_orders is None):
            return False
        orders = {digits_of(number) for number in named.order_numbers}
        codes = [code for code in codes_in(_now(case)) if code not in orders]
        if self._codes and codes and await self._trier.try_codes(case.interaction_id, codes):
            return True
        claims = await self._claims(case, named)
        return bool(claims) and await self._trier.try_orders(case.interaction_id, claims)

    async def _claims(self, case: Case, named: Entities) -> tuple[Claim, ...]:
        """What these words, with those before them, say about which order."""
        known = case.proven_orders or ()
        numbers = tuple(number for number in named.order_numbers if number not in known)[:2]
        async with self._database.begin() as session:
            before = await orders_claimed(session, case.interaction_id)
            await claim_orders(session, case.interaction_id, numbers)
            thread = await mail_thread(session, [turn.message_id for turn in case.unanswered_turns])
        earlier = tuple(number for number in before if number not in {*numbers, *known})
        now = given(_now(case)).with_read(named)
        return claims_of(numbers, earlier, now, given(_before(case)), email_key(thread.address) if thread else "")

    # --- asking ---------------------------------------------------------------------------------------------------

    async def ask(self, case: Case, question: Question) -> Proposal:
        """What is said to somebody who is to prove who they are: a question, or a handoff when tries are used up."""
        if not case.new_turns:
            return question
        language = case.triage.language if case.triage else "en"
        address = await self._address_for_code(case)
        buyer = await self._shop.customer_by_email(address) if address else None
        async with self._database.begin() as session:
            if address:
                await take_turns(session, [turn_of(_stand_in(address))])
            interaction = await lock_interaction(session, case.interaction_id)
            policy = await self._shelf.version(session, interaction.policy_version)
            if await _used_up(session, case, interaction, policy):
                return Handoff(reason=HandoffReason.POLICY_RESTRICTION)
            telling = Telling.CODE_SENT if address else await _telling(session, case)
            code = await _code_for(session, case, interaction, address, buyer) if address else None
            thread = await mail_thread(session, [turn.message_id for turn in case.turns]) if code else None
        if code is not None and buyer is not None and self._codes is not None:
            answers = thread.message_id if thread and thread.address == email_key(buyer.email) else ""
            self._codes.send(NewCode(code.id, buyer.email, policy.brand.name, language, in_reply_to=answers))
        words = proof_words(telling, language, codes=self._codes is not None)
        return question.model_copy(update={"text": words, "asks_proof": True})

    async def _address_for_code(self, case: Case) -> str:
        """Where a code is to go: the address that is given without an order; or they speak of a code, or write by mail.

        Empty if nothing of the kind is wanted.
        """
        if self._codes is None:
            return ""
        emails, before = given(_now(case)).emails, given(_before(case)).emails
        names_order = bool(case.triage and case.triage.entities.order_numbers)
        if (emails and not names_order) or ((emails or before) and asks_for_code(case.unanswered)):
            return (emails or before)[0]
        if emails or before or names_order:
            return ""
        async with self._database.begin() as session:
            claimed = await orders_claimed(session, case.interaction_id)
            thread = await mail_thread(session, [turn.message_id for turn in case.unanswered_turns])
        return email_key(thread.address) if thread and not claimed else ""


async def _used_up(session: AsyncSession, case: Case, interaction: Interaction, policy: Policy) -> bool:
    """Too many wrong tries, or asked too often; the same words are asked about once, however often this runs."""
    asked = await count_request(session, interaction.id, case.unanswered_turns[0].message_id)
    return asked > REQUESTS or await wrong_tries(session, interaction.customer_id) >= policy.assistant.proof_attempts


async def _code_for(
    session: AsyncSession, case: Case, interaction: Interaction, address: str, buyer: ShopCustomer | None
) -> OneTimeCode | None:
    whom = buyer.customer_id if buyer else ""
    word = case.unanswered_turns[-1].message_id
    code, new = await issue_code(session, interaction.id, word, _stand_in(address), whom)
    if new and buyer is not None:
        note(session, Happening.CODE_SENT, interaction=interaction)
    return code


async def _telling(session: AsyncSession, case: Case) -> Telling:
    failed = await failed_since(session, case.interaction_id, case.unanswered_turns[0].at)
    if failed:
        return Telling.WRONG_CODE if failed == {Means.CODE} else Telling.WRONG
    claimed = await orders_claimed(session, case.interaction_id)
    return Telling.ASK_REST if claimed and not case.proven_orders else Telling.ASK


def _stand_in(address: str) -> str:
    return f"address:{fingerprint(address)}"


def _now(case: Case) -> list[str]:
    return [turn.text for turn in case.unanswered_turns]


def _before(case: Case) -> list[str]:
    """What the customer has said before that, oldest first."""
    mine = [turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER]
    return mine[: len(mine) - case.new_turns]
