"""What a person at the terminal needs in order to try the demo: addresses, logins, tokens."""

from cli.demo.chat import customer_token
from cli.demo.state import DemoState
from cli.demo.world import World
from cli.progress import say
from integrations.shop.scenarios import SPLIT_SHIPMENT, VIP, Scenario


def announce(world: World, state: DemoState) -> None:
    """Print where everything is."""
    services, staff = world.services, world.staff
    logins = "\n".join(f"      {person.login:<6} {person.password:<10} {person.role}" for person in staff.everybody)
    say(
        f"""
  Chat, signed in at the shop as
      {SPLIT_SHIPMENT.name} (order {SPLIT_SHIPMENT.order_number}, in two parcels)
      {_chat_link(world, SPLIT_SHIPMENT)}
      {VIP.name} (vip, order {VIP.order_number})
      {_chat_link(world, VIP)}
  Chat, unknown to the shop
      {services.public_url}/chat?open=1
  Desk
      {services.public_url}/desk
{logins}
  Floor, for leads
      {services.public_url}/desk/floor
  The AI's readiness, switches and gaps, for leads
      {services.public_url}/desk/assistant
  Policy, for admins
      {services.public_url}/admin/policy
  Temporal UI
      {services.temporal_ui_url}
  Mail
      write to {world.mailbox.account} by SMTP on 127.0.0.1:{services.smtp_listen_port}
      what Baton sends is kept in {state.mails}
  Admin's API
      curl -H 'Authorization: Bearer {staff.admin_token}' {services.public_url}/v1/admin/interactions
  Log of all processes
      {state.log}
"""
    )


def announce_what_waits(customer: Scenario) -> None:
    """Print what a newcomer can do first."""
    say(
        f"  A complaint of {customer.name} and an answer that the AI has drafted wait for you: sign in at the desk as\n"
        "  jules, go available, accept with the keyboard; reply and resolve the one, send, edit or reject the other.\n"
        "  Ctrl-C ends the demo.\n"
    )


def _chat_link(world: World, customer: Scenario) -> str:
    return f"{world.services.public_url}/chat?open=1&customer={customer_token(world.services.secret_key, customer)}"
