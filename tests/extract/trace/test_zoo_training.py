"""Training steps as graphs: data in, losses out, each call of a model, a layer or a loss."""

from __future__ import annotations

import math

import keras
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

from graph_text import expected
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import CallKind, ModelGraph, Tensor
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from zoo import training
from zoo_checks import outline

TRAINED = training.TRAINED

_made: dict[str, tuple[keras.Model, ModelGraph]] = {}


def made(name: str) -> tuple[keras.Model, ModelGraph]:
    """The model, and the graph of its step; made once."""
    if name not in _made:
        keras.utils.clear_session()
        function, shape, dtype = TRAINED[name]
        model = function()
        _made[name] = model, model_to_graph(model, shape, dtype, trace="train_step")
    return _made[name]


def step(name: str) -> str:
    """The calls of the step itself, as they are drawn by default."""
    return outline(with_raw_operations(made(name)[1]).graph)


@pytest.mark.parametrize("name", TRAINED)
def test_all_is_known_of_it(name):
    model, graph = made(name)
    assert graph.opaque is None
    assert {path: call.opaque for path, call in graph.graph.walk() if call.opaque} == {}
    assert ModelGraph.from_json(graph.to_json()) == graph
    assert graph.name == model.name
    own = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(own.values()) + graph.parameters.own == graph.parameters.total
    # Not by `count_params`, which wants a model to be built that is never called.
    assert graph.parameters.total == sum(math.prod(weight.shape) for weight in model.weights)


@pytest.mark.parametrize("name", TRAINED)
def test_each_output_is_a_loss(name):
    graph = made(name)[1].graph
    assert graph.outputs
    assert {graph[port.call].class_name for port in graph.outputs} <= {"Loss", "ReportedLoss"}


def test_gan():
    """The labels and the latent vectors have the size of the batch of real images."""
    assert step("gan") == expected("""
        real_images InputLayer
        shape Shape <- real_images
        shape_1 Shape <- real_images
        random_normal RandomNormal <- real_images
        generator Sequential <- random_normal
        concat concat <- generator, real_images
        random_uniform RandomUniform <- real_images
        multiply Multiply <- random_uniform
        add Add <- shape, multiply
        discriminator Sequential <- concat
        binary_crossentropy BinaryCrossentropy <- add, discriminator
        d_loss Loss <- binary_crossentropy
        random_normal_1 RandomNormal <- real_images
        generator#2 Sequential <- random_normal_1
        discriminator#2 Sequential <- generator#2
        binary_crossentropy_1 BinaryCrossentropy <- shape_1, discriminator#2
        g_loss Loss <- binary_crossentropy_1
        -> d_loss, g_loss
    """)


def test_what_boxes_of_a_gan_say():
    graph = made("gan")[1].graph
    assert graph["real_images"].outputs == (Tensor((None, 8, 8, 1), "float32"),)
    assert graph["random_normal"].outputs == (Tensor((None, 8), "float32"),)
    loss = graph["binary_crossentropy"]
    assert (loss.module, loss.kind) == ("keras.losses", CallKind.LOSS)
    assert dict(loss.constants) == {"from_logits": "True"}
    assert loss.inputs == (Tensor((None, 1), "float32"),) * 2
    assert loss.outputs == (Tensor((), "float32"),)
    [true, predicted] = graph.edges_into["binary_crossentropy"]
    assert (true.argument, predicted.argument) == ("y_true", "y_pred")
    assert graph["generator"].shared
    assert graph["generator#2"].layer == "generator"


def test_conditional_gan():
    assert step("conditional_gan") == expected("""
        real_images InputLayer
        one_hot_labels InputLayer
        shape Shape <- real_images
        shape_1 Shape <- real_images
        get_item GetItem <- one_hot_labels
        repeat Repeat <- get_item
        reshape Reshape <- repeat
        random_normal RandomNormal <- real_images
        concatenate Concatenate <- random_normal, one_hot_labels
        generator Sequential <- concatenate
        concatenate_1 Concatenate <- generator, reshape
        concatenate_2 Concatenate <- real_images, reshape
        concatenate_3 Concatenate <- concatenate_1, concatenate_2
        discriminator Sequential <- concatenate_3
        binary_crossentropy BinaryCrossentropy <- shape, discriminator
        d_loss Loss <- binary_crossentropy
        random_normal_1 RandomNormal <- real_images
        concatenate_4 Concatenate <- random_normal_1, one_hot_labels
        generator#2 Sequential <- concatenate_4
        concatenate_5 Concatenate <- generator#2, reshape
        discriminator#2 Sequential <- concatenate_5
        binary_crossentropy_1 BinaryCrossentropy <- shape_1, discriminator#2
        g_loss Loss <- binary_crossentropy_1
        -> d_loss, g_loss
    """)


def test_gradient_penalty():
    """The gradient of what the critic says is data there; that of the losses isn't drawn."""
    assert step("wgan") == expected("""
        real_images InputLayer
        random_normal RandomNormal <- real_images
        generator Sequential <- random_normal
        discriminator Sequential <- generator
        discriminator#2 Sequential <- real_images
        subtract Subtract <- discriminator, discriminator#2
        random_uniform RandomUniform <- real_images
        subtract_1 Subtract <- generator, real_images
        multiply Multiply <- random_uniform, subtract_1
        add Add <- real_images, multiply
        discriminator#3 Sequential <- add
        gradient Gradient <- discriminator#3, add
        subtract_2 Subtract <- gradient
        power Power <- subtract_2
        multiply_1 Multiply <- power
        add_1 Add <- subtract, multiply_1
        d_loss Loss <- add_1
        random_normal_1 RandomNormal <- real_images
        generator#2 Sequential <- random_normal_1
        discriminator#4 Sequential <- generator#2
        negative Negative <- discriminator#4
        g_loss Loss <- negative
        -> d_loss, g_loss
    """)
    gradient = made("wgan")[1].graph["gradient"]
    assert gradient.outputs == (Tensor((None, 8, 8, 1), "float32"),)


def test_cycle_gan():
    assert step("cycle_gan") == expected("""
        real_x InputLayer
        real_y InputLayer
        generator_g Sequential <- real_x
        generator_f Sequential <- real_y
        generator_f#2 Sequential <- generator_g
        generator_g#2 Sequential <- generator_f
        generator_f#3 Sequential <- real_x
        generator_g#3 Sequential <- real_y
        discriminator_x Sequential <- real_x
        discriminator_x#2 Sequential <- generator_f
        discriminator_y Sequential <- real_y
        discriminator_y#2 Sequential <- generator_g
        shape Shape <- discriminator_y#2
        mean_squared_error MeanSquaredError <- shape, discriminator_y#2
        shape_1 Shape <- discriminator_x#2
        mean_squared_error_1 MeanSquaredError <- shape_1, discriminator_x#2
        mean_absolute_error MeanAbsoluteError <- real_y, generator_g#2
        multiply Multiply <- mean_absolute_error
        mean_absolute_error_1 MeanAbsoluteError <- real_x, generator_f#2
        multiply_1 Multiply <- mean_absolute_error_1
        mean_absolute_error_2 MeanAbsoluteError <- real_y, generator_g#3
        multiply_2 Multiply <- mean_absolute_error_2
        mean_absolute_error_3 MeanAbsoluteError <- real_x, generator_f#3
        multiply_3 Multiply <- mean_absolute_error_3
        add Add <- mean_squared_error, multiply
        add_1 Add <- add, multiply_2
        add_2 Add <- mean_squared_error_1, multiply_1
        add_3 Add <- add_2, multiply_3
        shape_2 Shape <- discriminator_x
        mean_squared_error_2 MeanSquaredError <- shape_2, discriminator_x
        shape_3 Shape <- discriminator_x#2
        mean_squared_error_3 MeanSquaredError <- shape_3, discriminator_x#2
        add_4 Add <- mean_squared_error_2, mean_squared_error_3
        multiply_4 Multiply <- add_4
        shape_4 Shape <- discriminator_y
        mean_squared_error_4 MeanSquaredError <- shape_4, discriminator_y
        shape_5 Shape <- discriminator_y#2
        mean_squared_error_5 MeanSquaredError <- shape_5, discriminator_y#2
        add_5 Add <- mean_squared_error_4, mean_squared_error_5
        multiply_5 Multiply <- add_5
        total_loss_g Loss <- add_1
        total_loss_f Loss <- add_3
        disc_x_loss Loss <- multiply_4
        disc_y_loss Loss <- multiply_5
        -> total_loss_g, total_loss_f, disc_x_loss, disc_y_loss
    """)


def test_variational_autoencoder():
    assert step("vae") == expected("""
        data InputLayer
        encoder Functional <- data
        decoder Sequential <- encoder:2
        binary_crossentropy binary_crossentropy <- data, decoder
        sum Sum <- binary_crossentropy
        mean Mean <- sum
        add Add <- encoder:1
        square Square <- encoder
        subtract Subtract <- add, square
        exp Exp <- encoder:1
        subtract_1 Subtract <- subtract, exp
        multiply Multiply <- subtract_1
        sum_1 Sum <- multiply
        mean_1 Mean <- sum_1
        add_1 Add <- mean, mean_1
        total_loss Loss <- add_1
        -> total_loss
    """)


def test_diffusion():
    """Images are mixed with the noise that is to be found; the loss of images is told only."""
    assert step("diffusion") == expected("""
        images InputLayer
        normalizer Normalization <- images
        random_normal RandomNormal <- normalizer
        random_uniform RandomUniform <- normalizer
        multiply Multiply <- random_uniform
        add Add <- multiply
        sin Sin <- add
        cos Cos <- add
        multiply_1 Multiply <- cos, normalizer
        multiply_2 Multiply <- sin, random_normal
        add_1 Add <- multiply_1, multiply_2
        power Power <- sin
        network Functional <- add_1, power
        multiply_3 Multiply <- sin, network
        subtract Subtract <- add_1, multiply_3
        true_divide TrueDivide <- subtract, cos
        mean_absolute_error MeanAbsoluteError <- random_normal, network
        mean_absolute_error_1 MeanAbsoluteError <- normalizer, true_divide
        noise_loss Loss <- mean_absolute_error
        image_loss ReportedLoss <- mean_absolute_error_1
        -> noise_loss, image_loss
    """)


def test_steps_of_noise():
    """How much noise a step has is looked up: by gathering, which joins no data."""
    assert step("ddpm") == expected("""
        images InputLayer
        random_uniform RandomUniform <- images
        random_normal RandomNormal <- images
        multiply Multiply <- random_uniform, images
        multiply_1 Multiply <- random_uniform, random_normal
        add Add <- multiply, multiply_1
        network Functional <- add, random_uniform
        mean_squared_error MeanSquaredError <- random_normal, network
        loss Loss <- mean_squared_error
        -> loss
    """)


def test_contrastive():
    """A tensor that the step doesn't name has no call that takes it."""
    assert step("contrastive") == expected("""
        unlabeled_images InputLayer
        data_0_1 InputLayer
        labeled_images InputLayer
        labels InputLayer
        concat concat <- unlabeled_images, labeled_images
        contrastive_augmenter Sequential <- concat
        contrastive_augmenter#2 Sequential <- concat
        encoder Sequential <- contrastive_augmenter
        encoder#2 Sequential <- contrastive_augmenter#2
        projection_head Sequential <- encoder
        projection_head#2 Sequential <- encoder#2
        multiply multiply <- projection_head, projection_head
        multiply_1 multiply <- projection_head#2, projection_head#2
        matmul matmul <- multiply, multiply_1
        true_divide TrueDivide <- matmul
        shape Shape <- multiply
        sparse_categorical_crossentropy sparse_categorical_crossentropy <- shape, true_divide
        sparse_categorical_crossentropy_1 sparse_categorical_crossentropy <- shape, true_divide
        add Add <- sparse_categorical_crossentropy, sparse_categorical_crossentropy_1
        true_divide_1 TrueDivide <- add
        contrastive_loss Loss <- true_divide_1
        classification_augmenter Sequential <- labeled_images
        encoder#3 Sequential <- classification_augmenter
        linear_probe Sequential <- encoder#3
        sparse_categorical_crossentropy_2 SparseCategoricalCrossentropy <- labels, linear_probe
        probe_loss Loss <- sparse_categorical_crossentropy_2
        -> contrastive_loss, probe_loss
    """)


def test_distillation():
    assert step("distiller") == expected("""
        x InputLayer
        y InputLayer
        teacher Sequential <- x
        student Sequential <- x
        sparse_categorical_crossentropy SparseCategoricalCrossentropy <- y, student
        true_divide TrueDivide <- teacher
        true_divide_1 TrueDivide <- student
        kl_divergence KLDivergence <- true_divide, true_divide_1
        multiply Multiply <- kl_divergence
        multiply_1 Multiply <- sparse_categorical_crossentropy
        multiply_2 Multiply <- multiply
        add Add <- multiply_1, multiply_2
        loss Loss <- add
        -> loss
    """)


def test_step_that_calls_the_model_itself():
    """And Keras's loss, by the function that was compiled."""
    assert step("supervised") == expected("""
        x InputLayer
        y InputLayer
        supervised Supervised <- x
        mean_squared_error mean_squared_error <- y, supervised
        loss Loss <- mean_squared_error
        -> loss
    """)
    graph = made("supervised")[1].graph
    assert [call.id for call in graph["supervised"].body.calls] == ["features", "hidden", "head"]
    assert graph["mean_squared_error"].module == "keras.losses"


def test_step_of_a_model_that_was_not_compiled():
    assert step("with_loss_tracker") == expected("""
        x InputLayer
        y InputLayer
        with_loss_tracker WithLossTracker <- x
        mean_squared_error mean_squared_error <- y, with_loss_tracker
        loss Loss <- mean_squared_error
        -> loss
    """)
