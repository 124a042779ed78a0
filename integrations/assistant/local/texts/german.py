"""What the local assistant says in German: see `texts.text`."""

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
    greeting="Hallo! Wobei kann ich Ihnen helfen?",
    problem="Ich helfe Ihnen gerne. Können Sie mir in ein, zwei Sätzen sagen, worum es geht, "
    "zum Beispiel um eine Bestellung, eine Rücksendung oder ein Produkt?",
    which_of_two="Ich möchte sichergehen, dass ich Sie richtig verstehe. Geht es um {first} oder um {second}?",
    proof="Das kann ich nachsehen, sobald ich weiß, dass die Bestellung Ihre ist. "
    "Können Sie mir bitte die Bestellnummer und dazu die E-Mail-Adresse oder Postleitzahl der Bestellung schicken?",
    which_order="Sie haben mehrere Bestellungen bei uns. Welche meinen Sie?\n{choices}",
    number_again="Ich finde {number} nicht unter Ihren Bestellungen. Können Sie die Nummer bitte noch einmal prüfen?",
    no_orders="Ich finde keine Bestellung in Ihrem Kundenkonto. Können Sie mir bitte die Bestellnummer nennen?",
)

_ORDER = OrderTexts(
    choice="- {number} vom {placed}: {items}",
    state={
        OrderState.PENDING: "Die Bestellung {number} vom {placed} ist bei uns und wartet auf die Zahlung.",
        OrderState.PAID: "Die Bestellung {number} vom {placed} ist bezahlt und wird gepackt. "
        "Sie hat unser Lager noch nicht verlassen.",
        OrderState.PARTLY_SHIPPED: "Ein Teil der Bestellung {number} vom {placed} ist unterwegs; "
        "der Rest wird noch gepackt.",
        OrderState.SHIPPED: "Die Bestellung {number} vom {placed} ist verschickt.",
        OrderState.DELIVERED: "Die Bestellung {number} vom {placed} ist zugestellt.",
        OrderState.CANCELLED: "Die Bestellung {number} vom {placed} ist storniert.",
        OrderState.RETURNED: "Die Bestellung {number} vom {placed} ist an uns zurückgegangen.",
    },
    on_its_way="Die Bestellung {number} vom {placed} kommt in {parcels} Paketen.",
    parcel={
        ShipmentState.LABEL_CREATED: "{parcel} ({items}) ist gepackt und wartet auf die Abholung durch "
        "{carrier}.{expected}",
        ShipmentState.IN_TRANSIT: "{parcel} ({items}) ist mit {carrier} unterwegs.{expected}",
        ShipmentState.OUT_FOR_DELIVERY: "{parcel} ({items}) ist bei {carrier} in der Zustellung.{expected}",
        ShipmentState.DELIVERED: "{parcel} ({items}) wurde{on} von {carrier} zugestellt{to}.",
        ShipmentState.EXCEPTION: "{parcel} ({items}): {carrier} meldet ein Problem mit der Zustellung.{expected}",
        ShipmentState.RETURNED: "{parcel} ({items}) ist an uns zurückgegangen.",
    },
    parcel_alone="Das Paket",
    parcel_of_several="Paket {index} von {count}",
    on=" am {day}",
    to=", an die Adresse in {city}",
    tracking=" Sendungsnummer: {tracking}.",
    tracking_link=" Sendungsnummer: {tracking}, {url}",
    expected=" Voraussichtliche Zustellung am {day}.",
    overdue=" Die Zustellung war für {day} vorgesehen und ist überfällig.",
    no_day=" Einen Tag für die Zustellung hat der Paketdienst nicht genannt.",
    not_sent_yet="Noch nicht verschickt: {items}.",
    no_day_before_sending="Einen Liefertermin gibt es dafür noch nicht.",
    cancelled_lines="Davon storniert: {items}.",
    when_expected="{items}: Die Zustellung ist für {day} vorgesehen.",
    when_overdue="{items}: Die Zustellung war für {day} vorgesehen, sie ist also überfällig.",
    when_unknown="{items}: {carrier} hat noch keinen Tag für die Zustellung genannt.",
    when_delivered="{items}: zugestellt am {day}.",
    when_not_sent="{items}: noch nicht verschickt, deshalb habe ich dafür keinen Liefertermin.",
    tracking_of="{items}: Die Sendungsnummer bei {carrier} ist {tracking}.",
    tracking_none="Für die Bestellung {number} gibt es noch keine Sendungsnummer: Davon ist noch nichts verschickt.",
    items_of="Die Bestellung {number} enthält: {items}.",
    total_of="Die Bestellung {number} hat {total} gekostet.",
    goes_to="Die Bestellung {number} geht an die Adresse in {city}.",
    and_more="{items} und {count} weitere",
)

_MONEY = MoneyTexts(
    refunded="Für die Bestellung {number} haben wir am {day} {amount} erstattet, {method}.",
    methods={
        MethodKind.CARD: "auf die Karte, mit der bezahlt wurde",
        MethodKind.PAYPAL: "auf das PayPal-Konto",
        MethodKind.TRANSFER: "per Überweisung",
        MethodKind.GIFT_CARD: "auf die Geschenkkarte",
        MethodKind.STORE_CREDIT: "als Guthaben",
    },
    paid_once="Für die Bestellung {number} ist bei uns eine Zahlung verzeichnet: {amount}, {method}.",
    paid_by={
        MethodKind.CARD: "mit Karte",
        MethodKind.PAYPAL: "mit PayPal",
        MethodKind.TRANSFER: "per Überweisung",
        MethodKind.GIFT_CARD: "mit Geschenkkarte",
        MethodKind.STORE_CREDIT: "mit Guthaben",
    },
)

_RETURNS = ReturnTexts(
    flow={
        FlowState.WORKING: "{about} wurde am {day} angemeldet und wird bearbeitet.",
        FlowState.AWAITING_APPROVAL: "{about} wurde am {day} angemeldet; jemand aus unserem Team sieht es sich an.",
        FlowState.AWAITING_PAYMENT: "{about} wurde am {day} angemeldet und wartet auf Ihre Zahlung.",
        FlowState.AWAITING_PHOTO: "{about} wurde am {day} angemeldet und wartet auf ein Foto von Ihnen.",
        FlowState.AWAITING_PARCEL: "{about} wurde am {day} angemeldet; das Paket ist noch nicht abgegeben.",
        FlowState.IN_TRANSIT: "{about} wurde am {day} angemeldet; das Paket ist auf dem Weg zurück zu uns.",
        FlowState.AWAITING_INSPECTION: "{about} wurde am {day} angemeldet; das Paket ist da und wird geprüft.",
        FlowState.AWAITING_CUSTOMER: "{about} wurde am {day} angemeldet und wartet auf Ihre Wahl.",
        FlowState.AWAITING_PARTY: "{about} wurde am {day} angemeldet; wir warten auf die Antwort eines Partners.",
        FlowState.AWAITING_PERSON: "{about} wurde am {day} angemeldet; jemand aus unserem Team kümmert sich darum.",
        FlowState.WAITING: "{about} wurde am {day} angemeldet und läuft von selbst weiter.",
    },
    ended={
        FlowOutcome.SETTLED: "{about} wurde am {day} abgeschlossen.",
        FlowOutcome.DECLINED: "{about} wurde am {day} abgelehnt.",
        FlowOutcome.EXPIRED: "{about} wurde am {day} geschlossen, weil die Frist abgelaufen war.",
        FlowOutcome.CANCELLED: "{about} wurde am {day} abgebrochen.",
        FlowOutcome.COMPENSATED: "{about} ließ sich nicht abschließen und wurde am {day} rückgängig gemacht.",
        FlowOutcome.NO_LONGER_TRUE: "{about} wurde am {day} geschlossen.",
    },
    record={
        ReturnState.OPEN: "{about} ist angemeldet; das Paket ist noch nicht bei uns angekommen.",
        ReturnState.CLOSED: "{about} ist abgeschlossen.",
        ReturnState.CANCELLED: "{about} wurde abgebrochen.",
    },
    record_arrived="{about} ist bei uns angekommen und wird geprüft.",
    kinds={
        FlowKind.RETURN: "Die Rücksendung zur Bestellung {number}",
        FlowKind.EXCHANGE: "Der Umtausch zur Bestellung {number}",
        FlowKind.CANCELLATION: "Die Stornierung der Bestellung {number}",
        FlowKind.ADDRESS_CHANGE: "Die Adressänderung zur Bestellung {number}",
        FlowKind.ITEM_CHANGE: "Die Artikeländerung zur Bestellung {number}",
        FlowKind.PAYMENT_CHANGE: "Die Änderung der Zahlungsart zur Bestellung {number}",
        FlowKind.REFUND: "Die Erstattung zur Bestellung {number}",
        FlowKind.CLAIM: "Die Reklamation zur Bestellung {number}",
        FlowKind.INQUIRY: "Unsere Nachfrage zur Bestellung {number}",
        FlowKind.OUTREACH: "Unsere Nachricht zur Bestellung {number}",
        FlowKind.CUSTOM: "Die Anfrage zur Bestellung {number}",
    },
)

_PRODUCT = ProductTexts(
    attribute="{title}, {attribute}: {value}.",
    attributes={
        "material": "Material",
        "care": "Pflege",
        "waterproof": "Wasserschutz",
        "fit": "Passform",
        "itch": "Tragegefühl",
        "length": "Länge",
        "weight": "Gewicht",
        "capacity": "Fassungsvermögen",
    },
    options={
        "sizes": "{title} gibt es in diesen Größen: {values}.",
        "colours": "{title} gibt es in diesen Farben: {values}.",
    },
    in_stock="jetzt auf Lager: {values}.",
    sold_out="zurzeit ausverkauft: {values}.",
    price="{title} kostet {prices}.",
)

GERMAN = Texts(
    ask=_ASK,
    order=_ORDER,
    money=_MONEY,
    returns=_RETURNS,
    product=_PRODUCT,
    issue={
        IssueType.ORDER_STATUS: "den Stand einer Bestellung",
        IssueType.DELIVERY: "eine Lieferung",
        IssueType.RETURN: "eine Rücksendung",
        IssueType.EXCHANGE: "einen Umtausch",
        IssueType.REFUND: "eine Erstattung",
        IssueType.CANCEL_ORDER: "die Stornierung einer Bestellung",
        IssueType.CHANGE_ORDER: "die Änderung einer Bestellung",
        IssueType.DAMAGED_WRONG: "etwas, das beschädigt, falsch oder unvollständig angekommen ist",
        IssueType.PRODUCT_QUESTION: "ein Produkt",
        IssueType.BILLING: "eine Zahlung oder Rechnung",
        IssueType.ACCOUNT: "Ihr Kundenkonto",
        IssueType.PROMO: "einen Rabatt oder Gutscheincode",
        IssueType.SUBSCRIPTION: "eine Mitgliedschaft oder ein Abo",
        IssueType.COMPLAINT: "etwas, womit Sie unzufrieden sind",
        IssueType.HUMAN: "das Gespräch mit einem Menschen",
        IssueType.SITE_ISSUE: "ein Problem mit unserer Website",
    },
    source="{text}\n(Aus unserer Hilfeseite „{title}“)",
    source_link="{text}\n(Aus unserer Hilfeseite „{title}“)\n{url}",
    welcome="Sehr gerne! Schreiben Sie uns jederzeit wieder.",
    suggested_opening="Guten Tag{name}, vielen Dank für Ihre Nachricht. Es geht um {issue}; "
    "ich sehe mir das jetzt für Sie an.",
    your_request="Ihr Anliegen",
    day="EEEE, d. MMMM",
    day_and_year="d. MMMM y",
)
