"""Trying what a customer gives as proof: against an order of the shop, or the code that was sent.

Whether something may be tried, and whether it is right, is decided under the lock of what is tried, so that many
conversations at once have no more tries than one.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from domain.commerce import Order
from domain.proving import CODE_TRIES, WRONG_FOR_ONE, Means, code_of, fingerprint, same
from domain.proving_reading import Claim, email_key, postcode_key
from integrations.shop.protocol import ShopReads
from store.customers import claim_keys
from store.database import Database
from store.interactions import Interaction, lock_case
from store.locking import database_now, lock_row, take_turns
from store.one_time_codes import OneTimeCode, identities_proven, lock_everybody, newest_code, recognise
from store.policy_versions import PolicyShelf
from store.proofs import IdentityProof, note_try, tried_before, turn_of, wrong_against, wrong_tries


class ProofTrier:
    """Compares with the shop, and keeps count."""

    def __init__(self, database: Database, shop: ShopReads, secret_key: str) -> None:
        self._database = database
        self._shop = shop
        self._secret_key = secret_key
        self._shelf = PolicyShelf()

    async def try_orders(self, interaction_id: str, claims: Sequence[Claim]) -> bool:
        """Whether one of these is right, which then covers its order."""
        orders = {number: await self._shop.order(number) for number in {claim.order for claim in claims}}
        named = {number: _name(number, order) for number, order in orders.items()}
        async with self._database.begin() as session:
            await take_turns(session, sorted({turn_of(name) for name in named.values()}))
            _, interaction = await lock_case(session, interaction_id)
            tries = [(_try(interaction.id, one, named[one.order]), _belongs(one, orders[one.order])) for one in claims]
            tried = await self._compare(session, interaction, tries)
            found = {named[number]: order for number, order in orders.items() if order is not None}
            for proof in tried:
                if proof.proven:
                    order = found[proof.tried]
                    proof.order_number, proof.shop_customer_id = order.number, order.customer_id
                note_try(session, interaction, proof)
            return any(proof.proven for proof in tried)

    async def try_codes(self, interaction_id: str, numbers: Sequence[str]) -> bool:
        """Whether one of these is the newest code, whose customer the case's then is, with all that is theirs."""
        async with self._database.begin() as session:
            sent = await newest_code(session, interaction_id)
        if sent is None:
            return False
        buyer = await self._shop.customer(sent.shop_customer_id) if sent.shop_customer_id else None
        if sent.shop_customer_id and buyer is None:
            return False  # gone from the shop meanwhile
        claimed = identities_proven(buyer) if buyer else []
        async with self._database.begin() as session:
            await take_turns(session, [turn_of(sent.address), *claim_keys(claimed)])
            everybody, interaction = await lock_everybody(session, interaction_id, claimed)
            if everybody[interaction.customer_id].shop_customer_id is not None:
                return False  # signed in meanwhile
            code = await lock_row(session, OneTimeCode, sent.id)
            tried = await self._compare_codes(session, interaction, code, numbers)
            right = bool(tried) and tried[-1].proven
            if right and buyer is not None:
                await recognise(session, everybody, interaction, buyer)
            for proof in tried:
                note_try(session, interaction, proof)
        return right

    async def _compare_codes(
        self, session: AsyncSession, interaction: Interaction, code: OneTimeCode, numbers: Sequence[str]
    ) -> list[IdentityProof]:
        """What was tried anew with a locked code; a right number uses it up, and so do too many wrong ones."""
        now, digits = await database_now(session), code_of(self._secret_key, code.id)
        lives = code.lives(now) and bool(code.shop_customer_id)
        tries = [
            (_code_try(interaction.id, code, number), same(number, digits) and lives)
            for number in numbers[: max(1, CODE_TRIES - code.tries)]
        ]
        tried = await self._compare(session, interaction, tries)
        for proof in tried:
            if proof.proven:
                proof.shop_customer_id, code.used_at = code.shop_customer_id, now
            else:
                code.tries += 1
        return tried

    async def _compare(
        self, session: AsyncSession, interaction: Interaction, tries: Sequence[tuple[IdentityProof, bool]]
    ) -> list[IdentityProof]:
        """What was tried anew, up to the first that is right; as far as the case and what is tried have tries left."""
        policy = await self._shelf.version(session, interaction.policy_version)
        left = policy.assistant.proof_attempts - await wrong_tries(session, interaction.customer_id)
        tried: list[IdentityProof] = []
        for proof, fits in tries:
            if await tried_before(session, proof.claim):
                continue
            if len(tried) >= left:
                break
            proof.proven = fits and await wrong_against(session, proof.tried) < WRONG_FOR_ONE
            session.add(proof)
            tried.append(proof)
            if proof.proven:
                break
        return tried


def _try(interaction_id: str, claim: Claim, name: str) -> IdentityProof:
    key = fingerprint(interaction_id, claim.means, name, claim.value)
    return IdentityProof(interaction_id=interaction_id, means=claim.means.value, tried=name, claim=key, proven=False)


def _code_try(interaction_id: str, code: OneTimeCode, number: str) -> IdentityProof:
    key = fingerprint(code.id, number)
    return IdentityProof(
        interaction_id=interaction_id, means=Means.CODE.value, tried=code.address, claim=key, proven=False
    )


def _name(number: str, order: Order | None) -> str:
    """One name for an order, however it is written; one that does not exist has a name as well."""
    return f"order:{order.number if order else number.strip().upper()}"


def _belongs(claim: Claim, order: Order | None) -> bool:
    """Whether it is true. Without an order, something is compared as well."""
    if claim.means is Means.ORDER_POSTCODE:
        known = postcode_key(order.address.postcode or order.postcode) if order else ""
    else:
        known = email_key(order.email) if order else ""
    return same(claim.value, known) and order is not None and bool(order.customer_id)
