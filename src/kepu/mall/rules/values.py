"""What there is to exchange points for, and what may become of an order."""

from enum import StrEnum

NAME_MAX, TEXT_MAX, SUPPLIER_MAX = 40, 1000, 60
ADDRESS_MIN, ADDRESS_MAX, HOURS_MAX, REASON_MAX = 5, 120, 80, 200
POINTS_MAX, STOCK_MAX, LIMIT_MAX = 1_000_000, 1_000_000, 1_000
PICTURES_MAX, POINTS_OF_ITEM_MAX = 6, 40
LOADED_AT_ONCE_MAX = 5_000
# How long a buyer's address is kept after the delivery was sent, or the order ended before that.
CONTACT_KEPT_DAYS = 30
# How long what lies ready waits to be picked up, where its item says nothing else.
WAITS_DAYS, WAITS_DAYS_MAX = 30, 365
# So many orders a person may call off a day: stock that is taken and given back keeps others from it.
CANCELS_A_DAY_MAX = 3
# From here on a buyer is told how many are left.
FEW_LEFT = 5


class ItemKind(StrEnum):
    """What an item is."""

    GOODS = "goods"
    VOUCHER = "voucher"
    BADGE = "badge"


class LimitSpan(StrEnum):
    """Over which time a person's limit counts: for good, or a calendar month in Asia/Shanghai."""

    EVER = "ever"
    MONTH = "month"


class Way(StrEnum):
    """How the buyer gets it; vouchers and badges are shown on the site."""

    PICK_UP = "pick_up"
    DELIVERY = "delivery"
    ONLINE = "online"


class OrderState(StrEnum):
    """Where an order stands."""

    RESERVED = "reserved"
    PAID = "paid"
    READY = "ready"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    RETURNED = "returned"


ENDED = frozenset({OrderState.HANDED_OVER, OrderState.CANCELLED, OrderState.RETURNED})
# Nothing was taken from the shelf yet, but it is promised.
WAITING = frozenset({OrderState.RESERVED, OrderState.PAID, OrderState.READY})


class By(StrEnum):
    """Who takes a step."""

    SITE = "site"
    BUYER = "buyer"
    STAFF = "staff"


class Cause(StrEnum):
    """Why stock changed."""

    RECEIVED = "received"
    ORDERED = "ordered"
    GIVEN_BACK = "given_back"
    COUNTED = "counted"


class Refusal(StrEnum):
    """Every expected no of this room; `reads.refusal_text` says it to a person, with the next step."""

    NOT_FOUND = "not_found"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    SOLD_OUT = "sold_out"
    LIMIT_REACHED = "limit_reached"
    NOT_CERTIFIED = "not_certified"
    OTHER_DIVISION = "other_division"
    WAY_MISSING = "way_missing"
    ADDRESS_WRONG = "address_wrong"
    PHONE_WRONG = "phone_wrong"
    NAME_WRONG = "name_wrong"
    POINTS_SHORT = "points_short"
    CHANGED = "changed"
    NO_ACCOUNT = "no_account"
    NOT_NOW = "not_now"
    REASON_MISSING = "reason_missing"
    AMOUNT_WRONG = "amount_wrong"
    MOVED = "moved"
    FEWER_THAN_ORDERED = "fewer_than_ordered"
    BY_CODES_ONLY = "by_codes_only"
    TOO_MANY = "too_many"
    OWN_ORDER = "own_order"
    SHOWN = "shown"
    CANCELLED_ENOUGH = "cancelled_enough"
    ENTERED_BEFORE = "entered_before"


class Trouble(StrEnum):
    """What is wrong with a draft of an item or of a pick-up point."""

    NAME = "name"
    TEXT = "text"
    POINTS = "points"
    LIMIT = "limit"
    WAITS = "waits"
    DIVISION = "division"
    SEEN_WITHIN = "seen_within"
    TIMES = "times"
    WAY_MISSING = "way_missing"
    WAY_ONLINE = "way_online"
    PICK_UP = "pick_up"
    SUPPLIER = "supplier"
    ADDRESS = "address"
    HOURS = "hours"
    KIND = "kind"
    GONE = "gone"
