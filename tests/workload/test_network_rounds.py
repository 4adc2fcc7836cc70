import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.networks import load_network_card
from ironlaw.system.network_loop import draft_loop, load_loop
from ironlaw.system.network_question import load_network
from ironlaw.workload.network import network_flops
from ironlaw.workload.network_rounds import rounds_of

NAME = "translator-60m"


def weights(network):
    return {
        value.name: value.params * stage.repeat
        for stage in network.stages
        for value in stage.values
        if value.params
    }


def test_once_and_every_round_are_the_whole():
    loop, whole = load_loop(NAME), load_network(NAME)
    apart = network_flops(loop.once, 1.0) + loop.rounds * network_flops(loop.step(1), 1.0)
    assert apart == pytest.approx(network_flops(whole, 1.0), rel=1e-12)
    assert weights(loop.once) | weights(loop.step(1)) == weights(whole)


@pytest.mark.parametrize("tokens", [2, 5, 9])
def test_more_tokens_bring_work_and_no_weights(tokens):
    loop = load_loop(NAME)
    one, many = loop.step(1), loop.step(tokens)
    assert weights(one) == weights(many)
    work = network_flops(many, 1.0) / network_flops(one, 1.0)
    assert tokens <= work <= 1.01 * tokens  # the cache that they attend over is longer


def test_a_draft_is_what_it_says():
    loop, draft = load_loop(NAME), draft_loop(NAME, 1, 8000)
    width, layer = 512, 4 * 512 * 512 + 4 * 512 * 512 - 2 * 512 * 512 + 2 * 512 * 2048
    macs = network_flops(draft.step(1), 1.0) / 2.0
    assert macs == pytest.approx(layer + 8000 * width, rel=0.01)
    assert network_flops(draft.once, 1.0) == pytest.approx(2.0 * 24 * 512 * 1024)
    assert draft.rounds == loop.rounds == 24
    assert draft.title == "draft of 1 layer and 8,000 words"


@pytest.mark.parametrize(
    ("layers", "vocabulary", "message"),
    [(7, 8000, "layers = 7"), (0, 8000, "layers = 0"), (1, 32001, "vocabulary = 32001")],
)
def test_a_draft_beyond_its_target_is_refused(layers, vocabulary, message):
    with pytest.raises(DomainError, match=message):
        draft_loop(NAME, layers, vocabulary)


def test_a_network_without_rounds_is_refused():
    with pytest.raises(DomainError, match="token by token"):
        rounds_of("resnet-50", load_network_card("resnet-50").graph)
    with pytest.raises(DomainError, match="tokens = 0"):
        load_loop(NAME).step(0)
