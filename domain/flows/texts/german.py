"""What flows say in German: see `domain.flows.texts.text`."""

from domain.flows.kinds import FlowKind
from domain.flows.texts.text import FlowTexts

_FOLLOW = "Hier sehen Sie den Stand: {link}"
_DELAY = (
    "Das tut uns leid.",
    "Wir können noch einmal liefern, erstatten oder mit Ihnen warten: Antworten Sie einfach, was Ihnen lieber ist.",
    "Oder wählen Sie hier: {link}",
)

GERMAN = FlowTexts(
    subjects={
        FlowKind.RETURN: "Ihre Rücksendung",
        FlowKind.EXCHANGE: "Ihr Umtausch",
        FlowKind.CANCELLATION: "Ihre Stornierung",
        FlowKind.ADDRESS_CHANGE: "Ihre Adressänderung",
        FlowKind.ITEM_CHANGE: "Ihre Artikeländerung",
        FlowKind.PAYMENT_CHANGE: "Ihre Änderung der Zahlungsart",
        FlowKind.REFUND: "Ihre Erstattung",
        FlowKind.CLAIM: "Ihre Reklamation",
        FlowKind.INQUIRY: "Ihre Anfrage",
        FlowKind.OUTREACH: "Ihre Lieferung",
        FlowKind.CUSTOM: "Ihre Anfrage",
    },
    of_order="{subject}, Bestellung {order}",
    choices={
        "refund": "eine Erstattung",
        "store_credit": "ein Guthaben",
        "wait": "das Warten auf neue Ware",
        "reship": "eine neue Lieferung",
    },
    either=" oder ",
    words={
        "in_review": ("{about}: Jemand aus unserem Team sieht es sich an, und Sie hören von uns.", _FOLLOW),
        "declined": ("{about}: Das ist leider nicht möglich.",),
        "declined:not_approved": ("{about}: Wir haben es geprüft und können es leider nicht genehmigen.",),
        "declined:parcel_lost": (
            "{about}: Das Paket ist nicht bei uns angekommen, deshalb mussten wir den Vorgang schließen.",
            "Bitte schreiben Sie uns.",
        ),
        "called_off": ("{about}: Der Vorgang ist beendet, und was begonnen war, ist rückgängig gemacht.",),
        "called_off:customer": ("{about}: Wie gewünscht beendet. Was begonnen war, ist rückgängig gemacht.",),
        "expired": (
            "{about}: Die Frist ist abgelaufen, deshalb haben wir den Vorgang geschlossen.",
            "Schreiben Sie uns, wenn Sie ihn noch brauchen.",
        ),
        "expired:parcel": (
            "{about}: Das Paket wurde nicht rechtzeitig abgegeben, deshalb haben wir den Vorgang geschlossen.",
            "Das Etikett gilt nicht mehr. Schreiben Sie uns, wenn Sie noch zurücksenden möchten.",
        ),
        "expired:payment": (
            "{about}: Die Zahlung kam nicht rechtzeitig, deshalb haben wir den Vorgang geschlossen.",
            "Berechnet haben wir nichts.",
        ),
        "expired:photo": (
            "{about}: Es kam rechtzeitig kein Foto an, deshalb haben wir den Vorgang geschlossen.",
            "Schreiben Sie uns, um weiterzumachen.",
        ),
        "undone": ("{about}: Der Vorgang ließ sich nicht abschließen. Was begonnen war, ist rückgängig gemacht.",),
        "return_opened": ("{about}: Sie ist angemeldet. Der Shop erstattet, sobald sie da ist.", _FOLLOW),
        "exchange_opened": ("{about}: Er ist angemeldet. Der Shop schickt den Ersatz.", _FOLLOW),
        "label": (
            "{about}: Für das Zurückschicken ist alles bereit.",
            "Ihr Etikett: {label}.",
            "Ihr Code für die Abgabestelle: {code}.",
            "Bitte geben Sie das Paket bis zum {by} ab.",
            _FOLLOW,
        ),
        "reminder": (
            "{about}: Das Paket ist noch nicht abgegeben.",
            "Ihr Etikett: {label}.",
            "Ihr Code für die Abgabestelle: {code}.",
            "Abgeben können Sie es bis zum {by}.",
            _FOLLOW,
        ),
        "received": (
            "{about}: Das Paket ist da, und wir sehen es uns an.",
            "Ihre Erstattung kommt bis zum {refund_by}.",
            _FOLLOW,
        ),
        "keep_it": ("{about}: Sie müssen nichts zurückschicken. Behalten Sie die Ware gern.",),
        "refunded": (
            "{about}: Alles erledigt.",
            "Wir haben {amount} erstattet.",
            "Wir haben Ihrem Guthaben {credit} gutgeschrieben.",
        ),
        "partly_refunded": (
            "{about}: Nicht alles, was zurückkam, konnten wir annehmen.",
            "Für das Übrige haben wir {amount} erstattet.",
            "Für das Übrige haben wir Ihrem Guthaben {credit} gutgeschrieben.",
        ),
        "not_accepted": ("{about}: Wir haben die Ware geprüft und können sie leider nicht annehmen.",),
        "out_of_stock": (
            "{about}: Was Sie gewählt haben, ist leider nicht mehr vorrätig.",
            "Es geht um {items}.",
            "Möglich ist {choices}: Antworten Sie bitte, was Ihnen lieber ist.",
            "Ohne Antwort bis zum {by} erstatten wir.",
            "Oder wählen Sie hier: {link}",
        ),
        "back_in_stock": ("{about}: Was Sie gewählt haben, ist wieder da und für Sie zurückgelegt.",),
        "swapped_for_refund": (
            "{about}: Da Ihre Wahl nicht vorrätig ist, erhalten Sie eine Erstattung, sobald die Ware bei uns ist.",
        ),
        "swapped_for_refund:store_credit": (
            "{about}: Da Ihre Wahl nicht vorrätig ist, erhalten Sie ein Guthaben, sobald die Ware bei uns ist.",
        ),
        "pay": (
            "{about}: Ihre neue Wahl kostet mehr.",
            "Bitte zahlen Sie {charge}.",
            "Der Link gilt bis zum {by}.",
            "Hier bezahlen: {payment_url}",
        ),
        "shipped": ("{about}: Ihr Ersatz ist unterwegs.", "Sendungsnummer: {tracking}.", _FOLLOW),
        "exchanged": ("{about}: Alles erledigt. Viel Freude mit Ihrer Wahl!",),
        "partly_exchanged": (
            "{about}: Nicht alles, was zurückkam, konnten wir annehmen, daher wurde nur ein Teil umgetauscht.",
            "Für das Übrige haben wir {amount} erstattet.",
        ),
        "not_sent_back": (
            "{about}: Ihr Ersatz ist bei Ihnen, aber der erste Artikel kam nicht zurück.",
            "Jemand aus unserem Team meldet sich bei Ihnen.",
        ),
        "order_cancelled": ("{about}: Sie ist ausgeführt.", "Wir haben {amount} erstattet."),
        "address_changed": ("{about}: Das Paket geht an die neue Adresse.",),
        "items_changed": ("{about}: Die Artikel sind wie gewünscht geändert.",),
        "payment_changed": ("{about}: Bezahlt wird auf die neue Weise.",),
        "refund_made": (
            "{about}: Sie ist unterwegs.",
            "Wir haben {amount} erstattet.",
            "Ihrem Guthaben gutgeschrieben: {credit}.",
        ),
        "photo_wanted": (
            "{about}: Damit wir es in Ordnung bringen können, schicken Sie uns bitte ein Foto.",
            "Wir können bis zum {by} darauf warten.",
            "Hier können Sie es hochladen: {link}",
        ),
        "delay_late": ("{about}: Ihr Paket ist verspätet.", "Erwartet war es am {expected}.", *_DELAY),
        "delay_no_scan": ("{about}: Ihr Paket wurde unterwegs seit einigen Tagen nicht gescannt.", *_DELAY),
        "delay_exception": ("{about}: Der Paketdienst meldet ein Problem mit Ihrem Paket.", *_DELAY),
        "delay_returned": ("{about}: Ihr Paket ist auf dem Rückweg zu uns statt auf dem Weg zu Ihnen.", *_DELAY),
        "delay_waiting": (
            "{about}: Wir warten mit Ihnen und behalten das Paket im Blick.",
            "Bewegt es sich nicht, kümmert sich jemand darum.",
        ),
        "delay_choice_taken": ("{about}: Wir kümmern uns jetzt darum.",),
        "delay_choice_taken:reship": ("{about}: Wir liefern noch einmal und sagen Bescheid, sobald es unterwegs ist.",),
        "delay_choice_taken:refund": ("{about}: Wir erstatten und sagen Bescheid, sobald es erledigt ist.",),
        "delay_person": ("{about}: Danke für Ihre Antwort. Jemand kümmert sich darum und meldet sich bei Ihnen.",),
    },
)
