"""What the local assistant says in Spanish: see `texts.text`."""

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
    greeting="¡Hola! ¿En qué puedo ayudarle?",
    problem="Con gusto le ayudo. ¿Podría decirme en una o dos frases de qué se trata, "
    "por ejemplo de un pedido, una devolución o un producto?",
    which_of_two="Quiero estar seguro de entenderle bien. ¿Su mensaje es sobre {first} o sobre {second}?",
    proof="Puedo consultarlo en cuanto sepa que el pedido es suyo. "
    "¿Podría enviarme el número de pedido y el correo electrónico o el código postal que usó en él?",
    which_order="Tiene más de un pedido con nosotros. ¿A cuál se refiere?\n{choices}",
    number_again="No encuentro {number} entre sus pedidos. ¿Podría comprobar el número?",
    no_orders="No encuentro ningún pedido en su cuenta. ¿Podría darme el número de pedido?",
)

_ORDER = OrderTexts(
    choice="- {number} del {placed}: {items}",
    state={
        OrderState.PENDING: "El pedido {number} del {placed} nos ha llegado y está pendiente de pago.",
        OrderState.PAID: "El pedido {number} del {placed} está pagado y lo estamos preparando. Todavía no ha salido.",
        OrderState.PARTLY_SHIPPED: "Una parte del pedido {number} del {placed} está en camino; "
        "el resto aún se está preparando.",
        OrderState.SHIPPED: "El pedido {number} del {placed} se ha enviado.",
        OrderState.DELIVERED: "El pedido {number} del {placed} se ha entregado.",
        OrderState.CANCELLED: "El pedido {number} del {placed} está cancelado.",
        OrderState.RETURNED: "El pedido {number} del {placed} ha vuelto a nosotros.",
    },
    on_its_way="El pedido {number} del {placed} viaja en {parcels} paquetes.",
    parcel={
        ShipmentState.LABEL_CREATED: "{parcel} ({items}) está preparado y espera a que {carrier} lo recoja.{expected}",
        ShipmentState.IN_TRANSIT: "{parcel} ({items}) está en camino con {carrier}.{expected}",
        ShipmentState.OUT_FOR_DELIVERY: "{parcel} ({items}) está en reparto con {carrier}.{expected}",
        ShipmentState.DELIVERED: "{parcel} ({items}): {carrier} lo entregó{on}{to}.",
        ShipmentState.EXCEPTION: "{parcel} ({items}): {carrier} comunica un problema con la entrega.{expected}",
        ShipmentState.RETURNED: "{parcel} ({items}) ha vuelto a nosotros.",
    },
    parcel_alone="El paquete",
    parcel_of_several="Paquete {index} de {count}",
    on=" el {day}",
    to=" en la dirección de {city}",
    tracking=" Número de seguimiento: {tracking}.",
    tracking_link=" Número de seguimiento: {tracking}, {url}",
    expected=" Entrega prevista: {day}.",
    overdue=" La entrega estaba prevista para el {day} y lleva retraso.",
    no_day=" El transportista no ha indicado ningún día de entrega.",
    not_sent_yet="Aún sin enviar: {items}.",
    no_day_before_sending="Todavía no hay fecha de entrega.",
    cancelled_lines="Cancelado en él: {items}.",
    when_expected="{items}: la entrega está prevista para el {day}.",
    when_overdue="{items}: la entrega estaba prevista para el {day}, así que lleva retraso.",
    when_unknown="{items}: {carrier} todavía no ha indicado el día de entrega.",
    when_delivered="{items}: entregado el {day}.",
    when_not_sent="{items}: aún sin enviar, por eso no tengo fecha de entrega.",
    tracking_of="{items}: el número de seguimiento de {carrier} es {tracking}.",
    tracking_none="El pedido {number} todavía no tiene número de seguimiento, porque aún no se ha enviado nada.",
    items_of="El pedido {number} contiene: {items}.",
    total_of="El pedido {number} costó {total}.",
    goes_to="El pedido {number} va a la dirección de {city}.",
    and_more="{items} y {count} más",
)

_MONEY = MoneyTexts(
    refunded="Por el pedido {number} devolvimos {amount} el {day}, {method}.",
    methods={
        MethodKind.CARD: "a la tarjeta con la que se pagó",
        MethodKind.PAYPAL: "a la cuenta de PayPal",
        MethodKind.TRANSFER: "por transferencia",
        MethodKind.GIFT_CARD: "a la tarjeta regalo",
        MethodKind.STORE_CREDIT: "como saldo en la tienda",
    },
    paid_once="Para el pedido {number} consta un solo pago: {amount}, {method}.",
    paid_by={
        MethodKind.CARD: "con tarjeta",
        MethodKind.PAYPAL: "con PayPal",
        MethodKind.TRANSFER: "por transferencia",
        MethodKind.GIFT_CARD: "con tarjeta regalo",
        MethodKind.STORE_CREDIT: "con saldo de la tienda",
    },
)

_RETURNS = ReturnTexts(
    flow={
        FlowState.WORKING: "{about}: solicitud registrada el {day}, se está tramitando.",
        FlowState.AWAITING_APPROVAL: "{about}: solicitud registrada el {day}; una persona de nuestro equipo la revisa.",
        FlowState.AWAITING_PAYMENT: "{about}: solicitud registrada el {day}, pendiente de su pago.",
        FlowState.AWAITING_PHOTO: "{about}: solicitud registrada el {day}, pendiente de una foto suya.",
        FlowState.AWAITING_PARCEL: "{about}: solicitud registrada el {day}; aún no ha entregado el paquete.",
        FlowState.IN_TRANSIT: "{about}: solicitud registrada el {day}; el paquete está de vuelta hacia nosotros.",
        FlowState.AWAITING_INSPECTION: "{about}: solicitud registrada el {day}; el paquete ha llegado y lo revisamos.",
        FlowState.AWAITING_CUSTOMER: "{about}: solicitud registrada el {day}, pendiente de su elección.",
        FlowState.AWAITING_PARTY: "{about}: solicitud registrada el {day}; esperamos la respuesta de un colaborador.",
        FlowState.AWAITING_PERSON: "{about}: solicitud registrada el {day}; una persona de nuestro equipo se ocupa.",
        FlowState.WAITING: "{about}: solicitud registrada el {day}, sigue su curso.",
    },
    ended={
        FlowOutcome.SETTLED: "{about}: terminado el {day}.",
        FlowOutcome.DECLINED: "{about}: rechazado el {day}.",
        FlowOutcome.EXPIRED: "{about}: cerrado el {day} porque venció el plazo.",
        FlowOutcome.CANCELLED: "{about}: anulado el {day}.",
        FlowOutcome.COMPENSATED: "{about}: no se pudo completar y se deshizo el {day}.",
        FlowOutcome.NO_LONGER_TRUE: "{about}: cerrado el {day}.",
    },
    record={
        ReturnState.OPEN: "{about}: solicitud registrada; el paquete aún no nos ha llegado.",
        ReturnState.CLOSED: "{about}: terminado.",
        ReturnState.CANCELLED: "{about}: anulado.",
    },
    record_arrived="{about}: el paquete nos ha llegado y lo estamos revisando.",
    kinds={
        FlowKind.RETURN: "Devolución del pedido {number}",
        FlowKind.EXCHANGE: "Cambio del pedido {number}",
        FlowKind.CANCELLATION: "Cancelación del pedido {number}",
        FlowKind.ADDRESS_CHANGE: "Cambio de dirección del pedido {number}",
        FlowKind.ITEM_CHANGE: "Cambio de artículos del pedido {number}",
        FlowKind.PAYMENT_CHANGE: "Cambio de forma de pago del pedido {number}",
        FlowKind.REFUND: "Reembolso del pedido {number}",
        FlowKind.CLAIM: "Reclamación del pedido {number}",
        FlowKind.INQUIRY: "Nuestra consulta sobre el pedido {number}",
        FlowKind.OUTREACH: "Nuestro mensaje sobre el pedido {number}",
        FlowKind.CUSTOM: "Solicitud del pedido {number}",
    },
)

_PRODUCT = ProductTexts(
    attribute="{title}, {attribute}: {value}.",
    attributes={
        "material": "material",
        "care": "cuidado",
        "waterproof": "resistencia al agua",
        "fit": "corte",
        "itch": "tacto",
        "length": "largo",
        "weight": "peso",
        "capacity": "capacidad",
    },
    options={
        "sizes": "{title} está en estas tallas: {values}.",
        "colours": "{title} está en estos colores: {values}.",
    },
    in_stock="disponible ahora: {values}.",
    sold_out="agotado en este momento: {values}.",
    price="{title} cuesta {prices}.",
)

SPANISH = Texts(
    ask=_ASK,
    order=_ORDER,
    money=_MONEY,
    returns=_RETURNS,
    product=_PRODUCT,
    issue={
        IssueType.ORDER_STATUS: "el estado de un pedido",
        IssueType.DELIVERY: "una entrega",
        IssueType.RETURN: "una devolución",
        IssueType.EXCHANGE: "un cambio",
        IssueType.REFUND: "un reembolso",
        IssueType.CANCEL_ORDER: "la cancelación de un pedido",
        IssueType.CHANGE_ORDER: "la modificación de un pedido",
        IssueType.DAMAGED_WRONG: "algo que llegó dañado, equivocado o incompleto",
        IssueType.PRODUCT_QUESTION: "un producto",
        IssueType.BILLING: "un pago o una factura",
        IssueType.ACCOUNT: "su cuenta",
        IssueType.PROMO: "un descuento o un código",
        IssueType.SUBSCRIPTION: "una membresía o suscripción",
        IssueType.COMPLAINT: "algo con lo que no está contento",
        IssueType.HUMAN: "hablar con una persona",
        IssueType.SITE_ISSUE: "un problema con nuestra web",
    },
    source="{text}\n(De nuestra página de ayuda «{title}»)",
    source_link="{text}\n(De nuestra página de ayuda «{title}»)\n{url}",
    welcome="¡De nada! Escríbanos cuando lo necesite.",
    suggested_opening="Hola{name}, gracias por su mensaje sobre {issue}. Lo estoy revisando ahora mismo.",
    your_request="su consulta",
    day="EEEE d 'de' MMMM",
    day_and_year="d 'de' MMMM 'de' y",
)
