"""The words people see for the values in `rules`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepu.kit.photos import PhotoTrouble
from kepu.mall.rules import By, Cause, ItemKind, LimitSpan, OrderState, Refusal, Trouble, Way

KINDS: dict[ItemKind, str | Promise] = {
    ItemKind.GOODS: pgettext_lazy("kind of item", "Goods"),
    ItemKind.VOUCHER: pgettext_lazy("kind of item", "Voucher"),
    ItemKind.BADGE: pgettext_lazy("kind of item", "Badge"),
}
SPANS: dict[LimitSpan, str | Promise] = {
    LimitSpan.EVER: _("in all"),
    LimitSpan.MONTH: _("each calendar month"),
}
WAYS: dict[Way, str | Promise] = {
    Way.PICK_UP: _("Pick it up"),
    Way.DELIVERY: _("Have it delivered"),
    Way.ONLINE: _("Here on the phone"),
}
STATES: dict[OrderState, str | Promise] = {
    OrderState.RESERVED: pgettext_lazy("state of an order", "Points are being taken"),
    OrderState.PAID: pgettext_lazy("state of an order", "Points taken"),
    OrderState.READY: pgettext_lazy("state of an order", "Ready"),
    OrderState.HANDED_OVER: pgettext_lazy("state of an order", "Handed over"),
    OrderState.CANCELLED: pgettext_lazy("state of an order", "Cancelled"),
    OrderState.RETURNED: pgettext_lazy("state of an order", "Returned"),
}
# What the buyer reads where the way makes it another word.
STATES_OF_WAY: dict[tuple[Way, OrderState], str | Promise] = {
    (Way.PICK_UP, OrderState.PAID): pgettext_lazy("state of an order", "Points taken, being got ready"),
    (Way.PICK_UP, OrderState.READY): pgettext_lazy("state of an order", "Ready to pick up"),
    (Way.DELIVERY, OrderState.PAID): pgettext_lazy("state of an order", "Points taken, being got ready"),
    (Way.DELIVERY, OrderState.READY): pgettext_lazy("state of an order", "On its way"),
    (Way.DELIVERY, OrderState.HANDED_OVER): pgettext_lazy("state of an order", "Arrived"),
}
VOUCHER_STATES: dict[OrderState, str | Promise] = {
    OrderState.PAID: pgettext_lazy("state of an order", "Points taken, code not shown yet"),
    OrderState.HANDED_OVER: pgettext_lazy("state of an order", "Code shown"),
}
HANDS: dict[By, str | Promise] = {
    By.SITE: _("The site"),
    By.BUYER: _("The buyer"),
    By.STAFF: _("Staff"),
}
CAUSES: dict[Cause, str | Promise] = {
    Cause.RECEIVED: pgettext_lazy("stock", "Taken in"),
    Cause.ORDERED: pgettext_lazy("stock", "Ordered"),
    Cause.GIVEN_BACK: pgettext_lazy("stock", "Given back"),
    Cause.COUNTED: pgettext_lazy("stock", "Counted"),
}
REFUSALS: dict[Refusal, str | Promise] = {
    Refusal.NOT_FOUND: _("This is not in the mall any more. Look what else there is."),
    Refusal.NOT_OPEN_YET: _("This can be exchanged later. Come back when it opens."),
    Refusal.CLOSED: _("The time for exchanging this is over. Look what else there is."),
    Refusal.SOLD_OUT: _("All of it is gone. Look what else there is, or ask your association for more."),
    Refusal.LIMIT_REACHED: _("You have had as many of this as one person may have."),
    Refusal.NOT_CERTIFIED: _("This is for certified communicators. Get certified first; it is free."),
    Refusal.OTHER_DIVISION: _("This is for people of another place."),
    Refusal.WAY_MISSING: _("Choose where to pick it up, or to have it delivered."),
    Refusal.ADDRESS_WRONG: _("Write the whole address: town, village, house, 5 to 120 characters."),
    Refusal.PHONE_WRONG: _("This is not a mobile number. Enter the 11 digits, starting with 1."),
    Refusal.NAME_WRONG: _("Write the real name of whoever receives it."),
    Refusal.POINTS_SHORT: _("Your points do not reach. Nothing was taken from you."),
    Refusal.CHANGED: _("The price changed meanwhile. Look at it again before you exchange."),
    Refusal.NO_ACCOUNT: _("With this account nothing can be exchanged. Ask your association."),
    Refusal.NOT_NOW: _("The order is not at that step any more. Look where it stands now."),
    Refusal.REASON_MISSING: _("Write the reason, at most 200 characters; it is kept with the order."),
    Refusal.AMOUNT_WRONG: _("Enter a whole number, 1 to 1,000,000."),
    Refusal.MOVED: _("Something was handed out or came in meanwhile. Count again."),
    Refusal.FEWER_THAN_ORDERED: _(
        "More are ordered and waiting than lie there. Cancel some orders first, then count again."
    ),
    Refusal.BY_CODES_ONLY: _("Of vouchers there are as many as codes. Load codes instead."),
    Refusal.TOO_MANY: _("That is more than can be taken at once: 6 pictures an item, 5,000 codes a file."),
    Refusal.OWN_ORDER: _("Nobody decides on their own order. Ask a colleague."),
    Refusal.ENTERED_BEFORE: _("That was entered already; nothing was entered a second time."),
    Refusal.CANCELLED_ENOUGH: _(
        "You have cancelled 3 orders today; that is as many as one may. Try again tomorrow."
    ),
    Refusal.SHOWN: _("The code was shown already and is shown once only."),
}
TROUBLES: dict[Trouble, str | Promise] = {
    Trouble.NAME: _("Give it a name, at most 40 characters."),
    Trouble.TEXT: _("The text may have 1,000 characters at most."),
    Trouble.POINTS: _("The price is a whole number of points, 1 to 1,000,000."),
    Trouble.WAITS: _("Say how many days a ready pick-up waits, 1 to 365."),
    Trouble.LIMIT: _("The limit is a whole number, 0 to 1,000; 0 is no limit."),
    Trouble.DIVISION: _("Choose a division; it cannot be changed later."),
    Trouble.SEEN_WITHIN: _("Those who may have it live inside the division that owns it."),
    Trouble.TIMES: _("It must close later than it opens."),
    Trouble.WAY_MISSING: _("Say how people get it: by pick-up points, delivery, or both."),
    Trouble.WAY_ONLINE: _("Vouchers and badges are shown on the phone: no pick-up point, no delivery."),
    Trouble.PICK_UP: _("Choose at most 40 pick-up points, all inside the division that owns it."),
    Trouble.SUPPLIER: _("The supplier's name may have 60 characters at most."),
    Trouble.ADDRESS: _("Write where it is, at most 120 characters."),
    Trouble.HOURS: _("Write when it is open, at most 80 characters."),
    Trouble.KIND: _("What it is and who owns it cannot be changed. Make a new item."),
    Trouble.GONE: _("It is not there any more."),
}
PHOTO_TROUBLES: dict[PhotoTrouble, str | Promise] = {
    PhotoTrouble.TOO_LARGE: _("The picture is larger than 10 MB. Send a smaller one."),
    PhotoTrouble.TOO_MANY_POINTS: _(
        "The picture has too many points. Send a smaller one, or a photograph as JPEG."
    ),
    PhotoTrouble.NOT_A_PICTURE: _("This is no picture. Send a JPEG, PNG or WebP."),
}
