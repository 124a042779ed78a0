"""What flows say in English: see `domain.flows.texts.text`."""

from domain.flows.kinds import FlowKind
from domain.flows.texts.text import FlowTexts

_FOLLOW = "Follow it here: {link}"
_DELAY = (
    "We are sorry about that.",
    "We can send it again, refund you, or wait with you: just answer this message and tell us which.",
    "Or choose here: {link}",
)

ENGLISH = FlowTexts(
    subjects={
        FlowKind.RETURN: "Your return",
        FlowKind.EXCHANGE: "Your exchange",
        FlowKind.CANCELLATION: "Your cancellation",
        FlowKind.ADDRESS_CHANGE: "Your change of address",
        FlowKind.ITEM_CHANGE: "Your change of items",
        FlowKind.PAYMENT_CHANGE: "Your change of payment",
        FlowKind.REFUND: "Your refund",
        FlowKind.CLAIM: "Your claim",
        FlowKind.INQUIRY: "Your request",
        FlowKind.OUTREACH: "Your delivery",
        FlowKind.CUSTOM: "Your request",
    },
    of_order="{subject}, order {order}",
    choices={
        "refund": "a refund",
        "store_credit": "store credit",
        "wait": "waiting until it is back in stock",
        "reship": "sending it again",
    },
    either=" or ",
    words={
        "in_review": ("{about}: a person from our team is looking at it, and you will hear from us.", _FOLLOW),
        "declined": ("{about}: we are sorry that we cannot do this.",),
        "declined:not_approved": ("{about}: a person has looked at it. We are sorry that we cannot approve it.",),
        "declined:parcel_lost": ("{about}: the parcel has not reached us, so we had to close it. Please write to us.",),
        "called_off": ("{about}: it has been called off, and whatever had been started is undone.",),
        "called_off:customer": ("{about}: called off, as you wished. Whatever had been started is undone.",),
        "expired": ("{about}: the time for it is over, so we have closed it. Write to us if you still need it.",),
        "expired:parcel": (
            "{about}: the parcel was not handed in in time, so we have closed it. The label no longer works.",
            "Write to us if you still want to send it back.",
        ),
        "expired:payment": ("{about}: the payment did not come in time, so we have closed it and charged nothing.",),
        "expired:photo": ("{about}: we did not get a photo in time, so we have closed it. Write to us to go on.",),
        "undone": ("{about}: it could not be completed, and whatever had been started is undone.",),
        "return_opened": ("{about}: it is registered. The shop refunds you when it has arrived.", _FOLLOW),
        "exchange_opened": ("{about}: it is registered. The shop sends the replacement.", _FOLLOW),
        "label": (
            "{about}: everything is ready for sending it back.",
            "Your label: {label}.",
            "Your code for the drop-off point: {code}.",
            "Please hand the parcel in by {by}.",
            _FOLLOW,
        ),
        "reminder": (
            "{about}: the parcel has not been handed in yet.",
            "Your label: {label}.",
            "Your code for the drop-off point: {code}.",
            "It can be handed in until {by}.",
            _FOLLOW,
        ),
        "received": (
            "{about}: the parcel has arrived, and we are looking at it.",
            "You get your refund by {refund_by}.",
            _FOLLOW,
        ),
        "keep_it": ("{about}: there is no need to send anything back. Please keep it.",),
        "refunded": (
            "{about}: it is done.",
            "We have refunded {amount}.",
            "We have added {credit} to your store credit.",
        ),
        "partly_refunded": (
            "{about}: not everything that came back could be accepted.",
            "For the rest we have refunded {amount}.",
            "For the rest we have added {credit} to your store credit.",
        ),
        "not_accepted": ("{about}: we have looked at what came back, and are sorry that we cannot accept it.",),
        "out_of_stock": (
            "{about}: what you chose is no longer in stock, we are sorry.",
            "It is about {items}.",
            "You can have {choices}: please answer, and tell us which.",
            "Without an answer by {by} we refund you.",
            "Or choose here: {link}",
        ),
        "back_in_stock": ("{about}: what you chose is back in stock and set aside for you.",),
        "swapped_for_refund": (
            "{about}: what you chose is not in stock, so you get a refund once it is back with us.",
        ),
        "swapped_for_refund:store_credit": (
            "{about}: what you chose is not in stock, so you get store credit once it is back.",
        ),
        "pay": (
            "{about}: the new choice costs more.",
            "Please pay {charge}.",
            "The link works until {by}.",
            "Pay here: {payment_url}",
        ),
        "shipped": ("{about}: your replacement is on its way.", "Tracking number: {tracking}.", _FOLLOW),
        "exchanged": ("{about}: it is complete. Enjoy what you chose!",),
        "partly_exchanged": (
            "{about}: not everything that came back could be accepted, so only a part was exchanged.",
            "For the rest we have refunded {amount}.",
        ),
        "not_sent_back": (
            "{about}: you have your replacement, but the first item has not come back. A person will get in touch.",
        ),
        "order_cancelled": ("{about}: it is cancelled.", "We have refunded {amount}."),
        "address_changed": ("{about}: the parcel goes to the new address.",),
        "items_changed": ("{about}: the items are changed as you wished.",),
        "payment_changed": ("{about}: it is paid by the new method.",),
        "refund_made": ("{about}: it is on its way.", "We have refunded {amount}.", "Store credit added: {credit}."),
        "photo_wanted": (
            "{about}: so that we can put it right, please send us a photo.",
            "We can wait for it until {by}.",
            "You can upload it here: {link}",
        ),
        "delay_late": ("{about}: your parcel is late.", "It was expected on {expected}.", *_DELAY),
        "delay_no_scan": ("{about}: your parcel has not been scanned on its way for some days.", *_DELAY),
        "delay_exception": ("{about}: the carrier reports a problem with your parcel.", *_DELAY),
        "delay_returned": ("{about}: your parcel is on its way back to us instead of to you.", *_DELAY),
        "delay_waiting": (
            "{about}: we wait with you and keep an eye on the parcel. If it does not move, a person looks into it.",
        ),
        "delay_choice_taken": ("{about}: we see to it now.",),
        "delay_choice_taken:reship": ("{about}: we send it again, and you hear when it is on its way.",),
        "delay_choice_taken:refund": ("{about}: we refund you, and you hear when it is done.",),
        "delay_person": ("{about}: thank you for your answer. A person sees to it and gets in touch with you.",),
    },
)
