"""What flows say in Spanish: see `domain.flows.texts.text`."""

from domain.flows.kinds import FlowKind
from domain.flows.texts.text import FlowTexts

_FOLLOW = "Puede seguirlo aquí: {link}"
_DELAY = (
    "Lo sentimos.",
    "Podemos enviarlo de nuevo, devolverle el dinero o esperar con usted: responda a este mensaje con lo que prefiera.",
    "O elija aquí: {link}",
)

SPANISH = FlowTexts(
    subjects={
        FlowKind.RETURN: "Su devolución",
        FlowKind.EXCHANGE: "Su cambio",
        FlowKind.CANCELLATION: "Su cancelación",
        FlowKind.ADDRESS_CHANGE: "Su cambio de dirección",
        FlowKind.ITEM_CHANGE: "Su cambio de artículos",
        FlowKind.PAYMENT_CHANGE: "Su cambio de forma de pago",
        FlowKind.REFUND: "Su reembolso",
        FlowKind.CLAIM: "Su reclamación",
        FlowKind.INQUIRY: "Su consulta",
        FlowKind.OUTREACH: "Su entrega",
        FlowKind.CUSTOM: "Su solicitud",
    },
    of_order="{subject}, pedido {order}",
    choices={
        "refund": "un reembolso",
        "store_credit": "un saldo en la tienda",
        "wait": "esperar a que vuelva a haber existencias",
        "reship": "un nuevo envío",
    },
    either=" o ",
    words={
        "in_review": ("{about}: una persona de nuestro equipo lo está revisando y le informaremos.", _FOLLOW),
        "declined": ("{about}: lamentamos no poder hacerlo.",),
        "declined:not_approved": ("{about}: lo hemos revisado y lamentamos no poder aprobarlo.",),
        "declined:parcel_lost": ("{about}: el paquete no nos ha llegado y hemos tenido que cerrarlo. Escríbanos.",),
        "called_off": ("{about}: se ha anulado, y lo que se había empezado queda deshecho.",),
        "called_off:customer": ("{about}: anulado, como deseaba. Lo que se había empezado queda deshecho.",),
        "expired": ("{about}: el plazo ha terminado y lo hemos cerrado. Escríbanos si aún lo necesita.",),
        "expired:parcel": (
            "{about}: el paquete no se entregó a tiempo y lo hemos cerrado. La etiqueta ya no sirve.",
            "Escríbanos si todavía quiere devolverlo.",
        ),
        "expired:payment": ("{about}: el pago no llegó a tiempo; lo hemos cerrado y no hemos cobrado nada.",),
        "expired:photo": ("{about}: no recibimos una foto a tiempo y lo hemos cerrado. Escríbanos para continuar.",),
        "undone": ("{about}: no se ha podido completar, y lo que se había empezado queda deshecho.",),
        "return_opened": ("{about}: queda registrada. La tienda le reembolsará cuando llegue.", _FOLLOW),
        "exchange_opened": ("{about}: queda registrado. La tienda le enviará el artículo nuevo.", _FOLLOW),
        "label": (
            "{about}: todo está listo para enviarlo de vuelta.",
            "Su etiqueta: {label}.",
            "Su código para el punto de entrega: {code}.",
            "Entregue el paquete antes del {by}, por favor.",
            _FOLLOW,
        ),
        "reminder": (
            "{about}: el paquete todavía no se ha entregado.",
            "Su etiqueta: {label}.",
            "Su código para el punto de entrega: {code}.",
            "Puede entregarlo hasta el {by}.",
            _FOLLOW,
        ),
        "received": (
            "{about}: el paquete ha llegado y lo estamos revisando.",
            "Tendrá su reembolso antes del {refund_by}.",
            _FOLLOW,
        ),
        "keep_it": ("{about}: no hace falta que envíe nada de vuelta. Puede quedárselo.",),
        "refunded": (
            "{about}: todo listo.",
            "Le hemos reembolsado {amount}.",
            "Hemos añadido {credit} a su saldo en la tienda.",
        ),
        "partly_refunded": (
            "{about}: no hemos podido aceptar todo lo que llegó.",
            "Por el resto le hemos reembolsado {amount}.",
            "Por el resto hemos añadido {credit} a su saldo en la tienda.",
        ),
        "not_accepted": ("{about}: hemos revisado lo que llegó y lamentamos no poder aceptarlo.",),
        "out_of_stock": (
            "{about}: lo que eligió ya no está disponible, lo sentimos.",
            "Se trata de {items}.",
            "Puede elegir {choices}: responda, por favor, con lo que prefiera.",
            "Si no responde antes del {by}, le reembolsaremos.",
            "O elija aquí: {link}",
        ),
        "back_in_stock": ("{about}: lo que eligió vuelve a estar disponible y lo hemos reservado para usted.",),
        "swapped_for_refund": (
            "{about}: como lo que eligió no está disponible, recibirá un reembolso cuando nos llegue el artículo.",
        ),
        "swapped_for_refund:store_credit": (
            "{about}: lo que eligió no está disponible; recibirá un saldo en la tienda cuando nos llegue el artículo.",
        ),
        "pay": (
            "{about}: lo que ha elegido cuesta más.",
            "Importe por pagar: {charge}.",
            "El enlace sirve hasta el {by}.",
            "Pague aquí: {payment_url}",
        ),
        "shipped": ("{about}: el artículo nuevo está en camino.", "Número de seguimiento: {tracking}.", _FOLLOW),
        "exchanged": ("{about}: todo listo. ¡Que lo disfrute!",),
        "partly_exchanged": (
            "{about}: no hemos podido aceptar todo lo que llegó, así que solo se ha cambiado una parte.",
            "Por el resto le hemos reembolsado {amount}.",
        ),
        "not_sent_back": (
            "{about}: ya tiene el artículo nuevo, pero el primero no ha vuelto. Una persona le escribirá.",
        ),
        "order_cancelled": ("{about}: queda cancelado.", "Le hemos reembolsado {amount}."),
        "address_changed": ("{about}: el paquete irá a la nueva dirección.",),
        "items_changed": ("{about}: los artículos se han cambiado como deseaba.",),
        "payment_changed": ("{about}: se paga con la nueva forma de pago.",),
        "refund_made": (
            "{about}: está en camino.",
            "Le hemos reembolsado {amount}.",
            "Añadido a su saldo en la tienda: {credit}.",
        ),
        "photo_wanted": (
            "{about}: para poder resolverlo, envíenos una foto, por favor.",
            "Podemos esperarla hasta el {by}.",
            "Puede subirla aquí: {link}",
        ),
        "delay_late": ("{about}: su paquete llega con retraso.", "Se esperaba el {expected}.", *_DELAY),
        "delay_no_scan": ("{about}: hace días que no se registra ningún movimiento de su paquete.", *_DELAY),
        "delay_exception": ("{about}: el transportista informa de un problema con su paquete.", *_DELAY),
        "delay_returned": ("{about}: su paquete está volviendo a nosotros en lugar de ir a usted.", *_DELAY),
        "delay_waiting": ("{about}: esperamos con usted y vigilamos el paquete. Si no avanza, lo verá una persona.",),
        "delay_choice_taken": ("{about}: nos ocupamos ahora mismo.",),
        "delay_choice_taken:reship": ("{about}: lo enviamos de nuevo y le avisaremos cuando esté en camino.",),
        "delay_choice_taken:refund": ("{about}: le devolvemos el dinero y le avisaremos cuando esté hecho.",),
        "delay_person": ("{about}: gracias por su respuesta. Una persona se ocupa de ello y le escribirá.",),
    },
)
