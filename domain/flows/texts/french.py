"""What flows say in French: see `domain.flows.texts.text`."""

from domain.flows.kinds import FlowKind
from domain.flows.texts.text import FlowTexts

_FOLLOW = "Suivez-le ici : {link}"
_DELAY = (
    "Nous en sommes désolés.",
    "Nous pouvons vous le renvoyer, vous rembourser ou attendre avec vous : répondez simplement à ce message.",
    "Ou choisissez ici : {link}",
)

FRENCH = FlowTexts(
    subjects={
        FlowKind.RETURN: "Votre retour",
        FlowKind.EXCHANGE: "Votre échange",
        FlowKind.CANCELLATION: "Votre annulation",
        FlowKind.ADDRESS_CHANGE: "Votre changement d'adresse",
        FlowKind.ITEM_CHANGE: "Votre changement d'articles",
        FlowKind.PAYMENT_CHANGE: "Votre changement de paiement",
        FlowKind.REFUND: "Votre remboursement",
        FlowKind.CLAIM: "Votre réclamation",
        FlowKind.INQUIRY: "Votre demande",
        FlowKind.OUTREACH: "Votre livraison",
        FlowKind.CUSTOM: "Votre demande",
    },
    of_order="{subject}, commande {order}",
    choices={
        "refund": "un remboursement",
        "store_credit": "un avoir",
        "wait": "attendre le retour en stock",
        "reship": "un nouvel envoi",
    },
    either=" ou ",
    words={
        "in_review": ("{about} : une personne de notre équipe s'en occupe, et vous aurez de nos nouvelles.", _FOLLOW),
        "declined": ("{about} : nous regrettons de ne pas pouvoir le faire.",),
        "declined:not_approved": ("{about} : après examen, nous regrettons de ne pas pouvoir l'accepter.",),
        "declined:parcel_lost": ("{about} : le colis ne nous est pas parvenu, le dossier est clos. Écrivez-nous.",),
        "called_off": ("{about} : c'est annulé, et ce qui avait été commencé est défait.",),
        "called_off:customer": ("{about} : annulé, comme vous le souhaitiez. Ce qui avait été commencé est défait.",),
        "expired": ("{about} : le délai est passé et nous l'avons clos. Écrivez-nous si vous en avez encore besoin.",),
        "expired:parcel": (
            "{about} : le colis n'a pas été déposé à temps, le dossier est clos. L'étiquette n'est plus valable.",
            "Écrivez-nous si vous souhaitez encore le renvoyer.",
        ),
        "expired:payment": ("{about} : paiement non reçu à temps, le dossier est clos et rien n'est débité.",),
        "expired:photo": ("{about} : nous n'avons pas reçu de photo à temps. Écrivez-nous pour continuer.",),
        "undone": ("{about} : cela n'a pas pu aboutir, et ce qui avait été commencé est défait.",),
        "return_opened": ("{about} : il est enregistré. La boutique vous remboursera à l'arrivée.", _FOLLOW),
        "exchange_opened": ("{about} : il est enregistré. La boutique vous enverra le nouvel article.", _FOLLOW),
        "label": (
            "{about} : tout est prêt pour le renvoi.",
            "Votre étiquette : {label}.",
            "Votre code pour le point de dépôt : {code}.",
            "Merci de déposer le colis avant le {by}.",
            _FOLLOW,
        ),
        "reminder": (
            "{about} : le colis n'a pas encore été déposé.",
            "Votre étiquette : {label}.",
            "Votre code pour le point de dépôt : {code}.",
            "Vous pouvez le déposer jusqu'au {by}.",
            _FOLLOW,
        ),
        "received": (
            "{about} : le colis est arrivé et nous l'examinons.",
            "Vous serez remboursé avant le {refund_by}.",
            _FOLLOW,
        ),
        "keep_it": ("{about} : inutile de renvoyer quoi que ce soit. Vous pouvez garder l'article.",),
        "refunded": (
            "{about} : tout est réglé.",
            "Nous avons remboursé {amount}.",
            "Nous avons ajouté {credit} à votre avoir.",
        ),
        "partly_refunded": (
            "{about} : nous n'avons pas pu accepter tout ce qui est revenu.",
            "Pour le reste, nous avons remboursé {amount}.",
            "Pour le reste, nous avons ajouté {credit} à votre avoir.",
        ),
        "not_accepted": ("{about} : après examen, nous regrettons de ne pas pouvoir accepter ce qui est revenu.",),
        "out_of_stock": (
            "{about} : l'article choisi n'est plus en stock, nous en sommes désolés.",
            "Il s'agit de {items}.",
            "Vous avez le choix : {choices}. Répondez-nous ce que vous préférez.",
            "Sans réponse avant le {by}, nous vous remboursons.",
            "Ou choisissez ici : {link}",
        ),
        "back_in_stock": ("{about} : l'article choisi est de nouveau en stock et réservé pour vous.",),
        "swapped_for_refund": (
            "{about} : l'article choisi n'étant plus en stock, vous serez remboursé dès le retour du colis.",
        ),
        "swapped_for_refund:store_credit": (
            "{about} : l'article choisi n'étant plus en stock, vous recevrez un avoir dès le retour du colis.",
        ),
        "pay": (
            "{about} : votre nouveau choix coûte plus cher.",
            "Montant à payer : {charge}.",
            "Le lien est valable jusqu'au {by}.",
            "Payez ici : {payment_url}",
        ),
        "shipped": ("{about} : le nouvel article est en route.", "Numéro de suivi : {tracking}.", _FOLLOW),
        "exchanged": ("{about} : tout est réglé. Profitez bien de votre choix !",),
        "partly_exchanged": (
            "{about} : nous n'avons pas pu accepter tout ce qui est revenu, une partie seulement est échangée.",
            "Pour le reste, nous avons remboursé {amount}.",
        ),
        "not_sent_back": (
            "{about} : vous avez le nouvel article, mais le premier n'est pas revenu. Une personne vous écrira.",
        ),
        "order_cancelled": ("{about} : c'est annulé.", "Nous avons remboursé {amount}."),
        "address_changed": ("{about} : le colis ira à la nouvelle adresse.",),
        "items_changed": ("{about} : les articles ont été changés comme vous le souhaitiez.",),
        "payment_changed": ("{about} : le nouveau moyen de paiement est pris en compte.",),
        "refund_made": (
            "{about} : c'est en route.",
            "Nous avons remboursé {amount}.",
            "Ajouté à votre avoir : {credit}.",
        ),
        "photo_wanted": (
            "{about} : pour que nous puissions régler cela, envoyez-nous une photo, s'il vous plaît.",
            "Nous pouvons l'attendre jusqu'au {by}.",
            "Vous pouvez la déposer ici : {link}",
        ),
        "delay_late": ("{about} : votre colis est en retard.", "Il était attendu le {expected}.", *_DELAY),
        "delay_no_scan": ("{about} : votre colis n'a pas été scanné en route depuis quelques jours.", *_DELAY),
        "delay_exception": ("{about} : le transporteur signale un problème avec votre colis.", *_DELAY),
        "delay_returned": ("{about} : votre colis revient vers nous au lieu d'aller chez vous.", *_DELAY),
        "delay_waiting": (
            "{about} : nous attendons avec vous et surveillons le colis. S'il n'avance pas, quelqu'un s'en occupe.",
        ),
        "delay_choice_taken": ("{about} : nous nous en occupons maintenant.",),
        "delay_choice_taken:reship": ("{about} : nous le renvoyons et vous préviendrons dès qu'il sera en route.",),
        "delay_choice_taken:refund": ("{about} : nous vous remboursons et vous préviendrons quand ce sera fait.",),
        "delay_person": ("{about} : merci de votre réponse. Une personne s'en occupe et vous écrira.",),
    },
)
