"""Whom to ring about an order: its consultant, or KiAP's office where it has none or is not known."""

from domain.order import Order
from storage.staff import find_staff
from web.services import Office, Services


def contact_of(services: Services, order: Order | None) -> Office:
    """The consultant as an office of one, on their own number where they have one. Only for who knows the order."""
    if order is None or order.consultant is None:
        return services.office
    with services.database.read() as connection:
        consultant = find_staff(connection, order.consultant)
    if consultant is None:
        return services.office
    return Office(
        name=f"{consultant.name} (KiAP)", phone=consultant.phone or services.office.phone, address=consultant.email
    )
