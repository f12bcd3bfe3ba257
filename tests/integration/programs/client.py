"""A customer's system in another language: what it needs is the protos, an address and a token.

usage: client.py PROTOS HOST:PORT TOKEN ORDER.xml PROBLEM.xml PRODUCT STORE CUSTOMER

Makes its classes from the protos as they are, passes orders, asks what has become of them and what is free, asks for a
customer's prices and credit notes, holds one and lets it go, and prints what it was answered as one JSON object.
"""

import importlib
import json
import pathlib
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc

# How long one call may take, in seconds: a slow machine with every core busy.
DEADLINE_SECONDS = 30


def make_classes(protos: pathlib.Path, package: str, folder: pathlib.Path) -> None:
    """Generates the classes of every proto of a package into the folder, as a module of Python finds them."""
    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    files = sorted(str(path) for path in (protos / package).glob("*.proto"))
    arguments = ["protoc", f"-I{protos}", f"-I{well_known}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(arguments + files) != 0:
        sys.exit(f"no classes could be made of {files}")


class Central:
    """Central as a channel with a token sees it."""

    def __init__(self, address: str, token: str) -> None:
        self.channel = grpc.insecure_channel(address)
        self.token = token

    def __enter__(self) -> "Central":
        return self

    def __exit__(self, *_) -> None:
        self.channel.close()

    def service(self, proto: str, name: str):
        """The messages of a proto file, and the stub of its service."""
        messages = importlib.import_module(f"trade.v1.{proto}_pb2")
        stubs = importlib.import_module(f"trade.v1.{proto}_pb2_grpc")
        return messages, getattr(stubs, f"{name}Stub")(self.channel)

    def call(self, method, request, token: str = ""):
        """One call with the channel's token."""
        bearer = f"Bearer {token or self.token}"
        return method(request, metadata=(("authorization", bearer),), timeout=DEADLINE_SECONDS)

    def refused(self, method, request, token: str = "") -> str:
        """The canonical code a call is refused with."""
        try:
            self.call(method, request, token)
        except grpc.RpcError as error:
            return error.code().name
        return "OK"


def main() -> None:
    protos, address, token, order_file, problem_file, product, store, customer = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        make_classes(pathlib.Path(protos), "trade/v1", pathlib.Path(folder))
        sys.path.insert(0, folder)
        with Central(address, token) as central:
            answers = pass_orders(central, order_file, problem_file, product, store)
            answers.update(ask_prices(central, customer))
            answers.update(use_credit(central, customer))
    json.dump(answers, sys.stdout)


def pass_orders(central: Central, order_file: str, problem_file: str, product: str, store: str) -> dict:
    """Passes an order, the same again, and one with problems; reads the order back every way there is."""
    messages, orders = central.service("order", "OrderService")
    asking, availability = central.service("availability", "AvailabilityService")
    answers = {}

    def free() -> int:
        request = asking.GetAvailabilityRequest(products=[product], stores=[store])
        [figure] = central.call(availability.GetAvailability, request).availabilities
        return figure.free_thousandths

    def submit(file: str):
        request = messages.SubmitOrderRequest(
            client_reference=file, content_type="application/xml", xml=pathlib.Path(file).read_bytes()
        )
        return central.call(orders.SubmitOrder, request)

    def outcome(answer) -> str:
        return messages.Outcome.Name(answer.outcome)

    answers["free_before"] = free()
    taken = submit(order_file)
    answers["taken"] = outcome(taken)
    answers["number"] = taken.order_number
    answers["response_document"] = taken.response_document.decode()
    answers["free_after"] = free()
    answers["again"] = outcome(submit(order_file))
    answers["free_after_again"] = free()

    asked = messages.GetOrderRequest(order_number=taken.order_number)
    found = central.call(orders.GetOrder, asked).order
    answers["state"] = messages.OrderState.Name(found.state)
    answers["store"] = found.store
    answers["pick_up"] = found.pick_up
    answers["collection_code"] = found.collection_code
    answers["lines"] = [[line.product, line.ordered_thousandths, line.picked_thousandths] for line in found.lines]
    by_reference = messages.GetOrderRequest(sender_reference=taken.sender_reference)
    answers["same_by_reference"] = central.call(orders.GetOrder, by_reference).order == found

    watch = central.call(orders.WatchOrders, messages.WatchOrdersRequest())
    answers["watched"] = [order.order_number for order in next(iter(watch)).orders]
    watch.cancel()

    # Several in one call: each is answered as it comes, in its order.
    def requests():
        for number, file in enumerate([order_file, problem_file, order_file]):
            order = messages.SubmitOrderRequest(
                client_reference=f"{number}", content_type="application/xml", xml=pathlib.Path(file).read_bytes()
            )
            yield messages.SubmitOrdersRequest(order=order)

    streamed = [answer.result for answer in central.call(orders.SubmitOrders, requests())]
    answers["streamed"] = [[answer.client_reference, outcome(answer), answer.order_number] for answer in streamed]

    problem = submit(problem_file)
    answers["problem"] = outcome(problem)
    answers["problem_codes"] = sorted({entry.code for entry in problem.problems})
    answers["problem_lines"] = [entry.line for entry in problem.problems]
    kept = central.call(orders.ListProblems, messages.ListProblemsRequest()).problems
    answers["problem_is_kept"] = [entry.problem_id for entry in kept] == [problem.problem_id]

    answers["with_another_token"] = central.refused(orders.GetOrder, asked, "not-a-token")
    return answers


def ask_prices(central: Central, customer: str) -> dict:
    """What a customer pays, and by which rule; what everybody pays beside it."""
    messages, service = central.service("price", "PriceService")
    asked = [("enamel-mug-moss", 1), ("enamel-mug-moss", 24), ("wool-socks-grey-41-43", 2), ("no-such-product", 1)]

    def ask(of: str):
        questions = [messages.PriceQuestion(product=product, quantity_thousandths=n * 1000) for product, n in asked]
        return central.call(service.GetPrices, messages.GetPricesRequest(customer=of, products=questions))

    def told(answer) -> list:
        return [[price.unit_price_minor, messages.PriceRule.Name(price.rule)] for price in answer.prices]

    own = ask(customer)
    return {
        "prices": told(own),
        "prices_of_everybody": told(ask("")),
        "list_prices": [price.list_price_minor for price in own.prices],
        "currencies": sorted({price.currency for price in own.prices}),
        "unknown_products": list(own.unknown_products),
    }


def use_credit(central: Central, customer: str) -> dict:
    """Holds the customer's open credit note for a basket, gives it back, and spends it in the next."""
    messages, service = central.service("credit", "CreditService")

    def credits() -> list:
        found = central.call(service.GetCredits, messages.GetCreditsRequest(customer=customer)).credits
        return [[note.credit, note.amount_minor, note.currency, messages.CreditState.Name(note.state)] for note in found]

    def hold(basket: str):
        return messages.HoldCreditRequest(credit=credit, hold_id=basket, lease_seconds=120)

    def release(basket: str, outcome: str, reference: str = ""):
        outcome = messages.HoldOutcome.Value(outcome)
        return messages.ReleaseCreditRequest(credit=credit, hold_id=basket, outcome=outcome, reference=reference)

    def state(answer) -> str:
        return messages.CreditState.Name(answer.credit.state)

    answers = {"credits": credits()}
    credit = answers["credits"][0][0]
    answers["held"] = state(central.call(service.HoldCredit, hold("basket-1")))
    answers["held_by_another"] = central.refused(service.HoldCredit, hold("basket-2"))
    answers["given_back"] = state(central.call(service.ReleaseCredit, release("basket-1", "HOLD_OUTCOME_GIVEN_BACK")))
    answers["held_again"] = state(central.call(service.HoldCredit, hold("basket-2")))
    spent = release("basket-2", "HOLD_OUTCOME_SPENT", "invoice 7")
    answers["spent"] = state(central.call(service.ReleaseCredit, spent))
    # A client that heard no answer asks again.
    answers["spent_again"] = state(central.call(service.ReleaseCredit, spent))
    answers["credits_after"] = credits()
    answers["held_when_spent"] = central.refused(service.HoldCredit, hold("basket-3"))
    return answers


if __name__ == "__main__":
    main()
