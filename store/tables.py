"""Every table of Baton, imported in one place, for migrations and checks."""

from store.access import ApiToken, DeskSession
from store.articles import Article, ArticlePassage
from store.commerce import (
    ShopCustomer,
    ShopOrder,
    ShopOrderLine,
    ShopPayment,
    ShopProduct,
    ShopShipment,
    ShopShipmentLine,
    ShopVariant,
)
from store.commerce_ledger import (
    ShopEffect,
    ShopHold,
    ShopNote,
    ShopPaymentLink,
    ShopPaymentMethod,
    ShopRefund,
    ShopReturn,
    ShopReturnLine,
    ShopStockMove,
    ShopTrackingEvent,
)
from store.commitment_table import Commitment
from store.conversations import Attachment, Conversation, Message
from store.customers import Customer, Identity
from store.faults import Fault, Quarantined
from store.flow_wishes import FlowWish
from store.flows import Flow, FlowClaim, FlowStep, FlowTask, Inquiry
from store.import_table import ShopImport
from store.interactions import Interaction
from store.journal import JournalRow
from store.knowledge_gaps import KnowledgeGap
from store.model_usage import ModelUsage
from store.one_time_codes import OneTimeCode
from store.outbox import OutboxRow
from store.policy_versions import PolicyVersion
from store.proofs import ClaimedOrder, IdentityProof, ProofRequest
from store.recalls import Recall, RecallNotice
from store.satisfaction import Satisfaction
from store.sla_clocks import SlaClock
from store.speaking import Draft, Suggestion
from store.switches import AiSwitch
from store.work import Agent, AgentTeam, Team, WorkItem, WorkPass

__all__ = [
    "Agent",
    "AgentTeam",
    "AiSwitch",
    "ApiToken",
    "Article",
    "ArticlePassage",
    "Attachment",
    "ClaimedOrder",
    "Commitment",
    "Conversation",
    "Customer",
    "DeskSession",
    "Draft",
    "Fault",
    "Flow",
    "FlowClaim",
    "FlowStep",
    "FlowTask",
    "FlowWish",
    "Identity",
    "IdentityProof",
    "Inquiry",
    "Interaction",
    "JournalRow",
    "KnowledgeGap",
    "Message",
    "ModelUsage",
    "OneTimeCode",
    "OutboxRow",
    "PolicyVersion",
    "ProofRequest",
    "Quarantined",
    "Recall",
    "RecallNotice",
    "Satisfaction",
    "ShopCustomer",
    "ShopEffect",
    "ShopHold",
    "ShopImport",
    "ShopNote",
    "ShopOrder",
    "ShopOrderLine",
    "ShopPayment",
    "ShopPaymentLink",
    "ShopPaymentMethod",
    "ShopProduct",
    "ShopRefund",
    "ShopReturn",
    "ShopReturnLine",
    "ShopShipment",
    "ShopShipmentLine",
    "ShopStockMove",
    "ShopTrackingEvent",
    "ShopVariant",
    "SlaClock",
    "Suggestion",
    "Team",
    "WorkItem",
    "WorkPass",
]
