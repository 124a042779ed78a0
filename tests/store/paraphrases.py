"""What customers ask in words of their own, a line each: the articles that answer it, then the question.

The search, the wordings in the articles and the threshold were developed on the lists without a suffix, so what they
show is flattered. Those that end in `HELD_OUT` were written when all that was settled and were measured once: read
their figures, and write new ones rather than fit the search to these. A line without an article is a question that no
article answers.
"""

Questions = tuple[tuple[str, tuple[str, ...]], ...]

ENGLISH = """
returns-window: bought a fleece three weeks ago and changed my mind, still ok?
returns-window,membership-tiers: as a vip how much time do I have to give stuff back
returns-window: from when do the 30 days count, purchase or arrival?
returns-window,non-returnable-items: i already cut the tags off my trousers, will you still take them
returns-window: whats the deadline for giving things back
returns-window: Just noticed the time for sending it back is over since yesterday. any chance?
how-to-return: these pants dont suit me, what do I need to do to get rid of them
how-to-return: I checked out as guest, where can i register my return?
how-to-return: printer is broken, can I use a QR code at the drop-off point?
how-to-return: does it have to be in the original packaging when I ship it back to you
how-to-return: where do I drop off the parcel that I'm sending back
return-costs: is sending stuff back free for me in Austria?
return-costs: do you take money off if I send something back from Spain
return-costs: will I get the shipping fee back too if I send everything back
return-costs,damaged-items,wrong-item: it came faulty, surely I don't have to pay for posting it to you?
refund-time: you got my parcel back a week ago but nothing on my account yet
refund-time: how quickly do you pay back after you receive the goods
refund-time,cancel-order: cancelled yesterday, when is the cash back on my paypal
refund-time: refund hasnt shown up
refund-method: I paid with visa but lost that card, can the money go to my bank account
refund-method,gift-cards: part of it was paid by gift card - how do you pay that back?
refund-method: I'd rather have a voucher than my money back
refund-method: i used a discount and return only one of three things, how much do i get
exchanges: too tight, need one size up
exchanges: Can you send me the blue one instead of the green? Already have the parcel
exchanges: do I have to wait for you to receive the old one before the new one is shipped?
exchanges: what do you charge for swapping sizes
exchanges: can I switch it for a totally different article
exchanges: the price is higher now, do I pay the difference when I swap?
non-returnable-items: can I give back underwear or socks that have been unpacked
non-returnable-items: bought from clearance, is that excluded from sending back?
non-returnable-items: wore the jacket once on a hike, does it still count
non-returnable-items,gift-cards: Do you take back gift vouchers
shipping-times: how long till it gets here? I live in munich
shipping-times: if I order tonight when will it be handed to the carrier
shipping-times: delivery estimate for Oslo?
shipping-times: do you send things out on sundays
shipping-costs: what do I pay for postage to Italy
shipping-costs: from what amount on is delivery free
shipping-costs: how expensive is it to ship to Zurich
shipping-costs,express-shipping: whats the surcharge for the fast option
shipping-costs: my basket is 52 but after the code 47, still no delivery fee?
express-shipping: I need it by the weekend, is there anything faster?
express-shipping: forgot to tick express, can you upgrade it now?
express-shipping: can you guarantee that it comes on Thursday morning
shipping-countries: I live in new york, can i order from you?
shipping-countries: do u deliver to Tenerife
shipping-countries: can I pay in Swiss francs or pounds
customs-and-duties: what extra taxes will I be charged in London
customs-and-duties: I refuse to pay the customs bill, what happens with my package
customs-and-duties: can I reclaim the duty I paid after sending it back to you
track-your-order: where's my stuff? is there a way to see where it is right now
track-your-order: no account, how can I follow my delivery
track-your-order: what does "label created" mean
track-your-order: i never got a number to follow the parcel with
tracking-not-updating: status has been stuck on the same depot since monday
tracking-not-updating: carrier site says number unknown
tracking-not-updating: tracking shows nothing at all
split-parcels: got the hat but not the gloves, are they coming separately?
split-parcels: do I pay postage twice if it arrives in several boxes
late-delivery: it was supposed to be here two days ago
late-delivery: still waiting on my order, way past the promised date!!
late-delivery: what will you do if the courier lost it completely
late-delivery: when do you start investigating a delayed shipment
missing-parcel: app says it was handed over but there's nothing at my door
missing-parcel: my package got nicked from the hallway
missing-parcel: marked as delivered yesterday, nobody in the house has it. do I get my money back?
delivery-address: wrong house number entered, please correct
delivery-address,change-order: can i have it sent to my office instead
delivery-address: it's already on the way but I moved, can you reroute it?
delivery-address: can I use a packstation / parcel locker
missed-delivery: I was at work when they rang, what now
missed-delivery: until when is my parcel kept at the shop
missed-delivery: can the courier just leave it in the garage
cancel-order: please stop my order, I don't need it anymore
cancel-order: Is it too late to call it off? It hasn't left your warehouse
cancel-order: only want to drop one of the two shirts from what I ordered this morning
cancel-order: why did you cancel on me??
cancel-order,how-to-return: it already shipped but I don't want it now
change-order: ordered M but meant L, it was ten minutes ago
change-order: can I put another pair of socks into the order I made an hour ago
change-order: I want to pay with paypal instead, order's already placed
change-order,exchanges: wrong colour picked by mistake, can it be changed before you ship
order-confirmation: did my purchase actually work? nothing in my inbox
order-confirmation: where do I see my order no.
order-confirmation: clicked buy two times by accident, now there are two orders
out-of-stock: will the red beanie be available again
out-of-stock: can you tell me when size S is back
out-of-stock: could you hold one for me until payday
out-of-stock: when do pre-orders ship and am I charged right away
payment-methods: can I use apple pay
payment-methods: is pay later or klarna possible
payment-methods: what ways are there to pay
payment-methods: when will my credit card be debited
payment-methods: where do I transfer the money to
payment-problems: my mastercard keeps getting refused at the till
payment-problems: you took the money two times
payment-problems: i see a charge from you that I never made
payment-problems: money left my account but no order shows up
promo-codes: the 10% coupon says invalid
promo-codes: I forgot to put in my voucher, can you still deduct it
promo-codes: can I combine several discounts
promo-codes: i study at uni, do I get something off
promo-codes,newsletter: do new customers get a reduction
promo-codes: we're a football club and need 30 jackets, special price?
price-adjustments: bought it on monday and today it's 20 euros less. unfair!
price-adjustments: saw the same tent cheaper on another site, do you match that
price-adjustments: when is your next sale
gift-cards: do you have vouchers I can give as a present
gift-cards: how much is left on my gift voucher
gift-cards: lost the mail with the gift voucher
gift-cards: does a gift card run out at some point
gift-wrapping: it's a birthday present, can you pack it nicely with a note
gift-wrapping: will the person who gets it see what it cost
gift-wrapping: my aunt gave me this for christmas, how do I give it back
invoices: need a bill for my tax office
invoices: the company name on the bill is wrong
invoices: receipt from 2021 please, lost it
size-guide: I'm 98 cm around the chest, which one do I take
size-guide: what does waist 34 mean in cm
size-guide: torn between small and medium for a base layer
size-guide: do you have women's cuts
shoe-sizes: my foot is 26 cm long, what number is that
shoe-sizes: do the trekking boots fit true to size
shoe-sizes: I wear US 9, what's that with you
kids-sizes: my daughter is 120 cm tall
kids-sizes: do you carry anything for a one-year-old
damaged-items: seam was open right out of the bag
damaged-items: thermos flask has a dent and leaks, just unpacked it
damaged-items: the carton was soaked when it got here
damaged-items: do you want the broken one back?
wrong-item: this isn't what I ordered!
wrong-item: ordered two caps, only one in the box and no second parcel announced
wrong-item: you put an extra t-shirt in that I never paid for
warranty: after 14 months the sole is coming off, is that covered
warranty: do i need the receipt for a claim
warranty: campfire sparks burnt holes in my coat, covered?
repairs: can you sew up a rip in my backpack
repairs: what would a new zipper set me back
repairs: how many weeks is my jacket gone if you mend it
care-wool: my merino top shrunk?? how do I wash it right
care-wool: moths are eating my jumper, what helps
care-wool: pilling on my sweater after two wears
care-down: is it ok to tumble my puffer
care-down: how do I store my down jacket over the summer
care-waterproof: shell soaks up water now, what can I do
care-waterproof: which water column does your rain jacket have
care-waterproof: can I use fabric softener on gore jackets
care-shoes: how do i look after nubuck
care-shoes: boots got soaked, can I put them on the radiator
care-shoes: new boots hurt, how long until they soften
create-account: do I have to register to buy something
create-account: what do I get out of having a login
create-account: the link to confirm my sign up isn't coming
password-and-login: can't get into my account
password-and-login: tried too often and now I'm locked out
password-and-login: new phone, the authenticator codes are gone
password-and-login: I think someone hacked my profile, there are orders I didn't make
account-details: how do i get rid of my profile for good
account-details: got married, how do I update my surname
account-details: I ended up with two profiles, can you combine them
data-privacy: what information do you keep on me
data-privacy: do you give my details to third parties
data-privacy: can I turn off the cookies
membership-tiers: how many euros until gold
membership-tiers: what's in it for me as a vip
membership-tiers: my status went down, why
membership-tiers: does the loyalty programme cost anything
newsletter: how do I get off your mailing list
newsletter: unsubscribed but still getting mails
newsletter: please no more texts on my phone
contact-and-hours: is anyone there on saturday
contact-and-hours: do you have a telephone number
contact-and-hours: I want to speak to your boss about this
contact-and-hours: sprechen Sie auch Deutsch? do you speak German
showroom: can i come by and try something on
showroom: can I hand in a return at your leipzig place
showroom: click and collect possible?
sock-club: going on holiday, can you skip the next socks
sock-club: how do i get out of the sock subscription
sock-club: what does the sock subscription cost
materials-and-sustainability: do you do mulesing free wool
materials-and-sustainability: do you use forever chemicals
materials-and-sustainability: is this vegan
materials-and-sustainability: which country is it manufactured in
suspicious-messages: got an sms with a link that I owe 2 euros for delivery
suspicious-messages: is this mail really from you?
suspicious-messages: I clicked on a strange link and typed in my card number
website-problems: the site is blank on my phone
website-problems: my basket is empty all of a sudden
website-problems: can't finish checkout, the button spins forever
website-problems: is there something for android
returns-window,membership-tiers: Is a month and a half too long for a gold customer to hand something back?
returns-window: I want to know how much longer I have before I can't give these boots back
returns-window: my order came in two boxes on different dates, when does my time run out
how-to-return: Could you explain the steps to send these gloves back to you
how-to-return: I lost the paper with the barcode that goes on the box, where do I get it
how-to-return: which places accept my parcel if I want to give it back
return-costs: will I be charged if I ship it back from Belgium?
return-costs: Does it cost me anything to get rid of it, I live in Hamburg
refund-time: You confirmed the return on Monday, by when should I see the cash?
refund-time: how come my credit card still hasn't been credited
refund-time: roughly how many days for PayPal to show the refund
refund-method: I'd like the reimbursement on my wife's account please
refund-method: Could I have the amount as a credit for my next purchase?
exchanges: this parka is huge on me, I'd take one size down
exchanges: how do I get the same shirt but in black
exchanges: swap fee?
non-returnable-items: the jumper was in the washing machine already, would you accept it?
non-returnable-items: can outlet stuff marked final be given back
shipping-times: How soon can I expect my parcel in Poland
shipping-times: I paid at 3 pm, will it still go out today?
shipping-costs: what's the delivery charge for a 30 euro order to Berlin
shipping-costs: how do I avoid paying for delivery
express-shipping: What is the quickest way to have it delivered
shipping-countries: do you send parcels to Japan?
shipping-countries: Is Iceland or Greece among the places you deliver to
customs-and-duties: will there be an import bill when it gets to Oslo
track-your-order: Can you tell me what is happening with my order and where it is
track-your-order: I bought without logging in - how can I check the delivery
tracking-not-updating: the parcel page hasn't changed since Friday
split-parcels: only the socks were in there. is the rest on its way?
late-delivery: Nothing has come although it was meant to be delivered on Tuesday
late-delivery: how long do I have to wait until you look into a delay?
missing-parcel: courier claims he gave it to me, he did not
missing-parcel: delivered according to the website but my mailbox is empty
delivery-address,change-order: I noticed that I put my old street, can that be fixed?
missed-delivery: nobody answered the door, where is my parcel now?
missed-delivery: for how many days can I collect it
cancel-order: I need to cancel, ordered the wrong thing
cancel-order: Can this order be withdrawn before it goes out?
change-order: could I still switch to size 42 in the order from an hour ago
change-order: I'd like to add a cap to what I just bought
order-confirmation: I never got any mail saying that you received my order
out-of-stock: when can I buy the olive trousers in M again
payment-methods: do you accept American Express
payment-methods: is it possible to settle the amount next month
payment-problems: my payment gets rejected every single time
payment-problems: why is the same amount on my statement two times
promo-codes: why won't it take my discount code
promo-codes: is there anything off for university students
price-adjustments: the price went down two days after I bought it
gift-cards: Until when do I have to spend a gift card
gift-wrapping: could you put it in gift paper with a little card
invoices: where can I get the receipt as a file
size-guide: my chest is 105 cm - L or XL?
size-guide: I never know which trousers to take, my waist is 82
shoe-sizes: should I order hiking boots bigger than usual
kids-sizes: what do I take for a boy of eight
damaged-items: the lid of the bottle is cracked, it just arrived
damaged-items: there's a big stain on the shirt you sent
wrong-item: I ordered a tent lamp and got socks
wrong-item: there should be three things in the box and I count two
warranty: for how long are your backpacks guaranteed
repairs: can you mend the torn pocket of my jacket and for how much
care-wool: is it fine to machine wash merino
care-down: how do I get the lumps out of my down jacket
care-waterproof: rain gets through my jacket since I washed it
care-shoes: what do I put on leather boots
create-account: is signing up necessary to place an order
password-and-login: the website doesn't accept my password any more
password-and-login: I tried logging in too many times
account-details: please remove my customer account completely
account-details: can you switch my login to my new mail address
data-privacy: I want to see everything you have saved about me
membership-tiers: what do I have to do to become gold
membership-tiers: what does being a VIP get me
newsletter: I no longer want your promotional mails
contact-and-hours: until what time is support available on Saturdays
contact-and-hours: could somebody ring me
showroom: where can I see your products in person
sock-club: I'd like to end the sock subscription
materials-and-sustainability: how do you treat the animals for your wool
suspicious-messages: somebody mailed me in your name and wants my card number
website-problems: your site won't open in my browser
"""

UNANSWERED = """
do you rent skis
can I trade in my old jacket for credit
how tall is the model in the photo
do you have a job for me
where can I see reviews of the backpack
does the tent come with pegs
is the stove allowed on a plane
what does the headlamp weigh
do you do embroidery with our company logo
can I become an affiliate
will you open a store in Paris
who designed the logo
is your cotton organic
do you offer guided tours
which batteries does the lamp need
how do I pitch the two-person tent
is the sleeping bag warm enough for minus ten
can I return my neighbour's bike
when is the marathon in Leipzig
how do I cancel my gym membership
I want a refund from my airline
my internet is down
what's the exchange rate for dollars today
can you change my electricity tariff
my bank blocked my account
how do I renew my passport
where is the nearest post office
is the carrier on strike
can you recommend a restaurant near the showroom
how do I wash my car
are you a listed company
do you sell shoes for dogs
please insure my trip
can I speak with your press office
do you give discounts to nurses
is there a military discount
what is your warehouse's address for suppliers
do you accept bitcoin
can I buy spare tent poles
what is the melting point of lead
how do I lose weight
does the jacket have an inside pocket
do you have the hat in purple
what is the return on your shares
how do I delete my facebook profile
my package from another shop is lost
is the water bottle dishwasher safe
do you ship to the moon
tell me about your founder
what music plays in your ad
do you hire out bikes in summer
how many grams does the tent weigh
what is the phone number of my bank
can I sell my old boots to you
which tent is best for winter
my train was cancelled, who pays
does the rucksack fit a 15 inch laptop
are there vacancies in your warehouse
can you print our club badge on the shirts
is the gas cartridge included
how do I get to the airport
what is your revenue
does the watch have gps
I lost my driving licence
is the mattress available in blue
who delivers pizza here
how long does the battery of the lamp last
can you recommend a lawyer
what is the weather like in norway in june
do you offer climbing lessons
is there a discount for firefighters
my phone contract is too expensive
can I camp in the national park
does the jacket have a hood
who founded the shop
"""

GERMAN = """
returns-window: Habe die Jacke vor drei Wochen gekauft, kann ich sie noch zurückgeben?
returns-window: Welche Frist gilt für Rücksendungen?
how-to-return: Die Hose steht mir nicht, wie werde ich sie wieder los?
how-to-return: Ich habe keinen Drucker für das Etikett
how-to-return: In welchem Shop kann ich die Retoure abgeben?
return-costs: Muss ich für das Zurückschicken etwas bezahlen?
return-costs: Rückversand aus Wien, was kostet mich das
refund-time: Mein Geld ist immer noch nicht da
refund-time: Wie schnell überweist ihr den Betrag nach der Retoure?
exchanges: Der Pulli ist zu eng, ich brauche ihn in L
exchanges: Kann ich das blaue gegen das grüne tauschen
exchanges: was verlangt ihr für einen umtausch
shipping-times: Wie lange braucht die Lieferung nach Wien?
shipping-times: Wann geht meine Bestellung raus, wenn ich heute Abend bestelle?
shipping-costs: Wie viel Porto kommt dazu?
shipping-costs: Ab welchem Betrag ist die Lieferung gratis?
track-your-order: Wo steckt meine Bestellung gerade?
track-your-order: Ich finde die Sendungsnummer nicht
late-delivery: Das Paket hätte gestern ankommen sollen
late-delivery: Ich warte seit Tagen auf meine Lieferung!
missing-parcel: Angeblich zugestellt, aber bei mir ist nichts angekommen
missing-parcel: Jemand hat mein Paket aus dem Hausflur geklaut
cancel-order: Ich möchte meine Bestellung doch nicht, bitte stoppen
cancel-order: Kann ich einen der zwei Artikel noch rausnehmen lassen?
change-order: Habe aus Versehen Größe M statt L bestellt
change-order: Falsche Hausnummer eingegeben, bitte korrigieren
payment-methods: Kann man bei euch mit Klarna zahlen?
payment-methods: Welche Möglichkeiten gibt es zu bezahlen
promo-codes: Der Gutscheincode wird nicht angenommen
promo-codes: Gibt es Rabatt für Studenten?
size-guide: Ich habe 98 cm Brustumfang, was passt mir
size-guide: Welche Bundweite ist 34?
damaged-items: Die Tasse kam in Scherben an
damaged-items: Das Shirt hat ein Loch an der Naht
password-and-login: Ich komme nicht mehr in mein Kundenkonto rein
password-and-login: Wie setze ich mein Passwort zurück
account-details: Bitte mein Konto löschen
account-details: Ich habe eine neue E-Mail-Adresse
membership-tiers: Wie viel muss ich ausgeben, um Gold zu werden?
membership-tiers: Welche Vorteile habe ich als VIP
contact-and-hours: Kann ich euch auch anrufen?
contact-and-hours: Seid ihr am Samstag erreichbar
wrong-item: Ich habe ein ganz anderes Produkt bekommen
wrong-item: In der Lieferung fehlt eine Mütze
verleiht ihr auch Ski?
wie wird das Wetter morgen
habt ihr offene Stellen
mein Internet geht nicht
wer ist euer Chef
verkauft ihr Hundefutter
kann man Bitcoin verwenden um Aktien zu kaufen
was ist die Hauptstadt von Peru
returns-window: Bis wann muss ich die Stiefel spätestens zurückgeben?
returns-window: Zählt die Frist ab der Bestellung oder ab der Zustellung?
how-to-return: Wie melde ich eine Retoure an?
how-to-return: Mir fehlt das Etikett für die Rücksendung
return-costs: Ist das Zurücksenden für mich umsonst?
refund-time: Wann ist die Erstattung auf meiner Karte?
refund-time: Ihr habt die Ware seit einer Woche, wo bleibt mein Geld
exchanges: Die Schuhe sind eine Nummer zu klein, ich hätte gern 43
shipping-times: In wie vielen Tagen ist das Paket in Zürich?
shipping-costs: Was zahle ich für die Lieferung nach Österreich?
track-your-order: Wie kann ich sehen, wo mein Paket ist
late-delivery: Meine Lieferung ist seit drei Tagen überfällig
missing-parcel: Im Tracking steht zugestellt, der Briefkasten ist aber leer
cancel-order: Kann ich meinen Kauf noch widerrufen, er ist nicht verschickt
change-order: Können Sie die Lieferadresse meiner Bestellung noch anpassen
payment-methods: Nehmen Sie American Express?
payment-methods: Geht auch Kauf auf Rechnung
promo-codes: Warum funktioniert mein Rabattcode nicht
size-guide: Welche Größe nehme ich bei 105 cm Brust
damaged-items: Der Deckel ist gesprungen, gerade ausgepackt
password-and-login: Mein Passwort wird nicht mehr akzeptiert
account-details: Wie kann ich mein Kundenkonto schließen
membership-tiers: Ab wann bin ich Gold-Kunde
contact-and-hours: Wie lange ist der Service am Freitag erreichbar
wrong-item: Statt der Mütze lagen Socken im Karton
wie schwer ist das Zelt
kann man bei euch Fahrräder mieten
wann fährt der Zug nach Hamburg
sucht ihr Mitarbeiter im Lager
"""

SPANISH = """
returns-window: Compré el forro hace tres semanas, ¿todavía puedo devolverlo?
returns-window: ¿Qué plazo hay para las devoluciones?
how-to-return: No me queda bien el pantalón, ¿qué hago para devolverlo?
how-to-return: No tengo impresora para la etiqueta
how-to-return: ¿En qué tienda dejo el paquete de la devolución?
return-costs: ¿Tengo que pagar por devolver algo?
return-costs: devolución desde Madrid, cuánto me cuesta
refund-time: Todavía no tengo mi dinero
refund-time: ¿En cuánto tiempo me pagan después de devolver?
exchanges: El jersey me aprieta, necesito una L
exchanges: Quiero el azul en lugar del verde, ¿se puede cambiar?
exchanges: cuánto cobran por un cambio
shipping-times: ¿Cuánto tarda en llegar a Barcelona?
shipping-times: Si pido esta noche, ¿cuándo sale?
shipping-costs: ¿Cuánto hay que pagar de envío?
shipping-costs: ¿Desde qué importe es gratis el envío?
track-your-order: ¿Por dónde va mi pedido?
track-your-order: No encuentro el número de seguimiento
late-delivery: El paquete tenía que llegar ayer
late-delivery: ¡Llevo días esperando mi pedido!
missing-parcel: Dice que está entregado pero aquí no hay nada
missing-parcel: Alguien robó mi paquete del portal
cancel-order: Ya no quiero el pedido, por favor párenlo
cancel-order: ¿Pueden quitar uno de los dos artículos?
change-order: Pedí la M por error y quiero la L
change-order: Puse mal el número de la calle, corríjanlo por favor
payment-methods: ¿Se puede pagar con Bizum o PayPal?
payment-methods: Qué opciones de pago hay
promo-codes: No me aceptan el cupón
promo-codes: ¿Hay descuento para estudiantes?
size-guide: Tengo 98 cm de pecho, ¿qué talla me va?
size-guide: ¿Qué cintura es la 34?
damaged-items: La taza llegó hecha pedazos
damaged-items: La camiseta tiene un agujero
password-and-login: No consigo entrar en mi cuenta
password-and-login: ¿Cómo recupero la contraseña?
account-details: Quiero borrar mi cuenta
account-details: Tengo un correo nuevo
membership-tiers: ¿Cuánto tengo que gastar para ser Gold?
membership-tiers: Qué ventajas tengo como VIP
contact-and-hours: ¿Puedo llamarles por teléfono?
contact-and-hours: ¿Están los sábados?
wrong-item: Me ha llegado un producto distinto
wrong-item: Falta un gorro en el paquete
¿alquilan esquís?
qué tiempo hará mañana
¿tienen ofertas de trabajo?
no me funciona internet
¿quién es su director?
¿venden comida para perros?
quiero comprar acciones con bitcoin
cuál es la capital de Perú
returns-window: ¿Hasta qué día puedo devolver las botas?
returns-window: ¿El plazo cuenta desde la compra o desde la entrega?
how-to-return: ¿Cómo inicio una devolución?
how-to-return: Me falta la etiqueta para devolver
return-costs: ¿Es gratis devolver desde Alemania?
refund-time: ¿Cuándo estará el reembolso en mi tarjeta?
refund-time: Tienen mi devolución desde hace una semana, ¿y mi dinero?
exchanges: Los zapatos me quedan pequeños, quiero un 43
shipping-times: ¿En cuántos días llega el paquete a Sevilla?
shipping-costs: ¿Qué pago por el envío a España?
track-your-order: ¿Cómo puedo ver dónde está mi paquete?
late-delivery: Mi entrega lleva tres días de retraso
missing-parcel: El seguimiento dice entregado pero el buzón está vacío
cancel-order: ¿Puedo anular la compra si no se ha enviado?
change-order: ¿Pueden cambiar la dirección de entrega de mi pedido?
payment-methods: ¿Aceptan American Express?
payment-methods: ¿Puedo pagar más tarde?
promo-codes: ¿Por qué no funciona mi código de descuento?
size-guide: ¿Qué talla necesito con 105 cm de pecho?
damaged-items: La tapa está rota, lo acabo de abrir
password-and-login: Ya no acepta mi contraseña
account-details: ¿Cómo cierro mi cuenta?
membership-tiers: ¿Desde cuánto soy cliente Gold?
contact-and-hours: ¿Hasta qué hora atienden el viernes?
wrong-item: En lugar del gorro había calcetines en la caja
cuánto pesa la tienda de campaña
¿alquilan bicicletas?
a qué hora sale el tren a Valencia
¿buscan personal para el almacén?
"""

FRENCH = """
returns-window: J'ai acheté la veste il y a trois semaines, puis-je encore la rendre ?
returns-window: Quel est le délai pour un retour ?
how-to-return: Le pantalon ne me va pas, comment le rendre ?
how-to-return: Je n'ai pas d'imprimante pour l'étiquette
how-to-return: Dans quel point relais déposer mon retour ?
return-costs: Dois-je payer pour renvoyer un article ?
return-costs: retour depuis Lyon, ça me coûte combien
refund-time: Je n'ai toujours pas mon argent
refund-time: Combien de temps après le retour suis-je payé ?
exchanges: Le pull est trop serré, il me faut un L
exchanges: Je voudrais le bleu à la place du vert, est-ce possible de l'échanger
exchanges: combien demandez-vous pour un échange
shipping-times: Combien de jours pour livrer à Paris ?
shipping-times: Si je commande ce soir, quand est-ce que ça part ?
shipping-costs: C'est combien les frais d'envoi ?
shipping-costs: À partir de quel montant la livraison est-elle offerte ?
track-your-order: Où se trouve ma commande en ce moment ?
track-your-order: Je ne trouve pas le numéro de suivi
late-delivery: Le colis devait arriver hier
late-delivery: J'attends ma commande depuis des jours !
missing-parcel: Soi-disant livré mais je n'ai rien reçu
missing-parcel: Quelqu'un a volé mon colis dans le hall
cancel-order: Je ne veux plus ma commande, merci de l'arrêter
cancel-order: Pouvez-vous enlever un des deux articles ?
change-order: J'ai pris M par erreur au lieu de L
change-order: J'ai mis le mauvais numéro de rue, merci de corriger
payment-methods: Peut-on payer avec PayPal ou en plusieurs fois ?
payment-methods: Quelles sont les possibilités de paiement
promo-codes: Mon bon de réduction est refusé
promo-codes: Y a-t-il une réduction pour étudiants ?
size-guide: Je fais 98 cm de tour de poitrine, quelle taille prendre ?
size-guide: À quoi correspond la taille 34 ?
damaged-items: La tasse est arrivée en morceaux
damaged-items: Le t-shirt a un trou
password-and-login: Je n'arrive plus à entrer dans mon compte
password-and-login: Comment récupérer mon mot de passe
account-details: Merci de supprimer mon compte
account-details: J'ai une nouvelle adresse mail
membership-tiers: Combien faut-il dépenser pour être Gold ?
membership-tiers: Quels avantages ai-je en tant que VIP
contact-and-hours: Puis-je vous appeler ?
contact-and-hours: Êtes-vous là le samedi
wrong-item: J'ai reçu un produit complètement différent
wrong-item: Il manque un bonnet dans le paquet
louez-vous des skis ?
quel temps fera-t-il demain
avez-vous des offres d'emploi
mon internet ne marche pas
qui est votre directeur
vendez-vous de la nourriture pour chiens
je veux acheter des actions avec du bitcoin
quelle est la capitale du Pérou
returns-window: Jusqu'à quelle date puis-je rendre les bottes ?
returns-window: Le délai compte-t-il depuis l'achat ou la livraison ?
how-to-return: Comment lancer un retour ?
how-to-return: Il me manque l'étiquette de retour
return-costs: Le renvoi est-il gratuit pour moi ?
refund-time: Quand le remboursement sera-t-il sur ma carte ?
refund-time: Vous avez mon retour depuis une semaine, où est mon argent
exchanges: Les chaussures sont trop petites, je voudrais du 43
shipping-times: En combien de jours le colis arrive-t-il à Nice ?
shipping-costs: Combien dois-je payer pour la livraison en France ?
track-your-order: Comment voir où se trouve mon colis
late-delivery: Ma livraison a trois jours de retard
missing-parcel: Le suivi dit livré mais ma boîte aux lettres est vide
cancel-order: Puis-je encore annuler mon achat, il n'est pas parti
change-order: Pouvez-vous changer l'adresse de livraison de ma commande
payment-methods: Acceptez-vous American Express ?
payment-methods: Est-il possible de payer plus tard
promo-codes: Pourquoi mon code promo ne fonctionne pas
size-guide: Quelle taille pour 105 cm de poitrine
damaged-items: Le couvercle est fendu, je viens de l'ouvrir
password-and-login: Mon mot de passe n'est plus accepté
account-details: Comment fermer mon compte
membership-tiers: À partir de combien suis-je client Gold
contact-and-hours: Jusqu'à quelle heure répondez-vous le vendredi
wrong-item: À la place du bonnet il y avait des chaussettes dans le carton
combien pèse la tente
louez-vous des vélos
à quelle heure part le train pour Lyon
cherchez-vous du personnel pour l'entrepôt
"""

ENGLISH_HELD_OUT = """
returns-window: how late can I be with giving the parka back
returns-window: is day 29 after I received it still in time for a return?
returns-window: can it still go back if I took the paper tag off
how-to-return: where in my account do I request a return
how-to-return: my return needs a label, will you mail me one
how-to-return: how should the return be boxed up
return-costs: do I need to buy stamps for the return
return-costs: what do you subtract for a return from Portugal
refund-time: I want to know when the repayment arrives
refund-time: it's been 12 working days, no refund
refund-method: do refunds always go to the card I used
refund-method: can my refund be issued as shop credit
exchanges: the trousers are too short, can I have a longer size
exchanges: I'd prefer this hat in blue, I have it in red
exchanges: which fee applies for changing the size after delivery
non-returnable-items: are sale items excluded from returns
non-returnable-items: may I return socks
shipping-times: how many days does standard delivery need within germany
shipping-times: when will a Sunday order be dispatched
shipping-costs: is there free delivery
shipping-costs: shipping fee to the Netherlands?
express-shipping: is next day delivery available
shipping-countries: do you ship outside of Europe
customs-and-duties: who pays the duties for a parcel to Switzerland
track-your-order: how can I trace my shipment
track-your-order: has my order left yet
tracking-not-updating: my tracking number is not recognised
split-parcels: why did only half of my order turn up
late-delivery: my delivery is four days overdue
late-delivery: what happens when a parcel gets lost in transit
missing-parcel: it shows as delivered, I have received nothing
missing-parcel: my parcel was stolen
delivery-address,change-order: can I correct the postcode of my order
missed-delivery: I missed the courier, will he come again
cancel-order: how can I cancel a purchase from yesterday
cancel-order: I want my money back because I cancelled
change-order: is it possible to change the colour of an item that I ordered today
order-confirmation: no confirmation in my inbox, is my order ok
out-of-stock: will you notify me when size L is available
payment-methods: do you offer cash on delivery
payment-methods: can I use google pay
payment-problems: bank declined the payment, what next
payment-problems: I paid two times by accident
promo-codes: how do I redeem my coupon
promo-codes: my voucher has been refused
price-adjustments: it is cheaper today than last week when I ordered
gift-cards: how long does a gift voucher last
invoices: please email me the invoice for my order
size-guide: what size corresponds to a 92 cm chest
shoe-sizes: which EU size equals UK 8
kids-sizes: which size for my 4 year old daughter
damaged-items: the zip is broken on arrival
damaged-items: product came scratched, what do I do
wrong-item: you delivered the wrong size
wrong-item: one article was not in the parcel
warranty: does the guarantee cover a torn seam after a year
repairs: what does it cost to have a zipper replaced
care-wool: can I put my sweater in the dryer
care-waterproof: how do I restore the water repellency
create-account: can I order without creating an account
password-and-login: how do I reset my password
account-details: delete my profile please
data-privacy: what personal data do you hold about me
membership-tiers: what is needed for VIP status
newsletter: take me off your newsletter
contact-and-hours: what is your phone number
showroom: opening times of your shop in Leipzig
sock-club: how can I stop my sock deliveries
materials-and-sustainability: in which countries are your products made
suspicious-messages: is an email asking for my password from you
website-problems: I cannot get through the checkout
"""

UNANSWERED_HELD_OUT = """
do you rent out sleeping bags
what does the backpack weigh
can I get a job in your marketing team
how do I cancel my phone contract
what is the best hike near Munich
my flight was delayed, do I get compensation
does the headlamp come with a charger
how do I become a supplier
what is the capital of Norway
can you engrave my name on the bottle
my landlord will not return my deposit
is there a nurse discount
how do I change a bicycle tyre
which stove fuel can I take on a plane
when does the museum open
how do I delete my instagram account
is the mat available in purple
are you on the stock exchange
what temperature is the sleeping bag made for
can I bring my dog to the beach
"""

GERMAN_HELD_OUT = """
returns-window: Wie viel Zeit habe ich für eine Rückgabe?
how-to-return: Wo beantrage ich die Rücksendung?
return-costs: Wer trägt die Kosten der Rücksendung
refund-time: Wann wird mir der Betrag erstattet?
exchanges: Die Jacke ist zu groß, kann ich eine kleinere haben
shipping-times: Wann wird meine Bestellung geliefert?
shipping-costs: Wie hoch sind die Versandkosten nach Frankreich
track-your-order: Wo kann ich meine Sendung verfolgen
late-delivery: Meine Bestellung kommt einfach nicht an
missing-parcel: Das Paket wurde laut Status zugestellt, ich habe es nicht
cancel-order: Ich will meine gestrige Bestellung stornieren
change-order: Kann ich die Farbe meiner Bestellung noch ändern
payment-methods: Kann ich mit PayPal bezahlen?
promo-codes: Mein Gutschein wird abgelehnt
size-guide: Welche Größe passt bei 92 cm Brustumfang
damaged-items: Der Reißverschluss war schon bei Ankunft kaputt
password-and-login: Ich habe mein Kennwort vergessen
account-details: Wie ändere ich die E-Mail in meinem Konto
membership-tiers: Was bringt mir der Gold-Status
contact-and-hours: Gibt es eine Telefonnummer?
wrong-item: Ihr habt mir die falsche Größe geschickt
"""

SPANISH_HELD_OUT = """
returns-window: ¿Cuánto tiempo hay para una devolución?
how-to-return: ¿Dónde solicito la devolución?
return-costs: Quién paga los gastos de la devolución
refund-time: ¿Cuándo me reembolsan el importe?
exchanges: La chaqueta es demasiado grande, ¿puedo tener una más pequeña?
shipping-times: ¿Cuándo me entregan el pedido?
shipping-costs: Cuánto son los gastos de envío a Francia
track-your-order: Dónde puedo seguir mi envío
late-delivery: Mi pedido no llega
missing-parcel: Según el estado fue entregado, pero no lo tengo
cancel-order: Quiero cancelar el pedido de ayer
change-order: ¿Puedo cambiar el color de mi pedido?
payment-methods: ¿Puedo pagar con PayPal?
promo-codes: Rechazan mi cupón
size-guide: Qué talla corresponde a 92 cm de pecho
damaged-items: La cremallera llegó rota
password-and-login: He olvidado mi clave
account-details: Cómo cambio el correo de mi cuenta
membership-tiers: Qué me aporta el nivel Gold
contact-and-hours: ¿Tienen un número de teléfono?
wrong-item: Me han enviado la talla equivocada
"""

FRENCH_HELD_OUT = """
returns-window: Combien de temps ai-je pour un retour ?
how-to-return: Où demander un retour ?
return-costs: Qui prend en charge les frais de retour
refund-time: Quand le montant me sera-t-il remboursé ?
exchanges: La veste est trop grande, puis-je en avoir une plus petite
shipping-times: Quand ma commande sera-t-elle livrée ?
shipping-costs: À combien s'élèvent les frais de livraison vers l'Espagne
track-your-order: Où puis-je suivre mon envoi
late-delivery: Ma commande n'arrive pas
missing-parcel: Selon le statut il a été livré, mais je ne l'ai pas
cancel-order: Je veux annuler ma commande d'hier
change-order: Puis-je encore changer la couleur de ma commande
payment-methods: Puis-je payer avec PayPal ?
promo-codes: Mon code est refusé
size-guide: Quelle taille correspond à 92 cm de poitrine
damaged-items: La fermeture éclair est arrivée cassée
password-and-login: J'ai oublié mon mot de passe
account-details: Comment changer l'e-mail de mon compte
membership-tiers: Que m'apporte le statut Gold
contact-and-hours: Avez-vous un numéro de téléphone ?
wrong-item: Vous m'avez envoyé la mauvaise taille
"""


def read(written: str) -> Questions:
    """The questions of a list, each with the articles that answer it."""
    return tuple(_line(line) for line in written.strip().splitlines())


def _line(line: str) -> tuple[str, tuple[str, ...]]:
    slugs, divided, question = line.partition(": ")
    return (question, tuple(slugs.split(","))) if divided else (line, ())
