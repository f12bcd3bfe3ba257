"""A customer's system in another language: what it needs is the protos, an address and a token.

usage: client.py PROTOS HOST:PORT TOKEN ORDER.xml PROBLEM.xml PRODUCT STORE

Makes its classes from the protos as they are, passes orders, asks what has become of them and what is free, and prints what
it was answered as one JSON object.
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


def call(stub_method, request, token):
    """One call with the channel's token."""
    return stub_method(request, metadata=(("authorization", f"Bearer {token}"),), timeout=DEADLINE_SECONDS)


def refused(stub_method, request, token) -> str:
    """The canonical code a call is refused with."""
    try:
        call(stub_method, request, token)
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


def main() -> None:
    protos, address, token, order_file, problem_file, product, store = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        make_classes(pathlib.Path(protos), "trade/v1", pathlib.Path(folder))
        sys.path.insert(0, folder)
        answers = talk(address, token, order_file, problem_file, product, store)
    json.dump(answers, sys.stdout)


def talk(address: str, token: str, order_file: str, problem_file: str, product: str, store: str) -> dict:
    order_pb2 = importlib.import_module("trade.v1.order_pb2")
    availability_pb2 = importlib.import_module("trade.v1.availability_pb2")
    order_grpc = importlib.import_module("trade.v1.order_pb2_grpc")
    availability_grpc = importlib.import_module("trade.v1.availability_pb2_grpc")
    answers = {}
    with grpc.insecure_channel(address) as channel:
        orders = order_grpc.OrderServiceStub(channel)
        availability = availability_grpc.AvailabilityServiceStub(channel)

        def free() -> int:
            request = availability_pb2.GetAvailabilityRequest(products=[product], stores=[store])
            [figure] = call(availability.GetAvailability, request, token).availabilities
            return figure.free_thousandths

        def submit(file: str):
            request = order_pb2.SubmitOrderRequest(
                client_reference=file, content_type="application/xml", xml=pathlib.Path(file).read_bytes()
            )
            return call(orders.SubmitOrder, request, token)

        def outcome(answer) -> str:
            return order_pb2.Outcome.Name(answer.outcome)

        answers["free_before"] = free()
        taken = submit(order_file)
        answers["taken"] = outcome(taken)
        answers["number"] = taken.order_number
        answers["response_document"] = taken.response_document.decode()
        answers["free_after"] = free()
        answers["again"] = outcome(submit(order_file))
        answers["free_after_again"] = free()

        found = call(orders.GetOrder, order_pb2.GetOrderRequest(order_number=taken.order_number), token).order
        answers["state"] = order_pb2.OrderState.Name(found.state)
        answers["store"] = found.store
        answers["products"] = [line.product for line in found.lines]

        watch = call(orders.WatchOrders, order_pb2.WatchOrdersRequest(), token)
        answers["watched"] = [order.order_number for order in next(iter(watch)).orders]
        watch.cancel()

        problem = submit(problem_file)
        answers["problem"] = outcome(problem)
        answers["problem_codes"] = sorted({entry.code for entry in problem.problems})
        answers["problem_lines"] = [entry.line for entry in problem.problems]

        asked = order_pb2.GetOrderRequest(order_number=taken.order_number)
        answers["with_another_token"] = refused(orders.GetOrder, asked, "not-a-token")
    return answers


if __name__ == "__main__":
    main()
