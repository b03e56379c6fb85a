"""What answers cost: today, this month, by assistant and day; the price they are counted by, and the limits."""

from collections.abc import Mapping

import streamlit as st

from core.assistants import assistants
from core.assistants.provider_settings import provider
from core.errors import AnswerbookError
from core.metering import Price, host_of, price_in_euros
from core.provider import PRICES_OF, PROMPT_TOKENS, WRITTEN_TOKENS
from core.schema import Provider
from core.spending import (
    ALL,
    EURO,
    Cost,
    Limits,
    by_assistant,
    by_day,
    deletions,
    in_euros,
    limits,
    own_limits,
    save_limits,
    save_price,
    spent_this_month,
    spent_today,
    what_is_kept,
)
from core.text import counted
from pages.parts import state
from pages.parts.screen import pressed
from pages.parts.words import ago, plain

DAYS = 30
HEIGHT = 130
# Each limit in the owner's words: money in euros, the others counts. Only what is set for all has the last two.
MONEY = {"euros_day": "Euros a day", "euros_month": "Euros a month"}
ASKED = {
    "visitor_hour": "Questions an hour from one visitor",
    "address_hour": "Questions an hour from one connection",
    "key_minute": "Questions a minute with one key",
    "assistant_day": "Questions a day to one assistant",
}
UNPRICED = {
    "unpriced_day": "Answers a day without a known price",
    "unpriced_month": "Answers a month without a known price",
}
FOR_ALL = {"dollar": "Euros that a dollar counts as", "detail_days": "Days that each cost is kept singly"}


def draw_costs() -> None:
    """What answers cost and may cost."""
    st.subheader("What answers cost", anchor=False)
    with st.container(border=True):
        of_all = limits()
        with st.grid(3, min_column_width=200, gap="medium"):
            _draw_sum("Today", spent_today(), of_all.euros_day)
            _draw_sum("This month", spent_this_month(), of_all.euros_month)
            _draw_price(of_all)
        _draw_days()
        _draw_assistants()
        _draw_limits()
        _draw_kept()
        st.caption(
            "Counted by the prices of the services' own lists; their bills count, and may differ a little. Days and "
            "months begin at midnight UTC. Not counted: tests in Settings, and preparing documents for search by a "
            "service."
        )


def _draw_sum(title: str, cost: Cost, limit: int | None) -> None:
    with st.container(gap=None):
        st.caption(title)
        st.markdown(f"**{in_euros(cost.micro_euros)}**" + (f" of {in_euros(limit)}" if limit is not None else ""))
        said = counted(cost.answers, "answer")
        st.caption(f"{said}, {cost.unpriced:,} without a known price" if cost.unpriced else said)


def _draw_price(of_all: Limits) -> None:
    """What an answer of the model in use costs, and how that is known."""
    with st.container(gap=None):
        st.caption("An answer now")
        try:
            service = provider()
        except AnswerbookError:
            service = None
        if service is None or not service.chat_model:
            st.markdown("**€0.00**")
            st.caption("Quotes: no model is set.")
            return
        price = price_in_euros(service, of_all.dollar)
        about = in_euros(price.of(PROMPT_TOKENS, WRITTEN_TOKENS))
        st.markdown(f"**About {about}**" if price.known and price.known != "here" else f"**{NO_PRICE[price.known]}**")
        st.caption(f"{plain(service.chat_model)}: {_source_of(price, of_all)}")
        if price.known != "here":
            _draw_own_price(service, price)


NO_PRICE = {"here": "€0.00", "": "Not known"}


def _source_of(price: Price, of_all: Limits) -> str:
    if price.known == "table":
        return f"price of {PRICES_OF}, a dollar as {in_euros(of_all.dollar)}"
    if price.known == "owner":
        return "by the price that you typed"
    if price.known == "here":
        return "it runs here"
    return "answers are counted instead"


def _draw_own_price(service: Provider, price: Price) -> None:
    """A price to type where none is known, or where the owner knows better."""
    with (
        st.popover("Type the price", icon=":material/edit:", type="tertiary", key="own_price"),
        st.form("price", border=False),
    ):
        st.write(f"What a million tokens of **{plain(service.chat_model)}** cost, by the service's price list:")
        prompt, answer = (
            st.number_input(label, min_value=0.0, value=kept / EURO, format="%.4f", key=f"price_{name}")
            for name, label, kept in (
                ("prompt", "Input, in euros", price.prompt),
                ("answer", "Output, in euros", price.answer),
            )
        )
        if st.form_submit_button("Keep", type="primary", key="keep_price"):
            save_price(host_of(service), service.chat_model.strip(), (round(prompt * EURO), round(answer * EURO)))
            st.rerun()
        if price.known == "owner" and st.form_submit_button("Forget it", key="forget_price"):
            save_price(host_of(service), service.chat_model.strip(), None)
            st.rerun()


def _draw_days() -> None:
    """The last 30 days as bars, once something was spent."""
    days = by_day(DAYS)
    if not any(cost.micro_euros for _, cost in days):
        return
    values = [{"day": f"{day}", "euros": cost.micro_euros / EURO, "answers": cost.answers} for day, cost in days]
    tooltip = [
        {"field": "day", "title": "Day", "type": "temporal"},
        {"field": "euros", "title": "Euros", "type": "quantitative", "format": ".3f"},
        {"field": "answers", "title": "Answers", "type": "quantitative"},
    ]
    x_axis = {"title": None, "tickCount": 6, "grid": False, "format": "%-d %b"}
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "mark": "bar",
            "encoding": {
                "x": {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": x_axis},
                "y": {"field": "euros", "type": "quantitative", "axis": {"title": "Euros", "tickCount": 3}},
                "tooltip": tooltip,
            },
        },
        height=HEIGHT,
        key="costs_by_day",
        alt=f"What answers cost on each of the last {DAYS} days, {in_euros(days[-1][1].micro_euros)} today",
    )


def _draw_assistants() -> None:
    """This month by assistant, once there is something to tell."""
    costs = by_assistant()
    if not costs:
        return
    names = assistants.assistant_names()
    lines = ["| This month | Answers | Cost |", "|---|--:|--:|"]
    for assistant_id, cost in costs.items():
        name = plain(names.get(assistant_id, "Deleted assistant"))
        lines.append(f"| {name} | {cost.answers:,} | {in_euros(cost.micro_euros)} |")
    st.markdown("\n".join(lines))


def _draw_limits() -> None:
    """The limits, for all or for one assistant, to be changed."""
    with st.expander("Limits", icon=":material/speed:", key="limits", on_change="rerun") as folded:
        if not folded.open:
            return
        names = {ALL: "All assistants together", **assistants.assistant_names()}
        scope = st.selectbox("For", names, format_func=lambda known: names[known], key="limits_of")
        is_all = scope == ALL
        st.caption(
            "At a limit of money the answers are quotes, which cost nothing. An empty field: "
            + ("no limit." if is_all else "as for all; money is then held by the limit of all alone.")
        )
        values = _values_of(scope)
        fields = {**MONEY, **ASKED, **(UNPRICED | FOR_ALL if is_all else UNPRICED)}
        with st.form(f"limits_{scope}", border=False):
            with st.grid(2, min_column_width=240):
                for name, label in fields.items():
                    _draw_limit(scope, name, label, values.get(name))
            st.form_submit_button(
                "Keep these limits", key="keep_limits", on_click=pressed(_keep), args=(scope, tuple(fields))
            )


def _draw_kept() -> None:
    """What is kept of this and of who asked, for how long, and what went already."""
    with st.expander("What is kept", icon=":material/auto_delete:", key="kept", on_change="rerun") as folded:
        if not folded.open:
            return
        for kept in what_is_kept():
            st.markdown(f"**{kept.count:,}** · {kept.what}  \n:small[:gray[{kept.until}]]")
        gone = deletions()[:5]
        for deletion in gone:
            counts = " and ".join(f"{count:,} {GONE.get(name, name)}" for name, count in deletion.counts.items())
            st.caption(f":material/check: Removed {ago(deletion.at)}: {counts}, from before {deletion.before}.")
        if not gone:
            st.caption("Nothing was old enough to be removed yet.")


GONE = {"costs": "single costs", "counts": "counts of who asked", "messages": "messages of visitors"}
GONE |= {"answers": "questions of visitors with their answers", "demo answers": "questions at demo links"}


def _values_of(scope: str) -> Mapping[str, int | None]:
    if scope != ALL:
        return own_limits(scope)
    of_all = limits()
    return {name: getattr(of_all, name) for name in (*MONEY, *ASKED, *UNPRICED, *FOR_ALL)}


def _draw_limit(scope: str, name: str, label: str, value: int | None) -> None:
    field = state.limit(scope, name)
    in_money = name in MONEY or name == "dollar"
    field.begin(value / EURO if in_money and value is not None else value)
    # Without a value of its own: only such a field can be emptied.
    if in_money:
        st.number_input(label, min_value=0.0, value=None, format="%.2f", key=field.key)
    else:
        st.number_input(label, min_value=0, value=None, step=1, key=field.key)


def _keep(scope: str, names: tuple[str, ...]) -> None:
    """Keep what stands in the fields."""
    values: dict[str, int | None] = {}
    for name in names:
        typed = state.limit(scope, name).get()
        if typed is not None:
            values[name] = round(typed * EURO) if name in (*MONEY, "dollar") else int(typed)
        elif scope == ALL and name not in FOR_ALL:
            values[name] = None
    save_limits(values, scope)
    for name in names:
        state.limit(scope, name).forget()  # drawn next as they are kept
    state.remember_toast("The limits are kept.")
