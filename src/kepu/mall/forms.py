"""What a buyer types: where goods are picked up, or where they are delivered to."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kepu.mall import labels
from kepu.mall.reads import ItemRow
from kepu.mall.rules import ADDRESS_MAX, Refusal, Way, Wish

# The field a refusal belongs to; others are said above the form.
FIELD_OF = {
    Refusal.WAY_MISSING: "point",
    Refusal.NAME_WRONG: "name",
    Refusal.PHONE_WRONG: "phone",
    Refusal.ADDRESS_WRONG: "address",
}


class WishForm(forms.Form):
    """Either a pick-up point or a delivery's name, number and address; what is online asks nothing."""

    def __init__(self, item: ItemRow, way: Way, data: QueryDict | None, name: str = "") -> None:
        super().__init__(data, initial={"name": name, "point": _first(item)})
        self.way = way
        if way is Way.PICK_UP:
            self.fields["point"] = forms.ChoiceField(
                label=_("Where I pick it up"),
                choices=[(point.number, point.name) for point in item.pick_up if point.is_open],
                widget=forms.RadioSelect,
                error_messages=_says(Refusal.WAY_MISSING),
            )
        if way is Way.DELIVERY:
            self.fields["name"] = _line(_("Who receives it"), 40, Refusal.NAME_WRONG, "name")
            self.fields["phone"] = _line(_("Phone number"), 40, Refusal.PHONE_WRONG, "tel")
            self.fields["phone"].widget.attrs["inputmode"] = "tel"
            self.fields["address"] = _line(_("Address"), ADDRESS_MAX, Refusal.ADDRESS_WRONG, "street-address")

    def wish(self, seen_points: int) -> Wish:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Wish(
            way=self.way,
            seen_points=seen_points,
            point=int(said.get("point") or 0),
            name=said.get("name", ""),
            phone=said.get("phone", ""),
            address=said.get("address", ""),
        )

    def refuse(self, refusal: Refusal) -> None:
        """A refusal stands at the field it belongs to, or above the form."""
        field = FIELD_OF.get(refusal)
        self.add_error(field if field in self.fields else None, str(labels.REFUSALS[refusal]))


def _line(label: Any, length_max: int, refusal: Refusal, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length_max,
        error_messages=_says(refusal),
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


def _says(refusal: Refusal) -> dict[str, Any]:
    kinds = ("required", "invalid", "invalid_choice", "max_length", "null_characters_not_allowed")
    return dict.fromkeys(kinds, labels.REFUSALS[refusal])


def _first(item: ItemRow) -> int:
    """The only open pick-up point is chosen already; among several nobody chooses for the buyer."""
    there = [point.number for point in item.pick_up if point.is_open]
    return there[0] if len(there) == 1 else 0
