"""What the local assistant says in French: see `texts.text`."""

from domain.commerce import MethodKind, OrderState, ReturnState, ShipmentState
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.triage import IssueType
from integrations.assistant.local.texts.text import (
    MoneyTexts,
    OrderTexts,
    ProductTexts,
    Questions,
    ReturnTexts,
    Texts,
)

_ASK = Questions(
    greeting="Bonjour ! En quoi puis-je vous aider ?",
    problem="Je vous aide volontiers. Pourriez-vous me dire en une ou deux phrases de quoi il s'agit, "
    "par exemple une commande, un retour ou un produit ?",
    which_of_two="Je veux être sûr de bien vous comprendre. Votre message concerne-t-il {first} ou {second} ?",
    proof="Je peux regarder dès que je sais que la commande est la vôtre. "
    "Pourriez-vous m'envoyer le numéro de commande et l'adresse e-mail ou le code postal utilisé ?",
    which_order="Vous avez plusieurs commandes chez nous. De laquelle parlez-vous ?\n{choices}",
    number_again="Je ne trouve pas {number} parmi vos commandes. Pourriez-vous vérifier le numéro ?",
    no_orders="Je ne trouve aucune commande sur votre compte. Pourriez-vous me donner le numéro de commande ?",
)

_ORDER = OrderTexts(
    choice="- {number} du {placed} : {items}",
    state={
        OrderState.PENDING: "La commande {number} du {placed} nous est parvenue et attend son paiement.",
        OrderState.PAID: "La commande {number} du {placed} est payée et en préparation. Elle n'est pas encore partie.",
        OrderState.PARTLY_SHIPPED: "Une partie de la commande {number} du {placed} est en route ; "
        "le reste est encore en préparation.",
        OrderState.SHIPPED: "La commande {number} du {placed} a été expédiée.",
        OrderState.DELIVERED: "La commande {number} du {placed} a été livrée.",
        OrderState.CANCELLED: "La commande {number} du {placed} est annulée.",
        OrderState.RETURNED: "La commande {number} du {placed} nous est revenue.",
    },
    on_its_way="La commande {number} du {placed} voyage en {parcels} colis.",
    parcel={
        ShipmentState.LABEL_CREATED: "{parcel} ({items}) est prêt et attend d'être pris en charge par "
        "{carrier}.{expected}",
        ShipmentState.IN_TRANSIT: "{parcel} ({items}) est en route avec {carrier}.{expected}",
        ShipmentState.OUT_FOR_DELIVERY: "{parcel} ({items}) est en cours de livraison par {carrier}.{expected}",
        ShipmentState.DELIVERED: "{parcel} ({items}) a été livré par {carrier}{on}{to}.",
        ShipmentState.EXCEPTION: "{parcel} ({items}) : {carrier} signale un problème de livraison.{expected}",
        ShipmentState.RETURNED: "{parcel} ({items}) nous est revenu.",
    },
    parcel_alone="Le colis",
    parcel_of_several="Le colis {index} sur {count}",
    on=" le {day}",
    to=", à l'adresse de {city}",
    tracking=" Numéro de suivi : {tracking}.",
    tracking_link=" Numéro de suivi : {tracking}, {url}",
    expected=" Livraison prévue le {day}.",
    overdue=" La livraison était prévue le {day} et elle est en retard.",
    no_day=" Le transporteur n'a pas indiqué de jour de livraison.",
    not_sent_yet="Pas encore expédié : {items}.",
    no_day_before_sending="Il n'y a pas encore de date de livraison.",
    cancelled_lines="Annulé dans cette commande : {items}.",
    when_expected="{items} : la livraison est prévue le {day}.",
    when_overdue="{items} : la livraison était prévue le {day}, elle est donc en retard.",
    when_unknown="{items} : {carrier} n'a pas encore indiqué de jour de livraison.",
    when_delivered="{items} : livré le {day}.",
    when_not_sent="{items} : pas encore expédié, je n'ai donc pas de date de livraison.",
    tracking_of="{items} : le numéro de suivi chez {carrier} est {tracking}.",
    tracking_none="La commande {number} n'a pas encore de numéro de suivi, car rien n'a encore été expédié.",
    items_of="La commande {number} contient : {items}.",
    total_of="La commande {number} a coûté {total}.",
    goes_to="La commande {number} part à l'adresse de {city}.",
    and_more="{items} et {count} autres",
)

_MONEY = MoneyTexts(
    refunded="Pour la commande {number}, nous avons remboursé {amount} le {day}, {method}.",
    methods={
        MethodKind.CARD: "sur la carte utilisée pour le paiement",
        MethodKind.PAYPAL: "sur le compte PayPal",
        MethodKind.TRANSFER: "par virement",
        MethodKind.GIFT_CARD: "sur la carte cadeau",
        MethodKind.STORE_CREDIT: "sous forme d'avoir",
    },
    paid_once="Pour la commande {number}, un seul paiement est enregistré : {amount}, {method}.",
    paid_by={
        MethodKind.CARD: "par carte",
        MethodKind.PAYPAL: "par PayPal",
        MethodKind.TRANSFER: "par virement",
        MethodKind.GIFT_CARD: "par carte cadeau",
        MethodKind.STORE_CREDIT: "avec un avoir",
    },
)

_RETURNS = ReturnTexts(
    flow={
        FlowState.WORKING: "{about} : demande enregistrée le {day}, en cours de traitement.",
        FlowState.AWAITING_APPROVAL: "{about} : demande enregistrée le {day} ; une personne de notre équipe l'examine.",
        FlowState.AWAITING_PAYMENT: "{about} : demande enregistrée le {day}, en attente de votre paiement.",
        FlowState.AWAITING_PHOTO: "{about} : demande enregistrée le {day}, en attente d'une photo de votre part.",
        FlowState.AWAITING_PARCEL: "{about} : demande enregistrée le {day} ; le colis n'a pas encore été déposé.",
        FlowState.IN_TRANSIT: "{about} : demande enregistrée le {day} ; le colis est en route vers nous.",
        FlowState.AWAITING_INSPECTION: "{about} : demande enregistrée le {day} ; il est arrivé, nous l'examinons.",
        FlowState.AWAITING_CUSTOMER: "{about} : demande enregistrée le {day}, en attente de votre choix.",
        FlowState.AWAITING_PARTY: "{about} : demande enregistrée le {day} ; nous attendons la réponse d'un partenaire.",
        FlowState.AWAITING_PERSON: "{about} : demande enregistrée le {day} ; une personne de notre équipe s'en occupe.",
        FlowState.WAITING: "{about} : demande enregistrée le {day}, elle suit son cours.",
    },
    ended={
        FlowOutcome.SETTLED: "{about} : terminé le {day}.",
        FlowOutcome.DECLINED: "{about} : refusé le {day}.",
        FlowOutcome.EXPIRED: "{about} : clos le {day}, le délai étant passé.",
        FlowOutcome.CANCELLED: "{about} : abandonné le {day}.",
        FlowOutcome.COMPENSATED: "{about} : cela n'a pas pu aboutir et a été défait le {day}.",
        FlowOutcome.NO_LONGER_TRUE: "{about} : clos le {day}.",
    },
    record={
        ReturnState.OPEN: "{about} : demande enregistrée ; le colis ne nous est pas encore parvenu.",
        ReturnState.CLOSED: "{about} : terminé.",
        ReturnState.CANCELLED: "{about} : abandonné.",
    },
    record_arrived="{about} : le colis nous est parvenu et nous l'examinons.",
    kinds={
        FlowKind.RETURN: "Retour de la commande {number}",
        FlowKind.EXCHANGE: "Échange de la commande {number}",
        FlowKind.CANCELLATION: "Annulation de la commande {number}",
        FlowKind.ADDRESS_CHANGE: "Changement d'adresse de la commande {number}",
        FlowKind.ITEM_CHANGE: "Changement d'articles de la commande {number}",
        FlowKind.PAYMENT_CHANGE: "Changement de paiement de la commande {number}",
        FlowKind.REFUND: "Remboursement de la commande {number}",
        FlowKind.CLAIM: "Réclamation de la commande {number}",
        FlowKind.INQUIRY: "Notre question sur la commande {number}",
        FlowKind.OUTREACH: "Notre message sur la commande {number}",
        FlowKind.CUSTOM: "Demande pour la commande {number}",
    },
)

_PRODUCT = ProductTexts(
    attribute="{title}, {attribute} : {value}.",
    attributes={
        "material": "matière",
        "care": "entretien",
        "waterproof": "imperméabilité",
        "fit": "coupe",
        "itch": "toucher",
        "length": "longueur",
        "weight": "poids",
        "capacity": "contenance",
    },
    options={
        "sizes": "{title} existe dans ces tailles : {values}.",
        "colours": "{title} existe dans ces couleurs : {values}.",
    },
    in_stock="disponible actuellement : {values}.",
    sold_out="épuisé pour le moment : {values}.",
    price="{title} coûte {prices}.",
)

FRENCH = Texts(
    ask=_ASK,
    order=_ORDER,
    money=_MONEY,
    returns=_RETURNS,
    product=_PRODUCT,
    issue={
        IssueType.ORDER_STATUS: "le suivi d'une commande",
        IssueType.DELIVERY: "une livraison",
        IssueType.RETURN: "un retour",
        IssueType.EXCHANGE: "un échange",
        IssueType.REFUND: "un remboursement",
        IssueType.CANCEL_ORDER: "l'annulation d'une commande",
        IssueType.CHANGE_ORDER: "la modification d'une commande",
        IssueType.DAMAGED_WRONG: "un article arrivé abîmé, erroné ou incomplet",
        IssueType.PRODUCT_QUESTION: "un produit",
        IssueType.BILLING: "un paiement ou une facture",
        IssueType.ACCOUNT: "votre compte",
        IssueType.PROMO: "une remise ou un code",
        IssueType.SUBSCRIPTION: "une adhésion ou un abonnement",
        IssueType.COMPLAINT: "quelque chose dont vous n'êtes pas satisfait",
        IssueType.HUMAN: "l'échange avec une personne",
        IssueType.SITE_ISSUE: "un problème avec notre site",
    },
    source="{text}\n(De notre page d'aide « {title} »)",
    source_link="{text}\n(De notre page d'aide « {title} »)\n{url}",
    welcome="Avec plaisir ! Écrivez-nous quand vous voulez.",
    suggested_opening="Bonjour{name}, merci pour votre message concernant {issue}. Je regarde cela pour vous.",
    your_request="votre demande",
    day="EEEE d MMMM",
    day_and_year="d MMMM y",
)
